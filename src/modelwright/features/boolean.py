"""Booleans as features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import polars as pl

from modelwright.features.arrays import number_matrix, to_array, to_list
from modelwright.features.transformer import ColumnTransformer, Setting, Style

if TYPE_CHECKING:
    from spox import Var

    from modelwright.data import Column


@dataclass(frozen=True, eq=False)
class BooleanColumns(ColumnTransformer):
    """All columns of kind ``boolean``.

    For trees 0, 1, and NaN where missing; for linear learners 0 and 1, missing values filled with the
    more frequent of both, with an indicator for columns that had missing values.

    Attributes
    ----------
    columns : tuple of str
        Names of the columns.
    fill : numpy.ndarray or None
        float32 ``[k]``, what a missing value becomes; None for trees, which take NaN.
    flagged : tuple of int
        Positions of the columns that have an indicator.
    """

    kind: ClassVar[str] = "boolean"
    columns: tuple[str, ...]
    fill: np.ndarray | None
    flagged: tuple[int, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features: the columns', then the indicators'."""
        return (*self.columns, *(f"{self.columns[at]}: missing" for at in self.flagged))

    @property
    def sources(self) -> tuple[int, ...]:
        """Position of each feature's column."""
        return (*range(len(self.columns)), *self.flagged)

    @property
    def rises(self) -> tuple[bool, ...]:
        """The values do; the indicators say nothing of present values."""
        return tuple(at < len(self.columns) for at in range(len(self.names)))

    @classmethod
    def fit(cls, frame: pl.DataFrame, columns: Sequence[Column], y: np.ndarray, setting: Setting) -> Self:  # noqa: ARG003
        """Learn what is more frequent, and which columns had missing values."""
        names = tuple(column.name for column in columns)
        if setting.style == Style.TREE:
            return cls(names, None, ())
        matrix = number_matrix(frame, names)
        fill = (np.nansum(matrix, axis=0) * 2 > np.sum(~np.isnan(matrix), axis=0)).astype(np.float32)
        return cls(names, fill, tuple(int(at) for at in np.flatnonzero(np.isnan(matrix).any(axis=0))))

    def transform(self, frame: pl.DataFrame) -> np.ndarray:
        """Return float32 ``[n, d]``."""
        matrix = number_matrix(frame, self.columns)
        if self.fill is None:
            return matrix
        absent = np.isnan(matrix)
        filled = np.where(absent, self.fill, matrix)
        return np.concatenate([filled, absent[:, list(self.flagged)]], axis=1, dtype=np.float32)

    def graph(self, matrix: Var) -> Var:
        """Return the same as `transform`, as a graph over float32 ``[N, k]``."""
        import spox.opset.ai.onnx.v21 as op

        if self.fill is None:
            return matrix
        absent = op.isnan(matrix)
        filled = op.where(absent, op.const(self.fill), matrix)
        if not self.flagged:
            return filled
        flags = op.gather(absent, op.const(np.array(self.flagged, dtype=np.int64)), axis=1)
        return op.concat([filled, op.cast(flags, to=np.float32)], axis=1)

    def to_dict(self) -> dict[str, Any]:
        """Return the fitted state as data."""
        fill = None if self.fill is None else to_list(self.fill)
        return {"columns": list(self.columns), "fill": fill, "flagged": list(self.flagged)}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the transformer whose `to_dict` is `state`."""
        fill = None if state["fill"] is None else to_array(state["fill"])
        return cls(tuple(state["columns"]), fill, tuple(state["flagged"]))
