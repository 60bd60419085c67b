"""Rows in the order of a score, and the figures that rest on that order alone.

A ranking is sorted once. What a resample needs is then only how many rows of each class lie above each
positive: two running sums over counts, one for each class, and no sorting at all.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.evaluation.arrays import Floats, Weights

_Places = NDArray[np.int64]
_Running = NDArray[np.int32 | np.int64 | np.float64]

_MOST_COUNTED = np.iinfo(np.uint8).max
_MOST_IN_INT32 = 2**30  # so that two sums can be added


class Ranking:
    """Rows in the order of a score, the highest first.

    Parameters
    ----------
    positive : ndarray of bool of shape (n,)
    score : ndarray of shape (n,)
    """

    def __init__(self, positive: NDArray[np.bool_], score: Floats) -> None:
        order = np.argsort(-score, kind="stable")
        flagged = positive[order]
        self._positives, self._others = order[flagged], order[~flagged]
        self._ends = np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1) + 1
        self._positives_to_end = np.concatenate([[0], np.cumsum(flagged)])[self._ends]
        self._others_to_end = self._ends - self._positives_to_end
        score_of_positive = np.repeat(np.arange(len(self._ends)), np.diff(self._positives_to_end, prepend=0))
        self._found_to = self._positives_to_end[score_of_positive]
        self._false_to = self._others_to_end[score_of_positive]
        self._false_before = np.concatenate([[0], self._others_to_end])[score_of_positive]

    def __call__(self, weights: Weights) -> Curve:
        """Evaluate the ranking for many weightings of its rows."""
        step = weights.take(self._positives, axis=1)
        positives, others = _running(step), _running(weights.take(self._others, axis=1))
        false = others.take(self._false_to, axis=1)
        is_tied = len(self._ends) < len(self._positives) + len(self._others)
        above = (false + others.take(self._false_before, axis=1)) / 2 if is_tied else false
        precision = _precision(positives.take(self._found_to, axis=1) if is_tied else positives[:, 1:], false)
        found = positives[:, -1].astype(np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            return Curve(
                roc_auc=1 - _dot(step, above) / (found * others[:, -1]),
                average_precision=_dot(step, precision) / found,
                positives=positives,
                others=others,
                ends=(self._positives_to_end, self._others_to_end),
            )


@dataclass(frozen=True, eq=False)
class Curve:
    """A ranking under b weightings of its rows.

    Attributes
    ----------
    roc_auc, average_precision : ndarray of shape (b,)
        NaN where a class is missing.
    positives, others : ndarray of shape (b, 1 + p), (b, 1 + q)
        Running sums of the weights of each class, from 0.
    ends : tuple of ndarray of shape (d,)
        Where each distinct score ends in `positives` and in `others`.
    """

    roc_auc: Floats
    average_precision: Floats
    positives: _Running
    others: _Running
    ends: tuple[_Places, _Places]

    @property
    def totals(self) -> tuple[Floats, Floats]:
        """How many positives and how many rows there are: shapes (b,)."""
        positives = self.positives[:, -1].astype(np.float64)
        return positives, positives + self.others[:, -1]

    def found_among_first(self, rows: Floats) -> Floats:
        """Return how many positives are among the first rows: shape (b,).

        Rows of one score come in together, each in part: that is the mean over all orders of rows that tie.
        """
        return np.array([self._found_among_first(at, float(each)) for at, each in enumerate(rows)])

    def _found_among_first(self, at: int, rows: float) -> float:
        def to(end: int) -> tuple[float, float]:
            if end < 0:
                return 0.0, 0.0
            found = float(self.positives[at, self.ends[0][end]])
            return found, found + float(self.others[at, self.ends[1][end]])

        last = len(self.ends[0]) - 1
        end = min(bisect_left(range(last + 1), rows, key=lambda end: to(end)[1]), last)
        (already, before), (found, flagged) = to(end - 1), to(end)
        step = flagged - before
        return already + (found - already) * (rows - before) / step if step > 0 else found


def _running(weights: Weights) -> _Running:
    """Sum along the rows, from 0; counts are summed as whole numbers, which is six times as fast."""
    most = weights.shape[1] * _MOST_COUNTED
    kind = np.float64 if weights.dtype.kind == "f" else np.int32 if most <= _MOST_IN_INT32 else np.int64
    total = np.zeros((weights.shape[0], weights.shape[1] + 1), dtype=kind)
    np.cumsum(weights, axis=1, out=total[:, 1:])
    return total


def _precision(found: _Running, false: _Running) -> Floats:
    return np.asarray(found / np.maximum(found + false, np.finfo(np.float64).tiny))


def _dot(weights: Weights, values: _Running) -> Floats:
    return np.asarray(np.einsum("bp,bp->b", weights.astype(np.float64), values.astype(np.float64)))
