"""Missing values filled and scales made comparable, for linear learners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from modelwright.features.arrays import LARGEST, to_array, to_list

if TYPE_CHECKING:
    from spox import Var

_REACH = LARGEST / 2
"""Bounds end here, so that the difference of two bounded numbers is still finite."""


@dataclass(frozen=True, eq=False)
class Scaling:
    """Fill, bound, standardise, and flag what was missing; all columns at once.

    Each value becomes ``(bounded(filled(x)) - centre) / scale``; after the columns comes one indicator
    (1 where missing) for each column that had missing values. Missing values are filled with the median.
    Outliers are pulled in to one span (first to 99th percentile) beyond these percentiles (winsorising,
    Tukey 1962), so that one extreme row moves a prediction only so far.

    Attributes
    ----------
    fill, low, high, centre, scale : numpy.ndarray
        float32 ``[k]``, one number per column.
    flagged : tuple of int
        Positions of the columns that have an indicator.
    """

    fill: np.ndarray
    low: np.ndarray
    high: np.ndarray
    centre: np.ndarray
    scale: np.ndarray
    flagged: tuple[int, ...]

    @classmethod
    def fit(cls, matrix: np.ndarray) -> Self:
        """Learn from float32 ``[n, k]`` with NaN where missing."""
        absent = np.isnan(matrix)
        present = [column[~gone] for column, gone in zip(matrix.T, absent.T, strict=True)]
        learned = np.array([_learn(values) for values in present], dtype=np.float32).reshape(-1, 5)
        fill, low, high, centre, scale = learned.T.copy()
        return cls(
            fill,
            low,
            high,
            centre,
            scale,
            flagged=tuple(int(at) for at in np.flatnonzero(absent.any(axis=0))),
        )

    def names(self, columns: Sequence[str]) -> tuple[str, ...]:
        """Return the names of the features made from columns of these names."""
        return (*columns, *(f"{columns[at]}: missing" for at in self.flagged))

    def apply(self, matrix: np.ndarray) -> np.ndarray:
        """Return float32 ``[n, k + flagged]`` without NaN."""
        absent = np.isnan(matrix)
        filled = np.where(absent, self.fill, matrix)
        bounded = np.maximum(np.minimum(filled, self.high), self.low)
        scaled = (bounded - self.centre) / self.scale
        return np.concatenate([scaled, absent[:, list(self.flagged)]], axis=1, dtype=np.float32)

    def graph(self, matrix: Var) -> Var:
        """Return the same as `apply`, as a graph."""
        import spox.opset.ai.onnx.v21 as op

        absent = op.isnan(matrix)
        filled = op.where(absent, op.const(self.fill), matrix)
        bounded = op.max([op.min([filled, op.const(self.high)]), op.const(self.low)])
        scaled = op.div(op.sub(bounded, op.const(self.centre)), op.const(self.scale))
        if not self.flagged:
            return scaled
        flags = op.gather(absent, op.const(np.array(self.flagged, dtype=np.int64)), axis=1)
        return op.concat([scaled, op.cast(flags, to=np.float32)], axis=1)

    def to_dict(self) -> dict[str, Any]:
        """Return the fitted state as data."""
        numbers = {name: to_list(getattr(self, name)) for name in ("fill", "low", "high", "centre", "scale")}
        return {**numbers, "flagged": list(self.flagged)}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the scaling whose `to_dict` is `state`."""
        numbers = {name: to_array(state[name]) for name in ("fill", "low", "high", "centre", "scale")}
        return cls(**numbers, flagged=tuple(state["flagged"]))


def _learn(values: np.ndarray) -> tuple[float, float, float, float, float]:
    """Return fill, low, high, centre and scale of one column's present values."""
    if not values.size:
        return 0.0, 0.0, 0.0, 0.0, 1.0
    wide = values.astype(np.float64)
    first, median, last = np.quantile(wide, [0.01, 0.5, 0.99])
    span = last - first
    if span > 0:
        low, high = first - span, last + span
    else:  # almost all rows are equal: what the few others say is all there is
        low, high = wide.min(), wide.max()
    low, high = np.clip([low, high], -_REACH, _REACH)
    bounded = np.clip(wide, low, high)
    scale = bounded.std()
    return median, low, high, bounded.mean(), scale if scale > np.finfo(np.float32).tiny else 1.0
