"""What is known besides the vault: the columns, the training rows, and what was said of them out of fold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.evaluation.arrays import Floats
from modelwright.evaluation.basis import Basis

if TYPE_CHECKING:
    from modelwright.data import Column, Contract

HIDDEN = "hidden"
"""Stands for the value of a column that must not be shown."""


@dataclass(frozen=True, eq=False)
class Background:
    """What is known besides the vault.

    Attributes
    ----------
    contract : Contract
        What the columns are, and which of them must not be shown.
    frame : polars.DataFrame of m rows
        The training rows, conformed.
    y : ndarray of shape (m,)
        Their class codes, or values.
    features : callable
        From a conformed frame to the features in which rows are near each other.
    judged : ndarray of shape (k,), optional
        Positions of the training rows that folds held out.
    out_of_fold : ndarray of shape (k, n_outputs), optional
        What learners that had not seen these rows said of them.
    groups : ndarray of shape (m,), optional
        The brief's group of each training row.
    moments : polars.Series of m rows, optional
        When each training row was known, in seconds, by the name of the column.
    sealed_moments : polars.Series of n rows, optional
        The same of the vault's rows.
    explain : callable, optional
        From positions of the vault's rows to the reasons of their answers, in words.
    """

    contract: Contract
    frame: pl.DataFrame
    y: NDArray[np.generic]
    features: Callable[[pl.DataFrame], NDArray[np.floating]]
    judged: NDArray[np.int64] | None = None
    out_of_fold: NDArray[np.floating] | None = None
    groups: NDArray[np.generic] | None = None
    moments: pl.Series | None = None
    sealed_moments: pl.Series | None = None
    explain: Callable[[NDArray[np.int64]], Sequence[Sequence[str]]] | None = None

    @property
    def shown(self) -> tuple[Column, ...]:
        """The features whose values may be shown."""
        return tuple(column for column in self.contract.features if not column.is_sensitive)


def slice_losses(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> Floats:
    """Return how wrong each row is, by a loss that no single row can dominate.

    The squared distance of the probabilities from the truth (Brier), which is bounded; for numbers the
    absolute error, cut off at its 99th percentile.
    """
    losses = Basis(y, prediction).losses
    if prediction.shape[1] > 1:
        return losses.of_rows("squared distance")
    errors = losses.of_rows("absolute error")
    return np.minimum(errors, np.quantile(errors, 0.99))


def expected_losses(prediction: NDArray[np.floating]) -> Floats | None:
    """Return the squared distance that each row's own probabilities let expect; None for numbers."""
    if prediction.shape[1] == 1:
        return None
    chances = np.asarray(prediction, dtype=np.float64)
    if chances.shape[1] == 2:
        return np.asarray(chances[:, 1] * (1 - chances[:, 1]))
    return np.asarray(1 - (chances**2).sum(axis=1))
