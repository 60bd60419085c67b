"""Shapley values of any learner, sampled: for forms that have no closed one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]

Score = Callable[[NDArray[np.float32]], _Floats]


class SampledShares:
    """A learner that can only be asked, and a background, made ready to share out its predictions.

    Each background row is turned into the row one player at a time, in a random order and in the reverse of
    it; what each turn changes is that player's share (Štrumbelj and Kononenko 2014, "Explaining prediction
    models and individual predictions with feature contributions"; Mitchell et al. 2022, "Sampling
    permutations for Shapley value estimation", on reversed orders). All shares add up exactly; each is an
    estimate.

    Parameters
    ----------
    score : callable
        Predicts rows of features.
    background : ndarray of shape (b, n_features), float32
        Features of the rows against which a row is held.
    column_of : ndarray of shape (n_features,), int
        The player that each feature belongs to.
    players : int
        How many players there are.
    """

    def __init__(
        self, score: Score, background: NDArray[np.float32], column_of: NDArray[np.int64], players: int
    ) -> None:
        self._score = score
        self._background = background
        rng = np.random.default_rng(0)
        forth = np.argsort(rng.random((len(background), players)), axis=1)
        self._orders = np.stack([forth, forth[:, ::-1]], axis=1)
        turned = np.argsort(self._orders, axis=2)[:, :, column_of]  # when each feature is turned
        self._is_ours = turned[:, :, None, :] < np.arange(players + 1)[:, None]
        self.raw_background: _Floats = score(background)

    def share(self, row: NDArray[np.float32]) -> tuple[_Floats, _Floats]:
        """Share out the prediction of one row; see `ForestShares.share`."""
        mixed = np.where(self._is_ours, row, self._background[:, None, None, :])
        scored = self._score(np.ascontiguousarray(mixed.reshape(-1, len(row))))
        steps = np.diff(scored.reshape(*mixed.shape[:3], -1), axis=2)
        when = np.argsort(self._orders, axis=2)
        shares = np.take_along_axis(steps, when[..., None], axis=2).mean(axis=1)
        return shares, self._score(row[None, :])[0]
