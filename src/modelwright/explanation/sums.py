"""Shapley values of weighted sums, in closed form."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms import Linear, Splines

_Floats = NDArray[np.float64]


class LinearShares:
    """A weighted sum and a background, made ready to share out the raw outputs of rows.

    In a sum each feature adds its weight times its distance from the background, whatever the others are; so
    the values are exact.

    Parameters
    ----------
    linear : Linear
    background : ndarray of shape (b, n_features), float32
        Features of the rows against which a row is held.
    column_of : ndarray of shape (n_features,), int
        The player that each feature belongs to.
    players : int
        How many players there are.
    """

    def __init__(
        self,
        linear: Linear,
        background: NDArray[np.float32],
        column_of: NDArray[np.int64],
        players: int,
    ) -> None:
        self._weights = linear.weights
        self._background = _filled(background)
        self._member = np.zeros((len(column_of), players))
        self._member[np.arange(len(column_of)), column_of] = 1.0
        self._intercept = linear.intercept
        self.raw_background: _Floats = self._background @ linear.weights + linear.intercept

    def share(self, row: NDArray[np.float32]) -> tuple[_Floats, _Floats]:
        """Share out the raw outputs of one row; see `ForestShares.share`."""
        filled = _filled(row)
        apart = filled - self._background
        shares = np.stack([(apart * weight) @ self._member for weight in self._weights.T], axis=2)
        return shares, filled @ self._weights + self._intercept


class SplineShares(LinearShares):
    """Splines and a background: a weighted sum of stretches, each of which belongs to its feature's player.

    Parameters
    ----------
    splines : Splines
    background, column_of, players
        As for `LinearShares`.
    """

    def __init__(
        self,
        splines: Splines,
        background: NDArray[np.float32],
        column_of: NDArray[np.int64],
        players: int,
    ) -> None:
        super().__init__(splines.sum, splines.stretches(background), column_of[splines.feature], players)
        self._splines = splines

    def share(self, row: NDArray[np.float32]) -> tuple[_Floats, _Floats]:
        """Share out the raw outputs of one row; see `ForestShares.share`."""
        return super().share(self._splines.stretches(row[None, :])[0])


def _filled(features: NDArray[np.float32]) -> _Floats:
    return np.where(np.isnan(features), 0.0, features).astype(np.float64)
