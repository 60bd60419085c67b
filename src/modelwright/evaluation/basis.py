"""What metrics rest on, as sums over weighted rows: losses and counts of labels; and rankings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from modelwright.evaluation.arrays import Floats, Weights
from modelwright.evaluation.ranking import Ranking

Sums = Callable[[Weights], Floats]
"""From weights of shape (b, n) to sums of shape (b, m)."""

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
    def labels(self) -> Sums:
        """How often each label is right, true and chosen: sums of shape (b, 3 n_classes)."""
        n_classes = self.prediction.shape[1]
        confused = self.y.astype(np.int64) * n_classes + self.prediction.argmax(axis=1)
        order = np.argsort(confused, kind="stable")
        cells, starts = np.unique(confused[order], return_index=True)
        true, chosen = (_indicators(code, n_classes) for code in np.divmod(cells, n_classes))
        columns = np.concatenate([true * chosen, true, chosen], axis=1)

        def count(weights: Weights) -> Floats:
            in_order = weights.take(order, axis=1)
            return np.asarray(np.add.reduceat(in_order, starts, axis=1, dtype=np.float64) @ columns)

        return count

    @cached_property
    def rankings(self) -> tuple[Ranking, ...]:
        """The positive label against the other, or each of more labels against the rest."""
        labels = range(self.prediction.shape[1]) if self.prediction.shape[1] > 2 else (1,)
        return tuple(Ranking(self.y == label, self.prediction[:, label]) for label in labels)


class RowSums:
    """Weighted sums of columns.

    Parameters
    ----------
    columns : sequence of ndarray of shape (n,)
        The m columns.
    """

    def __init__(self, columns: Sequence[Floats]) -> None:
        self.columns = np.stack(columns).T

    def __call__(self, weights: Weights) -> Floats:
        """Sum over rows: shape (b, m)."""
        return np.asarray(weights @ self.columns)


class Losses(RowSums):
    """Sums of weights, and of weighted losses.

    Parameters
    ----------
    columns : dict of str to ndarray of shape (n,)
        The losses by name.
    """

    def __init__(self, columns: dict[str, Floats]) -> None:
        self._names = ("rows", *columns)
        super().__init__([np.ones(len(next(iter(columns.values())))), *columns.values()])

    def at(self, name: str) -> int:
        """Return the column of the sums that has a loss; column 0 has the weights."""
        return self._names.index(name)

    def of_rows(self, name: str) -> Floats:
        """Return a loss row by row."""
        return np.asarray(self.columns[:, self.at(name)])


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
