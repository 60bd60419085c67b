"""Categories encoded by what the target was for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from modelwright.features.arrays import LARGEST
from modelwright.features.transformer import Setting
from modelwright.problem import Task

FOLDS = 5
"""Parts for cross-fitting: enough rows are left to learn from, and few enough that a row's own target
cannot be read back from what the others lack, as it can when each row is a part of its own."""

_LEAST_WEIGHT = 1.0
_NO_SIGNAL = 1e-6
"""Variance between levels, over that within, below which levels say nothing about the target."""


def fold_of_rows(rows: int, seed: int, together: np.ndarray | None = None) -> np.ndarray:
    """Return a random fold for each of `rows` rows, the folds equally large.

    Rows that are alike tell each other's targets: those of one number in `together` are in one fold, and the
    folds then hold equally many such numbers.
    """
    if together is None:
        return np.random.default_rng(seed).permutation(rows) % FOLDS
    numbers, which = np.unique(together, return_inverse=True)
    return fold_of_rows(len(numbers), seed)[which]


@dataclass(frozen=True, eq=False)
class Targets:
    """The target as columns whose means are worth knowing, centred.

    Attributes
    ----------
    names : tuple of str
        What each column stands for: empty for a single one, else the class.
    values : numpy.ndarray
        float64 ``[n, w]``, mean 0.
    means : numpy.ndarray
        float64 ``[w]``, what was subtracted.
    """

    names: tuple[str, ...]
    values: np.ndarray
    means: np.ndarray

    @classmethod
    def of(cls, y: np.ndarray, setting: Setting, width: int) -> Self:
        """Return the value (regression), the positive class, or the `width` most frequent classes."""
        if setting.task == Task.MULTICLASS:
            counts = np.bincount(y, minlength=len(setting.classes))
            codes = np.sort(np.argsort(-counts, kind="stable")[:width])
            names = tuple(setting.classes[code] for code in codes)
            values = (y[:, None] == codes).astype(np.float64)
        else:
            names, values = ("",), y.astype(np.float64)[:, None]
        values = np.clip(values, -LARGEST, LARGEST)  # their squares must be finite
        means = values.mean(axis=0)
        return cls(names, values - means, means)

    def column(self, at: int) -> Targets:
        """Return one of the columns."""
        one = slice(at, at + 1)
        return Targets(self.names[one], self.values[:, one], self.means[one])

    def encode(self, levels: np.ndarray, size: int) -> np.ndarray:
        """Return the smoothed mean of the target for each level, float32 ``[size, w]``.

        A level of `n` rows with mean `a` is encoded as ``(n a + m p) / (n + m)`` where `p` is the mean of
        all rows: the m-estimate in the form of Micci-Barreca, "A preprocessing scheme for high-cardinality
        categorical attributes" (SIGKDD Explorations 3:1, 2001), with the empirical Bayes weight ``m``, the
        variance within levels over the variance between them. A level without rows is encoded as `p`.
        """
        count, total, square = self._sums(levels, np.zeros(len(levels), dtype=np.int64), size, 1)
        return self._smooth(count, total, _prior_weight(count, total, square))[:, 0]

    def cross_fit(self, levels: np.ndarray, size: int, folds: np.ndarray) -> np.ndarray:
        """Return each row's encoding from the rows of the other folds, float32 ``[n, w]``.

        Overall mean and weight are those of all rows, as in `encode`: they are the same for every row, so
        they tell no row's target, and what training sees is scaled like what comes later.
        """
        count, total, square = self._sums(levels, folds, size, FOLDS)
        rows, sums, squares = (each.sum(axis=1, keepdims=True) for each in (count, total, square))
        encoded = self._smooth(rows - count, sums - total, _prior_weight(rows, sums, squares))
        of_row: np.ndarray = encoded[levels, folds]
        return of_row

    def _sums(
        self, levels: np.ndarray, folds: np.ndarray, size: int, parts: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return counts, sums and sums of squares, each ``[size, parts, 1 or w]``."""
        cells = levels * parts + folds
        shape = (size, parts, -1)
        count = np.bincount(cells, minlength=size * parts).astype(np.float64)
        columns = self.values.T
        total = [np.bincount(cells, weights=column, minlength=size * parts) for column in columns]
        square = [np.bincount(cells, weights=column**2, minlength=size * parts) for column in columns]
        return count.reshape(shape), np.stack(total, -1).reshape(shape), np.stack(square, -1).reshape(shape)

    def _smooth(self, count: np.ndarray, total: np.ndarray, weight: np.ndarray) -> np.ndarray:
        encoded = total / (count + weight) + self.means
        bounded: np.ndarray = np.clip(encoded, -LARGEST, LARGEST).astype(np.float32)
        return bounded


def _prior_weight(count: np.ndarray, total: np.ndarray, square: np.ndarray) -> np.ndarray:
    """Return ``m``, how many rows the overall mean is worth: variance within over variance between levels.

    The variances are the one-way analysis of variance's estimates by moments, with levels of unequal size
    (Searle, Casella and McCulloch, "Variance Components", 1992, chapter 3).
    """
    rows = count.sum(axis=0)
    groups = (count > 0).sum(axis=0)
    safe = np.maximum(count, 1.0)
    mean = total.sum(axis=0) / np.maximum(rows, 1.0)
    within = np.maximum(square - total**2 / safe, 0.0).sum(axis=0) / np.maximum(rows - groups, 1.0)
    between = (count * (total / safe - mean) ** 2).sum(axis=0) / np.maximum(groups - 1.0, 1.0)
    size = (rows - (count**2).sum(axis=0) / np.maximum(rows, 1.0)) / np.maximum(groups - 1.0, 1.0)
    spread = (between - within) / np.maximum(size, 1.0)
    learnable = (rows > groups) & (spread > within * _NO_SIGNAL)
    weight = np.divide(within, spread, out=np.full(within.shape, np.inf), where=learnable)
    bounded: np.ndarray = np.maximum(weight, _LEAST_WEIGHT)
    return bounded
