"""What every fitted learner becomes: arrays that score the same everywhere."""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelwright.store import write_atomic

if TYPE_CHECKING:
    from spox import Var


IMPOSSIBLE = -100.0
"""The log-odds of a class that never occurs: finite, and zero as a probability in single precision."""


class Link(StrEnum):
    """How raw outputs become a prediction.

    Attributes
    ----------
    IDENTITY
        The raw outputs are the prediction.
    COMPLEMENT
        One raw output p, the probability of the positive label, becomes (1 - p, p).
    SIGMOID
        One raw output, the log-odds of the positive label, becomes two probabilities.
    SOFTMAX
        One raw output a class becomes as many probabilities.
    """

    IDENTITY = "identity"
    COMPLEMENT = "complement"
    SIGMOID = "sigmoid"
    SOFTMAX = "softmax"

    def apply(self, raw: NDArray[np.floating]) -> NDArray[np.float64]:
        """Turn raw outputs of shape (n, n_raw) into predictions of shape (n, n_outputs)."""
        if self is Link.SIGMOID:
            raw = np.hstack([np.zeros_like(raw), raw])
        if self is Link.COMPLEMENT:
            return np.hstack([1.0 - raw, raw]).astype(np.float64)
        if self is Link.IDENTITY:
            return np.asarray(raw, dtype=np.float64)
        powers = np.exp(np.asarray(raw, dtype=np.float64) - raw.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float64)

    def graph(self, raw: Var) -> Var:
        """Write `apply` as ONNX operators, float32 in and out."""
        import spox.opset.ai.onnx.v21 as op

        if self is Link.IDENTITY:
            return raw
        if self is Link.SOFTMAX:
            return op.softmax(raw, axis=1)
        both = op.mul(raw, op.const(np.array([[-1.0, 1.0]], dtype=np.float32)))
        if self is Link.SIGMOID:
            return op.sigmoid(both)
        return op.add(both, op.const(np.array([[1.0, 0.0]], dtype=np.float32)))


class Portable(ABC):
    """A fitted learner as pure arrays: it needs no training library and holds no code.

    There are five forms, `Forest`, `Linear`, `Splines`, `Neighbours` and `Network`; an algorithm of another
    package compiles into one of them.

    Attributes
    ----------
    kind : str
        The name of the form in its file.
    """

    kind: ClassVar[str]

    @abstractmethod
    def predict(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        """Score a matrix of features.

        Parameters
        ----------
        X : ndarray of shape (n, n_features)
            As the representation returns it; NaN is missing.

        Returns
        -------
        ndarray of shape (n, n_classes) or (n, 1)
            Probabilities, or values for regression.
        """

    @abstractmethod
    def graph(self, features: Var) -> Var:
        """Write `predict` as ONNX operators.

        Parameters
        ----------
        features : spox.Var
            float32 of shape (n, n_features).

        Returns
        -------
        spox.Var
            float32 of the shape of `predict`.
        """

    @abstractmethod
    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything the learner is, as named arrays."""

    @classmethod
    @abstractmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> Portable:
        """Build the learner that `arrays` describes."""

    @property
    def size(self) -> int:
        """Bytes of its arrays."""
        return sum(array.nbytes for array in self.arrays().values())

    def save(self, path: Path) -> None:
        """Write the arrays to one ``.npz`` file, whole or not at all."""
        buffer = io.BytesIO()
        arrays: dict[str, Any] = {"kind": np.array(self.kind), **self.arrays()}
        np.savez_compressed(buffer, **arrays)
        write_atomic(path, buffer.getvalue())
