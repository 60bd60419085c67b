"""Category texts as whole numbers, once for all that is learned about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from spox import Var

    from modelwright.data import Column

UNSEEN = 0
"""Level of a text that the contract does not list."""
MISSING = 1
"""Level of a missing value, which is an empty text in the graph."""
FIRST = 2
"""Level of the first category that the contract lists; the others follow in its order."""

_MARK = "\x1f"


@dataclass(frozen=True)
class Levels:
    """The numbering of each column's categories: `UNSEEN`, `MISSING`, then the contract's list.

    Nothing here is learned from rows, so it is the same in every fold, and the graph of a whole ensemble
    looks each text up once.

    Attributes
    ----------
    columns : tuple of str
        Names of the columns.
    categories : tuple of tuple of str
        What each column can say, in the contract's order.
    """

    columns: tuple[str, ...]
    categories: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, columns: Sequence[Column]) -> Self:
        """Return the numbering of these columns of a contract."""
        categories = (tuple(text for text in column.categories if text) for column in columns)
        return cls(tuple(column.name for column in columns), tuple(categories))

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Number of levels of each column, with `UNSEEN` and `MISSING`."""
        return tuple(len(texts) + FIRST for texts in self.categories)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each column's levels start when the graph numbers all columns' levels in one row."""
        return tuple(int(start) for start in np.cumsum((0, *self.sizes))[:-1])

    def text(self, column: int, level: int) -> str:
        """Return a level as people read it."""
        return (
            ("unseen", "missing")[level] if level < FIRST else f"= {self.categories[column][level - FIRST]}"
        )

    def encode(self, frame: pl.DataFrame) -> np.ndarray:
        """Return the levels of a conformed frame as int32 ``[n, m]``."""
        encoded = np.empty((len(self.columns), frame.height), dtype=np.int32)
        for row, name, texts in zip(encoded, self.columns, self.categories, strict=True):
            row[:] = _encode(frame[name], texts)
        return encoded.T

    def graph(self, texts: Var) -> Var:
        """Return int64 ``[N, m]`` for texts ``[N, m]``: each column's level, plus the column's start."""
        return _graph(texts, self.categories, self.starts)

    def to_dict(self) -> dict[str, Any]:
        """Return the numbering as data."""
        return {"columns": list(self.columns), "categories": [list(texts) for texts in self.categories]}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the numbering whose `to_dict` is `state`."""
        return cls(tuple(state["columns"]), tuple(tuple(texts) for texts in state["categories"]))


def _encode(series: pl.Series, texts: tuple[str, ...]) -> np.ndarray:
    codes = series.cast(pl.Enum(texts), strict=False).to_physical().cast(pl.Int32) + FIRST
    missing = series.is_null() | (series == "").fill_null(value=False)
    levels = codes.fill_null(UNSEEN).to_numpy(writable=True)
    levels[missing.to_numpy()] = MISSING
    return levels


@lru_cache(maxsize=8)  # the members of an ensemble share the look-up, which is the costly part of the graph
def _graph(texts: Var, categories: tuple[tuple[str, ...], ...], starts: tuple[int, ...]) -> Var:
    import spox.opset.ai.onnx.ml.v4 as ml
    import spox.opset.ai.onnx.v21 as op

    # One look-up for all columns: the column's number is appended to the text (30 columns: 1 µs a row
    # more than reading them; with a look-up each, 17 µs).
    marks = [f"{_MARK}{at}" for at in range(len(categories))]
    keys: list[str] = []
    values: list[int] = []
    for mark, known, start in zip(marks, categories, starts, strict=True):
        keys += [mark, *(text + mark for text in known)]
        values += range(start + MISSING, start + FIRST + len(known))
    marked = op.string_concat(texts, op.const(np.array(marks, dtype=np.str_)))
    found = ml.label_encoder(marked, keys_strings=keys, values_int64s=values, default_int64=-1)
    return op.max([found, op.const(np.array(starts, dtype=np.int64))])
