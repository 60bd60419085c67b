"""Piecewise linear effects that add up: a weighted sum over stretches of the features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.portable.form import Link, Portable
from modelwright.algorithms.portable.linear import Linear

if TYPE_CHECKING:
    from spox import Var


@dataclass(frozen=True, eq=False)
class Splines(Portable):
    """A weighted sum of stretches, each a feature held between two bounds. A missing feature counts as zero.

    Bounding is exact in single precision, so the graph's stretches are NumPy's to the last bit.

    Attributes
    ----------
    feature : ndarray of shape (n_stretches,), int32
        Which column a stretch is of.
    low, high : ndarray of shape (n_stretches,), float32
        Its bounds; infinite where it has none.
    sum : Linear
        Weights of the stretches, intercept and link.
    """

    kind: ClassVar[str] = "splines"

    feature: NDArray[np.int32]
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    sum: Linear

    @property
    def link(self) -> Link:
        """How the sums become a prediction."""
        return self.sum.link

    def stretches(self, X: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the stretches of a matrix of features, of shape (n, n_stretches)."""
        return stretches(X, self.feature, self.low, self.high)

    def predict(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        """Score a matrix of features; see `Portable.predict`."""
        return self.sum.predict(self.stretches(X))

    def graph(self, features: Var) -> Var:
        """Write `predict` as ONNX operators; see `Portable.graph`."""
        import spox.opset.ai.onnx.v21 as op

        filled = op.where(op.isnan(features), op.const(np.float32(0.0)), features)
        taken = op.gather(filled, op.const(self.feature.astype(np.int64)), axis=1)
        bounded = op.max([op.min([taken, op.const(self.high)]), op.const(self.low)])
        return self.sum.graph(bounded)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the attributes as arrays."""
        return {"feature": self.feature, "low": self.low, "high": self.high, **self.sum.arrays()}

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> Splines:
        """Build the learner from what `arrays` returned."""
        return cls(arrays["feature"], arrays["low"], arrays["high"], Linear.from_arrays(arrays))


def stretches(
    X: NDArray[np.float32],
    feature: NDArray[np.int32],
    low: NDArray[np.float32],
    high: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Hold the named features between their bounds; see `Splines`."""
    filled = np.where(np.isnan(X), np.float32(0.0), X)
    return np.asarray(np.maximum(np.minimum(filled[:, feature], high), low), dtype=np.float32)
