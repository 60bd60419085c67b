"""The conformance suite says so when a transformer breaks a promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import polars as pl
import pytest

from modelwright.data import Column
from modelwright.features import CategoryColumns, ColumnTransformer, NumberColumns, Setting
from modelwright.testing import check_column_transformer


class GraphForgetsInfinity(NumberColumns):
    """Its graph lets infinities through that transform bounds."""

    def graph(self, matrix: Any) -> Any:
        return self.scaling.graph(matrix) if self.scaling else matrix


class LosesItsState(NumberColumns):
    """Its state lacks what it learned."""

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        return cls(tuple(state["columns"]), None)


class LeaksTheTarget(CategoryColumns):
    """Its training features hold each row's own target."""

    @classmethod
    def fit_transform(
        cls, frame: pl.DataFrame, columns: Sequence[Column], y: np.ndarray, setting: Setting
    ) -> tuple[Self, np.ndarray]:
        fitted = cls.fit(frame, columns, y, setting)
        own = np.where(np.isnan(codes := fitted.transform(frame)[:, 0]), 0, codes) * 1e-3 + y
        return fitted, np.column_stack([own, fitted.transform(frame)[:, 1:]]).astype(np.float32)


class LooksAtItsNeighbours(NumberColumns):
    """It scales by the rows that it is given to transform."""

    def transform(self, frame: pl.DataFrame) -> np.ndarray:
        features = super().transform(frame)
        return (features / max(frame.height, 1)).astype(np.float32)

    def graph(self, matrix: Any) -> Any:
        import spox.opset.ai.onnx.v21 as op

        rows = op.gather(op.shape(matrix), op.const(np.array([0])))
        return op.div(
            super().graph(matrix), op.max([op.cast(rows, to=np.float32), op.const(np.float32([1]))])
        )


class LeavesGaps(NumberColumns):
    """It gives linear learners NaN."""

    @classmethod
    def fit(cls, frame: pl.DataFrame, columns: Sequence[Column], y: np.ndarray, setting: Setting) -> Self:
        return cls(tuple(column.name for column in columns), None)


class RepeatsNames(NumberColumns):
    """All its features are called the same."""

    @property
    def names(self) -> tuple[str, ...]:
        return ("x",) * len(super().names)


class FitsAtRandom(NumberColumns):
    """It learns something else each time."""

    @classmethod
    def fit(cls, frame: pl.DataFrame, columns: Sequence[Column], y: np.ndarray, setting: Setting) -> Self:
        fitted = super().fit(frame, columns, y, setting)
        if fitted.scaling is None:
            return fitted
        centre = fitted.scaling.centre + np.float32(np.random.default_rng().random())
        return replace(fitted, scaling=replace(fitted.scaling, centre=centre))


class WritesToTheTarget(NumberColumns):
    """It sorts the target in place."""

    @classmethod
    def fit(cls, frame: pl.DataFrame, columns: Sequence[Column], y: np.ndarray, setting: Setting) -> Self:
        y.sort()
        return super().fit(frame, columns, y, setting)


class NeedsManyRows(NumberColumns):
    """It cannot be fitted on one row."""

    @classmethod
    def fit(cls, frame: pl.DataFrame, columns: Sequence[Column], y: np.ndarray, setting: Setting) -> Self:
        assert frame.height > 9, "too few rows"
        return super().fit(frame, columns, y, setting)


@dataclass(eq=False)
class CanBeChanged(ColumnTransformer):
    """It is right, but not frozen."""

    inner: NumberColumns
    kind = "number"

    @property
    def columns(self) -> tuple[str, ...]:  # type: ignore[override]
        return self.inner.columns

    @property
    def names(self) -> tuple[str, ...]:
        return self.inner.names

    @property
    def sources(self) -> tuple[int, ...]:
        return self.inner.sources

    @classmethod
    def fit(cls, frame: pl.DataFrame, columns: Sequence[Column], y: np.ndarray, setting: Setting) -> Self:
        return cls(NumberColumns.fit(frame, columns, y, setting))

    def transform(self, frame: pl.DataFrame) -> np.ndarray:
        return self.inner.transform(frame)

    def graph(self, matrix: Any) -> Any:
        return self.inner.graph(matrix)

    def to_dict(self) -> dict[str, Any]:
        return self.inner.to_dict()

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        return cls(NumberColumns.from_dict(state))


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (GraphForgetsInfinity, "graph: .* features differ from transform, first 'hard'"),
        (LosesItsState, "names must survive"),
        (LeaksTheTarget, "correlates with a random target .* cross-fit"),
        (LooksAtItsNeighbours, "transform of some rows: .* differ"),
        (LeavesGaps, "linear learners refuse NaN"),
        (RepeatsNames, "names must differ"),
        (FitsAtRandom, "the second fit_transform"),
        (WritesToTheTarget, "the target was changed"),
        (NeedsManyRows, "too few rows"),
        (CanBeChanged, "'inner' of a fitted transformer can be set"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_broken_promise_is_found(broken, message):
    with pytest.raises(AssertionError, match=message):
        check_column_transformer(broken)


def test_a_transformer_that_keeps_them_passes():
    check_column_transformer(NumberColumns)
