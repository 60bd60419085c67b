"""Tables as Hypothesis draws them: every kind of column, with what goes wrong in real ones."""

# ruff: noqa: DTZ001 - times without a zone are what tables have

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
from hypothesis import strategies as st

from modelwright.problem import Brief

NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=12
)


def reads_as_pattern(name: str) -> bool:
    """Whether Polars would take a name for a pattern; such names are refused."""
    return name.startswith("^") and name.endswith("$")


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=6)
LEVELS = st.sampled_from(
    ["a", "b", "c", " a", "A", "é", "日本", "true", "1", "1.0", "NA", "?", "", "  ", "None"]
)
WRITTEN_NUMBERS = st.sampled_from(
    [
        "1",
        "-2.5",
        "+3",
        ".5",
        "7.",
        "1e3",
        "1E-400",
        "1e39",
        "1_000",
        "inf",
        "nan",
        "NaN",
        " 12 ",
        "",
        "?",
        "0x1",
        "\uff11",
    ]
)
DAYS = st.dates(dt.date(1000, 1, 1), dt.date(9999, 12, 31))
TIMES = st.datetimes(dt.datetime(1000, 1, 1), dt.datetime(9999, 12, 31))
WRITTEN_TIMES = st.one_of(
    DAYS.map(str),
    TIMES.map(lambda time: time.isoformat(sep=" ", timespec="seconds")),
    TIMES.map(lambda time: time.isoformat() + "Z"),
    st.sampled_from(
        [
            "2020-02-30",
            "2020-13-01",
            "2020-1-2",
            "2020-01-01T25:00",
            "2020-01-01T10:00+02:00",
            "",
            "NA",
            "soon",
        ]
    ),
)

CELLS: dict[str, tuple[st.SearchStrategy[Any], pl.DataType]] = {
    "whole": (st.integers(-(2**63), 2**63 - 1), pl.Int64()),
    "float": (st.floats(), pl.Float64()),
    "single": (st.floats(width=32), pl.Float32()),
    "decimal": (st.decimals(-(10**8), 10**8, places=3), pl.Decimal(20, 3)),
    "truth": (st.booleans(), pl.Boolean()),
    "zero or one": (st.integers(0, 2), pl.Int8()),
    "level": (LEVELS, pl.String()),
    "text": (TEXTS, pl.String()),
    "categorical": (st.sampled_from(["x", "y", "?"]), pl.Categorical()),
    "written number": (WRITTEN_NUMBERS, pl.String()),
    "day": (DAYS, pl.Date()),
    "time": (TIMES, pl.Datetime("us")),
    "zoned": (TIMES.map(lambda time: time.replace(tzinfo=dt.UTC)), pl.Datetime("us", "Europe/Berlin")),
    "written time": (WRITTEN_TIMES, pl.String()),
}


@st.composite
def columns(draw: st.DrawFn, rows: int, kind: str | None = None) -> pl.Series:
    """Draw a raw column with missing values."""
    kind = kind or draw(st.sampled_from(sorted(CELLS)))
    cells, dtype = CELLS[kind]
    values = draw(st.lists(st.none() | cells, min_size=rows, max_size=rows))
    return pl.Series(values, dtype=dtype)


@st.composite
def tables(draw: st.DrawFn, least: int = 2, most: int = 30) -> pl.DataFrame:
    """Draw a table with a binary target called ``target``."""
    rows = draw(st.integers(least, most))
    names = draw(
        st.lists(
            NAMES.filter(lambda name: name != "target" and not reads_as_pattern(name)),
            min_size=1,
            max_size=5,
            unique=True,
        )
    )
    series = [draw(columns(rows)).alias(name) for name in names]
    labels = [
        *draw(st.lists(st.sampled_from(["yes", "no"]), min_size=rows - 2, max_size=rows - 2)),
        "yes",
        "no",
    ]
    return pl.DataFrame([*series, pl.Series("target", labels)])


def brief(target: str = "target", task: str = "binary", positive: str = "yes", **columns_: Any) -> Brief:
    """Return a brief for a table."""
    metric = {"binary": "roc_auc", "multiclass": "log_loss", "regression": "rmse"}[task]
    problem = {"name": "test", "target": target, "task": task, "metric": metric}
    if task == "binary":
        problem["positive"] = positive
    return Brief.from_dict({"problem": problem, "columns": columns_})
