"""What the words of a text say about the target, as a few numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import polars as pl

from modelwright.features.grams import OTHER, Grams, columns_of
from modelwright.features.target import FOLDS, Targets

if TYPE_CHECKING:
    from scipy.sparse import csr_array
    from spox import Var

_PENALTY = 1.0
_TOLERANCE = 1e-3
_STEPS = 100
"""Conjugate gradients stop here: what they would still change is noise."""
_FINEST = 32_767
"""Largest whole-number weight: sums of whole numbers are the same in every order, so that the graph's are
those of numpy to the last bit."""
_MARK = "\x1f"
"""A word that no text has: it keeps the graph's matrix of words from being empty."""


@dataclass(frozen=True, eq=False)
class TextScore:
    """Linear models of the target on the words of one column; a small dense form of its tf-idf.

    A text is a vector of its words and pairs of words, each counted once, weighted by how rare it is in the
    fitted rows (inverse document frequency, Sparck Jones 1972) and scaled to length 1. A ridge regression of
    each target on it is one feature, so that trees need not find a text's meaning word by word. The last
    feature is the number of words, 0 where the text is missing.

    Attributes
    ----------
    grams : Grams
        The numbering of words and pairs.
    weights : numpy.ndarray
        int16 ``[grams.size, w + 1]``: for each gram its weight in each of `w` scores and the square of its
        idf, in the units below.
    units : numpy.ndarray
        float64 ``[w]``: a score is ``sum of weights / sqrt(sum of squared idf) * unit``.
    """

    grams: Grams
    weights: np.ndarray
    units: np.ndarray

    @classmethod
    def fit_transform(cls, texts: pl.Series, targets: Targets, folds: np.ndarray) -> tuple[Self, np.ndarray]:
        """Fit, and give float32 ``[n, w + 1]`` whose scores come from the other folds' rows."""
        grams = Grams.fit(texts)
        found, words = grams.encode(texts)
        rows = np.diff(found.tocsc().indptr)
        idf = np.log((1.0 + found.shape[0]) / (1.0 + rows)) + 1.0
        vectors = _unit_length(found.multiply(idf).tocsr())
        fitted = cls._quantised(grams, idf, _ridge(vectors, targets.values))
        scores = np.zeros((len(texts), len(targets.names)))
        for fold in range(FOLDS):
            held_out = folds == fold
            if held_out.any() and not held_out.all():
                slopes = _ridge(vectors[~held_out], targets.values[~held_out])
                scores[held_out] = vectors[held_out] @ slopes
        return fitted, _features(scores, words)

    def apply(self, texts: pl.Series) -> np.ndarray:
        """Return float32 ``[n, w + 1]``."""
        found, words = self.grams.encode(texts)
        sums = found @ self.weights.astype(np.int64)
        length = np.sqrt(np.maximum(sums[:, -1:], 1).astype(np.float64))
        return _features(sums[:, :-1] * self.units / length, words)

    def graph(self, texts: Var) -> Var:
        """Return the same as `apply`, as a graph over texts ``[N]``."""
        import spox.opset.ai.onnx.v21 as op

        tokens, words = _tokens(texts)
        if self.grams.size == 1:
            nothing = np.zeros((1, len(self.units)), dtype=np.float32)
            return op.concat([op.mul(words, op.const(nothing)), words], axis=1)
        chosen = op.gather(op.const(self.weights), self.grams.graph(tokens))
        sums = op.reduce_sum(op.cast(chosen, to=np.int32), op.const(np.array([1])), keepdims=0)
        sums = op.cast(sums, to=np.float64)
        squares = op.max([columns_of(sums, -1, None), op.const(np.float64(1))])
        scores = op.mul(columns_of(sums, 0, -1), op.const(self.units))
        scores = op.div(scores, op.sqrt(squares))
        return op.concat([op.cast(scores, to=np.float32), words], axis=1)

    def to_dict(self) -> dict[str, Any]:
        """Return the fitted state as data."""
        return {
            "grams": self.grams.to_dict(),
            "weights": self.weights.tolist(),
            "units": self.units.tolist(),
        }

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the scores whose `to_dict` is `state`."""
        units = np.array(state["units"], dtype=np.float64)
        weights = np.array(state["weights"], dtype=np.int16).reshape(-1, len(units) + 1)
        return cls(Grams.from_dict(state["grams"]), weights, units)

    @classmethod
    def _quantised(cls, grams: Grams, idf: np.ndarray, slopes: np.ndarray) -> Self:
        wanted = np.column_stack([idf[:, None] * slopes, idf**2])
        wanted[OTHER] = 0.0
        peaks = np.abs(wanted).max(axis=0)
        steps = np.where(peaks > 0, peaks, 1.0) / _FINEST
        weights = np.round(wanted / steps).astype(np.int16)
        return cls(grams, weights, steps[:-1] / np.sqrt(steps[-1]))


def _ridge(vectors: csr_array, targets: np.ndarray) -> np.ndarray:
    """Return the slopes of each target, float64 ``[grams, w]``; rows and targets are centred as they come."""
    from sklearn.linear_model import ridge_regression

    scale = np.maximum(np.abs(targets).max(axis=0, initial=0.0), np.finfo(np.float32).tiny)
    slopes = ridge_regression(
        vectors, targets / scale, alpha=_PENALTY, solver="sparse_cg", tol=_TOLERANCE, max_iter=_STEPS
    )
    unscaled: np.ndarray = np.asarray(slopes).reshape(-1, vectors.shape[1]).T * scale
    return unscaled


def _unit_length(vectors: csr_array) -> csr_array:
    from scipy.sparse import diags_array

    squares = vectors.multiply(vectors).sum(axis=1)
    scaled: csr_array = (diags_array(1.0 / np.sqrt(np.maximum(squares, 1.0))) @ vectors).tocsr()
    return scaled


def _features(scores: np.ndarray, words: np.ndarray) -> np.ndarray:
    return np.column_stack([scores.astype(np.float32), words.astype(np.float32)])


@lru_cache(maxsize=8)  # the members of an ensemble share the words
def _tokens(texts: Var) -> tuple[Var, Var]:
    """Return the words ``[N, T]``, empty where a row has fewer, and float32 ``[N, 1]``, how many they are."""
    import spox.opset.ai.onnx.v21 as op

    marked = op.string_concat(texts, op.const(np.array(f" {_MARK}", dtype=np.str_)))
    tokens, count = op.string_split(marked)
    words = op.sub(op.cast(count, to=np.float32), op.const(np.float32(1)))
    return tokens, op.unsqueeze(words, op.const(np.array([1])))
