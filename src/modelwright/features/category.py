"""Categories as features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import polars as pl

from modelwright.features.category_fit import CategoryFit
from modelwright.features.indicator import Indicators
from modelwright.features.levels import Levels
from modelwright.features.lookup import Lookup
from modelwright.features.transformer import ColumnTransformer, Setting

if TYPE_CHECKING:
    from spox import Var

    from modelwright.data import Column


@dataclass(frozen=True, eq=False)
class CategoryColumns(ColumnTransformer):
    """All columns of kind ``category``.

    For trees a code: the rank of the level by how often the fitted rows have it, 0 for the most frequent,
    the number of known levels for one that they lack (it lies beside the rare ones), NaN where missing;
    columns of many levels also get the smoothed mean of the target (see `Targets.encode`). For linear
    learners an indicator for each of the frequent levels, missing among them; columns with more levels also
    get the standardised mean of the target. The levels are those that the contract lists.

    Attributes
    ----------
    levels : Levels
        The numbering of the categories.
    lookup : Lookup
        Codes and means, by level.
    indicators : Indicators
        Levels with a feature of their own.
    """

    kind: ClassVar[str] = "category"
    levels: Levels
    lookup: Lookup
    indicators: Indicators

    @property
    def columns(self) -> tuple[str, ...]:  # type: ignore[override]
        """Names of the columns."""
        return self.levels.columns

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features: codes, means, indicators."""
        return (*self.lookup.names, *self.indicators.names)

    @property
    def sources(self) -> tuple[int, ...]:
        """Position of each feature's column."""
        return (*self.lookup.sources, *self.indicators.sources)

    @property
    def coded(self) -> tuple[int, ...]:
        """Positions of the codes: trees have one for each column, before the means."""
        width = len(self.columns)
        return tuple(range(width)) if self.lookup.names[:width] == self.columns else ()

    @classmethod
    def fit(cls, frame: pl.DataFrame, columns: Sequence[Column], y: np.ndarray, setting: Setting) -> Self:
        """Learn how frequent the levels are, and what the target was for them."""
        return cls._fitted(_look(frame, columns, y, setting))

    @classmethod
    def fit_transform(
        cls, frame: pl.DataFrame, columns: Sequence[Column], y: np.ndarray, setting: Setting
    ) -> tuple[Self, np.ndarray]:
        """Fit, and give features for the same rows whose means come from the other folds' rows."""
        fit = _look(frame, columns, y, setting)
        return cls._fitted(fit), fit.training_features()

    @classmethod
    def _fitted(cls, fit: CategoryFit) -> Self:
        return cls(fit.levels, fit.lookup, fit.indicators)

    def transform(self, frame: pl.DataFrame) -> np.ndarray:
        """Return float32 ``[n, d]``."""
        levels = self.levels.encode(frame)
        return np.concatenate([self.lookup.apply(levels), self.indicators.apply(levels)], axis=1)

    def graph(self, matrix: Var) -> Var:
        """Return the same as `transform`, as a graph over texts ``[N, m]``."""
        import spox.opset.ai.onnx.v21 as op

        levels, starts = self.levels.graph(matrix), self.levels.starts
        parts = [part.graph(levels, starts) for part in (self.lookup, self.indicators) if part.names]
        return op.concat(parts, axis=1) if len(parts) > 1 else parts[0]

    def to_dict(self) -> dict[str, Any]:
        """Return the fitted state as data."""
        return {
            "levels": self.levels.to_dict(),
            "lookup": self.lookup.to_dict(),
            "indicators": self.indicators.to_dict(),
        }

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the transformer whose `to_dict` is `state`."""
        return cls(
            Levels.from_dict(state["levels"]),
            Lookup.from_dict(state["lookup"]),
            Indicators.from_dict(state["indicators"]),
        )


def _look(frame: pl.DataFrame, columns: Sequence[Column], y: np.ndarray, setting: Setting) -> CategoryFit:
    levels = Levels.of(columns)
    return CategoryFit(levels, levels.encode(frame), y, setting)
