"""A weighted sum of the features: linear models and constants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.portable.form import Link, Portable

if TYPE_CHECKING:
    from spox import Var


@dataclass(frozen=True, eq=False)
class Linear(Portable):
    """A weighted sum of the features. A missing feature counts as zero.

    The graph sums in double precision, so that large weights of opposite sign cost no accuracy.

    Attributes
    ----------
    weights : ndarray of shape (n_features, n_raw), float64
    intercept : ndarray of shape (n_raw,), float64
    link : Link
        How the sums become a prediction.
    """

    kind: ClassVar[str] = "linear"

    weights: NDArray[np.float64]
    intercept: NDArray[np.float64]
    link: Link

    @classmethod
    def constant(cls, n_features: int, raw: NDArray[np.float64], link: Link) -> Linear:
        """Return the learner that gives every row the same raw outputs."""
        return cls(np.zeros((n_features, len(raw))), np.asarray(raw, dtype=np.float64), link)

    def predict(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        """Score a matrix of features; see `Portable.predict`."""
        filled = np.where(np.isnan(X), 0.0, X).astype(np.float64)
        return self.link.apply(filled @ self.weights + self.intercept)

    def graph(self, features: Var) -> Var:
        """Write `predict` as ONNX operators; see `Portable.graph`."""
        import spox.opset.ai.onnx.v21 as op

        zero = op.const(np.float32(0.0))
        filled = op.cast(op.where(op.isnan(features), zero, features), to=np.float64)
        product = op.matmul(filled, op.const(np.asarray(self.weights, dtype=np.float64)))
        total = op.add(product, op.const(np.asarray(self.intercept, dtype=np.float64)))
        return self.link.graph(op.cast(total, to=np.float32))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return weights, intercept and link."""
        return {"weights": self.weights, "intercept": self.intercept, "link": np.array(str(self.link))}

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> Linear:
        """Build the learner from what `arrays` returned."""
        return cls(arrays["weights"], arrays["intercept"], Link(str(arrays["link"])))
