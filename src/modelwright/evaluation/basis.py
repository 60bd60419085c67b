"""What metrics rest on, as sums over weighted rows: losses, counts of labels, and ranks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Part = Callable[[Floats], Floats]
"""From weights of shape (b, n) to sums of shape (b, ...)."""

_SMALLEST_PROBABILITY = 1e-15


class Basis:
    """Labels and predictions, with what metrics need of them, each made when it is first asked for.

    Parameters
    ----------
    y : ndarray of shape (n,)
        Class codes, or values for regression.
    prediction : ndarray of shape (n, n_classes) or (n, 1)
        Probabilities, or values for regression.
    """

    def __init__(self, y: NDArray[np.generic], prediction: NDArray[np.floating]) -> None:
        self.y = np.asarray(y)
        self.prediction = np.asarray(prediction, dtype=np.float64)

    @property
    def is_class(self) -> bool:
        """Whether probabilities are predicted."""
        return bool(self.prediction.shape[1] > 1)

    @cached_property
    def losses(self) -> Losses:
        """Every loss that has one value per row."""
        return Losses(_losses_of_labels(self) if self.is_class else _losses_of_values(self))

    @property
    def row_losses(self) -> Floats:
        """How wrong each row is: log-loss, or squared error."""
        return self.losses.of_rows("log-loss" if self.is_class else "squared error")

    @cached_property
    def labels(self) -> Part:
        """How often each label is right, true and chosen: sums of shape (b, 3 n_classes)."""
        n_classes = self.prediction.shape[1]
        chosen = self.prediction.argmax(axis=1)
        given, true = _indicators(chosen, n_classes), _indicators(self.y, n_classes)
        columns = np.concatenate([true * given, true, given], axis=1)
        return lambda weights: weights @ columns

    @cached_property
    def rankings(self) -> tuple[Ranking, ...]:
        """The positive label against the other, or each of more labels against the rest."""
        labels = range(self.prediction.shape[1]) if self.prediction.shape[1] > 2 else (1,)
        return tuple(Ranking(self.y == label, self.prediction[:, label]) for label in labels)

    @cached_property
    def ranks(self) -> Part:
        """ROC-AUC and average precision of each ranking: figures of shape (b, rankings, 2)."""
        return lambda weights: np.stack([ranking(weights) for ranking in self.rankings], axis=1)


class Losses:
    """Sums of weights, and of weighted losses.

    Parameters
    ----------
    columns : dict of str to ndarray of shape (n,)
        The losses by name.
    """

    def __init__(self, columns: dict[str, Floats]) -> None:
        self._names = ("rows", *columns)
        self._columns = np.stack([np.ones(len(next(iter(columns.values())))), *columns.values()], axis=1)

    def at(self, name: str) -> int:
        """Return the column of the sums that has a loss; column 0 has the weights."""
        return self._names.index(name)

    def of_rows(self, name: str) -> Floats:
        """Return a loss row by row."""
        return np.asarray(self._columns[:, self.at(name)])

    def __call__(self, weights: Floats) -> Floats:
        """Sum over rows: shape (b, 1 + losses)."""
        return weights @ self._columns


class Ranking:
    """Rows in the order of a score, the highest first.

    Parameters
    ----------
    positive : ndarray of bool of shape (n,)
    score : ndarray of shape (n,)
    """

    def __init__(self, positive: NDArray[np.bool_], score: Floats) -> None:
        self._order = np.argsort(-score, kind="stable")
        self._positive = positive[self._order].astype(np.float64)
        ends = np.append(np.flatnonzero(np.diff(score[self._order])), len(score) - 1)
        self._ends = None if len(ends) == len(score) else ends

    def curve(self, weights: Floats) -> tuple[Floats, Floats]:
        """Return how many positives, and how many rows, are at or above each distinct score."""
        ordered = weights[:, self._order]
        flagged = np.cumsum(ordered, axis=1)
        ordered *= self._positive
        found = np.cumsum(ordered, axis=1, out=ordered)
        return (found, flagged) if self._ends is None else (found[:, self._ends], flagged[:, self._ends])

    def __call__(self, weights: Floats) -> Floats:
        """Compute ROC-AUC and average precision: shape (b, 2); NaN where a label is missing."""
        found, flagged = self.curve(weights)
        step = np.diff(found, axis=1, prepend=0.0)
        false = flagged - found
        above = np.einsum("bn,bn->b", step, false)
        if self._ends is not None:  # rows of one score count half
            above -= np.einsum("bn,bn->b", step, np.diff(false, axis=1, prepend=0.0)) / 2
        precision = np.divide(found, flagged, out=false, where=flagged > 0)
        positives, rows = found[:, -1], flagged[:, -1]
        pairs = positives * (rows - positives)
        with np.errstate(invalid="ignore", divide="ignore"):
            auc = np.where(pairs > 0, 1 - above / pairs, np.nan)
            average = np.where(positives > 0, np.einsum("bn,bn->b", step, precision) / positives, np.nan)
        return np.stack([auc, average], axis=1)


def _losses_of_labels(basis: Basis) -> dict[str, Floats]:
    codes, prediction = basis.y.astype(np.int64), basis.prediction
    chosen = prediction[np.arange(len(codes)), codes]
    distance = (
        (prediction[:, 1] - codes) ** 2
        if prediction.shape[1] == 2
        else (prediction**2).sum(axis=1) - 2 * chosen + 1
    )
    return {
        "log-loss": -np.log(np.clip(chosen, _SMALLEST_PROBABILITY, 1.0)),
        "squared distance": distance,
        "hit": (prediction.argmax(axis=1) == codes).astype(np.float64),
    }


def _losses_of_values(basis: Basis) -> dict[str, Floats]:
    values = basis.y.astype(np.float64)
    error, centred = basis.prediction[:, 0] - values, values - values.mean()
    return {
        "squared error": error**2,
        "absolute error": np.abs(error),
        "square": centred**2,
        "value": centred,
    }


def _indicators(codes: NDArray[np.generic], n_classes: int) -> Floats:
    return np.asarray(codes[:, None] == np.arange(n_classes), dtype=np.float64)
