"""Nearest neighbours: an answer averaged from the rows most alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.portable.form import Link, Portable

if TYPE_CHECKING:
    from spox import Var

REACH = 1.5
"""Squared bandwidth, in squared distances to the k-th neighbour: that one weighs a third of a twin."""

NEAREST = 1e-4
"""Least squared bandwidth, far above what cancellation leaves of the squared distance between twins."""

_ROWS_AT_ONCE = 500


@dataclass(frozen=True, eq=False)
class Neighbours(Portable):
    """Kept rows, of which those near a row are averaged. A missing feature counts as zero.

    A kept row at distance d weighs ``max(0, 1 - d² / h²)``, the kernel of Epanechnikov (1969), where h² is
    `REACH` times the squared distance to the k-th neighbour. So weights fall to zero at the border, and an
    answer never jumps when two rows at nearly the same distance change places, in whatever order a runtime
    sorts them. Distances are computed in double precision.

    Attributes
    ----------
    scale : ndarray of shape (n_features,), float64
        What each feature is multiplied by before distances are taken.
    rows : ndarray of shape (n_rows, n_features), float32
        The kept rows.
    answers : ndarray of shape (n_rows, n_outputs), float64
        What each of them says: its value, or 1 for its class.
    counts : ndarray of shape (n_rows,), float64
        How much each of them counts, besides how near it is.
    prior : ndarray of shape (n_outputs,), float64
        What is said besides, with the weight of `strength` rows.
    strength : float
    k : int
        At most `n_rows`.
    """

    kind: ClassVar[str] = "neighbours"
    link: ClassVar[Link] = Link.IDENTITY

    scale: NDArray[np.float64]
    rows: NDArray[np.float32]
    answers: NDArray[np.float64]
    counts: NDArray[np.float64]
    prior: NDArray[np.float64]
    strength: float
    k: int

    def predict(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        """Score a matrix of features; see `Portable.predict`."""
        parts = [X[start : start + _ROWS_AT_ONCE] for start in range(0, len(X), _ROWS_AT_ONCE)]
        empty = np.empty((0, len(self.prior)))
        return np.concatenate([empty, *(self.averaged(self.squared_distances(part)) for part in parts)])

    def squared_distances(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the squared distance of each row of X to each kept row."""
        ours, kept = self._scaled(X), self._scaled(self.rows)
        squares = (ours**2).sum(axis=1)[:, None] + (kept**2).sum(axis=1)
        return np.asarray(np.maximum(squares - 2.0 * (ours @ kept.T), 0.0))

    def averaged(self, squared: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the predictions of rows at these squared distances."""
        border = np.partition(squared, self.k - 1, axis=1)[:, [self.k - 1]]
        weights = np.maximum(1.0 - squared / np.maximum(REACH * border, NEAREST), 0.0)
        weights *= self.counts
        total = weights.sum(axis=1, keepdims=True) + self.strength
        return np.asarray((weights @ self.answers + self.strength * self.prior) / total)

    def graph(self, features: Var) -> Var:
        """Write `predict` as ONNX operators; see `Portable.graph`."""
        import spox.opset.ai.onnx.v21 as op

        def number(value: Any) -> Var:
            return op.const(np.asarray(value, dtype=np.float64))

        kept = self._scaled(self.rows)
        filled = op.where(op.isnan(features), op.const(np.float32(0.0)), features)
        ours = op.mul(op.cast(filled, to=np.float64), number(self.scale))
        size = op.reduce_sum(op.mul(ours, ours), op.const(np.array([1])))
        squares = op.add(size, number((kept**2).sum(axis=1)))
        squared = op.max([op.add(squares, op.matmul(ours, number(-2.0 * kept.T))), number(0.0)])
        nearest, _ = op.top_k(squared, op.const(np.array([self.k])), largest=0)
        border = op.gather(nearest, op.const(np.array([self.k - 1])), axis=1)
        bandwidth = op.max([op.mul(border, number(REACH)), number(NEAREST)])
        weights = op.max([op.sub(number(1.0), op.div(squared, bandwidth)), number(0.0)])
        weights = op.mul(weights, number(self.counts))
        told = op.add(op.matmul(weights, number(self.answers)), number(self.strength * self.prior))
        total = op.add(op.reduce_sum(weights, op.const(np.array([1]))), number(self.strength))
        return op.cast(op.div(told, total), to=np.float32)

    def _scaled(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.where(np.isnan(X), np.float32(0.0), X).astype(np.float64) * self.scale

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the attributes as arrays."""
        return {name: np.asarray(getattr(self, name)) for name in (*_ARRAYS, "strength", "k")}

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> Neighbours:
        """Build the learner from what `arrays` returned."""
        kept = {name: arrays[name] for name in _ARRAYS}
        return cls(**kept, strength=float(arrays["strength"]), k=int(arrays["k"]))


_ARRAYS = ("scale", "rows", "answers", "counts", "prior")
