"""Numbers as features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import polars as pl

from modelwright.features.arrays import LARGEST, number_matrix
from modelwright.features.scaling import Scaling
from modelwright.features.transformer import ColumnTransformer, Setting, Style

if TYPE_CHECKING:
    from spox import Var

    from modelwright.data import Column


@dataclass(frozen=True, eq=False)
class NumberColumns(ColumnTransformer):
    """All columns of kind ``number``.

    For trees the values as they are, NaN where missing; for linear learners filled, bounded and
    standardised, with an indicator for columns that had missing values (see `Scaling`).

    Attributes
    ----------
    columns : tuple of str
        Names of the columns.
    scaling : Scaling or None
        None for trees.
    """

    kind: ClassVar[str] = "number"
    columns: tuple[str, ...]
    scaling: Scaling | None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features: the columns', then the indicators'."""
        return self.scaling.names(self.columns) if self.scaling else self.columns

    @property
    def sources(self) -> tuple[int, ...]:
        """Position of each feature's column."""
        return (*range(len(self.columns)), *(self.scaling.flagged if self.scaling else ()))

    @property
    def rises(self) -> tuple[bool, ...]:
        """The numbers do; the indicators say nothing of present values."""
        return tuple(at < len(self.columns) for at in range(len(self.names)))

    @classmethod
    def fit(cls, frame: pl.DataFrame, columns: Sequence[Column], y: np.ndarray, setting: Setting) -> Self:  # noqa: ARG003
        """Learn fill, bounds and scale where the style asks for them."""
        names = tuple(column.name for column in columns)
        if setting.style == Style.TREE:
            return cls(names, None)
        return cls(names, Scaling.fit(number_matrix(frame, names)))

    def transform(self, frame: pl.DataFrame) -> np.ndarray:
        """Return float32 ``[n, d]``."""
        matrix = number_matrix(frame, self.columns)
        return self.scaling.apply(matrix) if self.scaling else matrix

    def graph(self, matrix: Var) -> Var:
        """Return the same as `transform`, as a graph over float32 ``[N, k]``."""
        import spox.opset.ai.onnx.v21 as op

        if self.scaling:  # its bounds stop infinities too
            return self.scaling.graph(matrix)
        return op.clip(matrix, op.const(-LARGEST), op.const(LARGEST))

    def to_dict(self) -> dict[str, Any]:
        """Return the fitted state as data."""
        return {"columns": list(self.columns), "scaling": self.scaling.to_dict() if self.scaling else None}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the transformer whose `to_dict` is `state`."""
        scaling = state["scaling"]
        return cls(tuple(state["columns"]), Scaling.from_dict(scaling) if scaling else None)
