"""A small neural net of several members that share most of their weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.portable.form import IMPOSSIBLE, Link, Portable

if TYPE_CHECKING:
    from spox import Var

_Single = NDArray[np.float32]

_ROWS_AT_ONCE = 4_096


@dataclass(frozen=True, eq=False)
class Encoding:
    """The inputs of a net: pieces of features, each ``clip((x[column] - start) * slope, low, high)``.

    With bounds 0 and 1 the pieces of one feature are its piecewise linear encoding (Gorishniy, Rubachev and
    Babenko 2022, "On embeddings for numerical features in tabular deep learning"); with wider bounds a piece
    is the standardised feature itself. A missing feature counts as zero.

    Attributes
    ----------
    n_features : int
        Width of the matrix of features.
    column : ndarray of shape (n_pieces,), int32
        The feature of each piece.
    start, slope, low, high : ndarray of shape (n_pieces,), float32
    """

    n_features: int
    column: NDArray[np.int32]
    start: _Single
    slope: _Single
    low: _Single
    high: _Single

    def apply(self, X: _Single) -> _Single:
        """Return the inputs of shape (n, n_pieces)."""
        pieces = np.take(np.where(np.isnan(X), np.float32(0.0), X), self.column, axis=1)
        pieces -= self.start
        pieces *= self.slope
        return np.clip(pieces, self.low, self.high, out=pieces)

    def graph(self, features: Var) -> Var:
        """Write `apply` as ONNX operators."""
        import spox.opset.ai.onnx.v21 as op

        filled = op.where(op.isnan(features), op.const(np.float32(0.0)), features)
        pieces = op.gather(filled, op.const(self.column.astype(np.int64)), axis=1)
        scaled = op.mul(op.sub(pieces, op.const(self.start)), op.const(self.slope))
        return op.min([op.max([scaled, op.const(self.low)]), op.const(self.high)])


@dataclass(frozen=True, eq=False)
class Weights:
    """The numbers of a net of two hidden layers; k members, width w, all float32.

    Attributes
    ----------
    first : ndarray of shape (n_pieces, w)
        First layer, of all members.
    scale, shift : ndarray of shape (k, w)
        What each member makes of the first layer's sums, before its rectifier.
    second : ndarray of shape (w, w)
        Second layer, of all members.
    second_shift : ndarray of shape (k, w)
    head : ndarray of shape (k, w, n_raw)
        From the second layer to the raw outputs.
    head_shift : ndarray of shape (k, n_raw)
    """

    first: _Single
    scale: _Single
    shift: _Single
    second: _Single
    second_shift: _Single
    head: _Single
    head_shift: _Single


@dataclass(frozen=True, eq=False)
class Network(Portable):
    """A net whose raw outputs are the mean of its members'.

    Attributes
    ----------
    encoding : Encoding
        From features to inputs.
    weights : Weights
    link : Link
        How the mean raw outputs become a prediction.
    """

    kind: ClassVar[str] = "network"

    encoding: Encoding
    weights: Weights
    link: Link

    def predict(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        """Score a matrix of features; see `Portable.predict`."""
        return self.link.apply(self.raw(X))

    def raw(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the raw outputs of shape (n, n_raw), on one core.

        BLAS threads wait for one another by spinning: where another process wants a core, two were measured
        to take 20 times as long as one.
        """
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1, user_api="blas"):
            inputs = self.encoding.apply
            starts = range(0, max(len(X), 1), _ROWS_AT_ONCE)
            parts = [mean_raw(self.weights, inputs(X[start : start + _ROWS_AT_ONCE])) for start in starts]
        return np.concatenate(parts).astype(np.float64)

    def graph(self, features: Var) -> Var:
        """Write `predict` as ONNX operators; see `Portable.graph`."""
        import spox.opset.ai.onnx.v21 as op

        weights = self.weights

        sums = op.matmul(self.encoding.graph(features), op.const(weights.first))
        own = op.mul(sums, op.const(weights.scale[:, None, :]))
        hidden = op.relu(op.add(own, op.const(weights.shift[:, None, :])))
        second = op.matmul(hidden, op.const(weights.second))
        hidden = op.relu(op.add(second, op.const(weights.second_shift[:, None, :])))
        raw = op.add(op.matmul(hidden, op.const(weights.head)), op.const(weights.head_shift[:, None, :]))
        return self.link.graph(op.reduce_mean(raw, op.const(np.array([0], dtype=np.int64)), keepdims=0))

    def scaled(self, factor: float, shift: float) -> Network:
        """Return the net whose raw outputs are ``factor * raw + shift``."""
        head = (self.weights.head * factor).astype(np.float32)
        head_shift = (self.weights.head_shift.astype(np.float64) * factor + shift).astype(np.float32)
        return self._with_head(head, head_shift)

    def among(self, present: NDArray[np.int64], n_classes: int) -> Network:
        """Return the net of more classes, in which the others than `present` never occur."""
        members, width, _ = self.weights.head.shape
        head = np.zeros((members, width, n_classes), dtype=np.float32)
        head_shift = np.full((members, n_classes), IMPOSSIBLE, dtype=np.float32)
        head[:, :, present] = self.weights.head
        head_shift[:, present] = self.weights.head_shift
        return self._with_head(head, head_shift)

    def _with_head(self, head: _Single, head_shift: _Single) -> Network:
        return replace(self, weights=replace(self.weights, head=head, head_shift=head_shift))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return encoding, weights and link."""
        return {
            **{name: getattr(self.encoding, name) for name in _PIECES},
            **{name: getattr(self.weights, name) for name in _WEIGHTS},
            "n_features": np.array(self.encoding.n_features),
            "link": np.array(str(self.link)),
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> Network:
        """Build the net from what `arrays` returned."""
        encoding = Encoding(int(arrays["n_features"]), **{name: arrays[name] for name in _PIECES})
        weights = Weights(**{name: arrays[name] for name in _WEIGHTS})
        return cls(encoding, weights, Link(str(arrays["link"])))


_PIECES = ("column", "start", "slope", "low", "high")
_WEIGHTS = ("first", "scale", "shift", "second", "second_shift", "head", "head_shift")


def mean_raw(weights: Weights, inputs: _Single) -> _Single:
    """Return the members' mean raw outputs of shape (n, n_raw) for inputs that are encoded."""
    sums = inputs @ weights.first
    total = np.zeros((len(inputs), weights.head.shape[2]), dtype=np.float32)
    for member in range(len(weights.scale)):
        hidden = sums * weights.scale[member]
        hidden += weights.shift[member]
        np.maximum(hidden, 0.0, out=hidden)
        hidden = hidden @ weights.second
        hidden += weights.second_shift[member]
        np.maximum(hidden, 0.0, out=hidden)
        total += hidden @ weights.head[member]
        total += weights.head_shift[member]
    total /= len(weights.scale)
    return total
