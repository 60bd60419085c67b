"""Tables of one kind of column, as wild as Hypothesis can make them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from hypothesis import strategies as st

from modelwright.data import Column, words_of
from modelwright.features import Setting, Style
from modelwright.problem import Task
from modelwright.testing.columns import HARD_NUMBERS, HARD_TEXTS, HARD_TIMES

# What polars and protobuf can hold: every text but those with half a surrogate pair.
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=6)

CELLS = {
    "number": (st.floats(width=32, allow_nan=False) | st.sampled_from(HARD_NUMBERS), pl.Float32),
    "boolean": (st.sampled_from([0.0, 1.0, None]), pl.Float32),
    "category": (TEXTS | st.sampled_from(["a", "b", "c"]) | st.sampled_from(HARD_TEXTS), pl.String),
    "text": (
        st.lists(TEXTS | st.sampled_from(["a", "b", "a b"]), max_size=4).map(
            lambda each: words_of(" ".join(each))
        )
        | st.none(),
        pl.String,
    ),
    "time": (st.integers(-(2**63) + 1, 2**63 - 1) | st.sampled_from(HARD_TIMES), pl.Int64),
}


@dataclass(frozen=True)
class Table:
    """Rows to fit on, others to transform, and what the contract says of their columns."""

    columns: tuple[Column, ...]
    fitted: pl.DataFrame
    others: pl.DataFrame
    y: np.ndarray
    setting: Setting


@st.composite
def tables(draw: st.DrawFn, kind: str) -> Table:
    """Draw a table of one to three columns of `kind`, with a setting and a target that fits it."""
    cell, dtype = CELLS[kind]
    width, rows = draw(st.integers(1, 3)), draw(st.integers(1, 12))
    names = [f"column {at}" for at in range(width)]
    rows_of = st.lists(st.tuples(*[cell] * width), min_size=rows, max_size=rows)
    fitted, others = (
        pl.DataFrame(draw(rows_of), dict.fromkeys(names, dtype), orient="row") for _ in range(2)
    )
    columns = tuple(_column(draw, kind, fitted[name]) for name in names)
    setting = draw(settings_of_a_fit())
    if setting.classes:
        y = np.array(draw(st.lists(st.integers(0, len(setting.classes) - 1), min_size=rows, max_size=rows)))
    else:
        y = np.array(
            draw(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=rows, max_size=rows))
        )
    return Table(columns, fitted, others, y, setting)


@st.composite
def settings_of_a_fit(draw: st.DrawFn) -> Setting:
    """Draw a style, a task with its classes, and a seed."""
    task = draw(st.sampled_from(Task))
    classes = {Task.BINARY: ("no", "yes"), Task.MULTICLASS: tuple("abcde"), Task.REGRESSION: ()}[task]
    style = draw(st.sampled_from([Style.TREE, Style.LINEAR]))
    return Setting(task, style, classes, draw(st.integers(0, 9)))


def _column(draw: st.DrawFn, kind: str, series: pl.Series) -> Column:
    if kind != "category":
        return Column(name=series.name, kind=kind)
    seen = [text for text in series.drop_nulls().unique(maintain_order=True) if text]
    known = draw(st.lists(st.sampled_from(seen), unique=True)) if seen else []
    return Column(name=series.name, kind=kind, categories=tuple(known))
