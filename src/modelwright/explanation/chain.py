"""From shares of raw outputs to shares of the answer: through links, the weighted average and calibration.

A share is carried through a function by the slope between background and row, so that shares always add up to
what the function makes of the difference: the rescale rule of Shrikumar et al. (2017), "Learning important
features through propagating activation differences", by which Chen, Lundberg and Lee (2022), "Explaining a
series of models by propagating Shapley values", join the values of several models. Where several inputs go
into one function at once, the slopes are its derivatives averaged over the way from background to row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms import Link

_SMALLEST = 1e-7  # as the calibration's graph has it
_NEAR = 1e-12
_ROUGH = 0.05
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(24)

_Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Chain:
    """How the raw outputs of members become the answer that is explained.

    Attributes
    ----------
    weights : tuple of float
        Of the members, in the average.
    links : tuple of Link
        Of the members.
    temperature : float
        Of the calibration; 1 where there is none.
    shifts : tuple of float
        Of the calibration, one for each class; empty for regression.
    """

    weights: tuple[float, ...]
    links: tuple[Link, ...]
    temperature: float
    shifts: tuple[float, ...]

    def average(self, raws: list[_Floats]) -> _Floats:
        """Average the members' predictions of rows, from their raw outputs of shape (n, n_raw)."""
        parts = (
            weight * link.apply(raw) for weight, link, raw in zip(self.weights, self.links, raws, strict=True)
        )
        averaged: _Floats = np.sum(list(parts), axis=0)
        return averaged

    def answer(self, average: _Floats, label: int) -> _Floats:
        """Turn averages of shape (n, n_outputs) into what is explained: log-odds of a label, or values."""
        if not self.shifts:
            return average[:, 0]
        return self._log_odds(self._scaled(average), label)

    def slopes(
        self, raw: list[_Floats], raw_background: list[_Floats], average: _Floats, below: _Floats, label: int
    ) -> list[_Floats]:
        """Return how much of the answer each unit of each member's raw output makes up.

        Parameters
        ----------
        raw : list of ndarray of shape (n_raw,)
            The row's raw outputs.
        raw_background : list of ndarray of shape (b, n_raw)
        average : ndarray of shape (n_outputs,)
            The row's average.
        below : ndarray of shape (b, n_outputs)
            The averages of the background.
        label : int

        Returns
        -------
        list of ndarray of shape (b, n_raw)
        """
        last = self._last_slopes(average, below, label)
        return [
            weight * np.einsum("bj,bjk->bk", last, _link_slopes(link, ours, theirs))
            for weight, link, ours, theirs in zip(self.weights, self.links, raw, raw_background, strict=True)
        ]

    def _last_slopes(self, average: _Floats, below: _Floats, label: int) -> _Floats:
        """Slopes of the answer by the average, of shape (b, n_outputs)."""
        if not self.shifts:
            return np.ones_like(below)
        log_slope = self._log_slopes(average, below)
        ours, theirs = self._scaled(average[None, :]), self._scaled(below)
        others = np.delete(np.arange(len(self.shifts)), label)
        slopes = np.zeros_like(below)
        slopes[:, label] = 1.0
        for point, weight in zip(_POINTS, _WEIGHTS, strict=True):
            between = theirs + (point + 1) / 2 * (ours - theirs)
            slopes[:, others] -= weight / 2 * Link.SOFTMAX.apply(between[:, others])
        return slopes * log_slope / self.temperature

    def _log_slopes(self, average: _Floats, below: _Floats) -> _Floats:
        """Slopes of the logarithm between probabilities, of shape (b, n_outputs).

        Where learners add up probabilities, a column may push one below zero that others lift again. Near
        zero a logarithm's own slope would make such a push endless, so it is taken over a wider stretch.
        """
        low, high = np.minimum(average, below), np.maximum(average, below)
        if not {Link.IDENTITY, Link.COMPLEMENT}.isdisjoint(self.links):
            wider = np.where(low < _ROUGH, np.maximum(_ROUGH - (high - low), 0.0), 0.0)
            high = high + wider
        apart = high - low
        high, low = np.maximum(high, _SMALLEST), np.maximum(low, _SMALLEST)
        near = apart < _NEAR
        return np.where(near, 1.0 / high, (np.log(high) - np.log(low)) / np.where(near, 1.0, apart))

    def _scaled(self, average: _Floats) -> _Floats:
        logs = np.log(np.maximum(average, _SMALLEST))
        return np.asarray(logs / self.temperature + np.asarray(self.shifts), dtype=np.float64)

    def _log_odds(self, scaled: _Floats, label: int) -> _Floats:
        others = np.delete(scaled, label, axis=1)
        top = others.max(axis=1, keepdims=True)
        rest = top[:, 0] + np.log(np.exp(others - top).sum(axis=1))
        log_odds: _Floats = scaled[:, label] - rest
        return log_odds


def _link_slopes(link: Link, raw: _Floats, below: _Floats) -> _Floats:
    """Slopes of a member's prediction by its raw outputs, of shape (b, n_outputs, n_raw)."""
    n_raw = len(raw)
    if link is Link.IDENTITY:
        return np.broadcast_to(np.eye(n_raw), (len(below), n_raw, n_raw))
    if link is Link.COMPLEMENT:
        return np.broadcast_to(np.array([[-1.0], [1.0]]), (len(below), 2, 1))
    if link is Link.SIGMOID:
        apart = raw - below
        near = np.abs(apart) < _NEAR
        own, other = link.apply(raw[None, :])[:, 1:], link.apply(below)[:, 1:]
        slope = np.where(near, own * (1 - own), (own - other) / np.where(near, 1.0, apart))
        return np.stack([-slope, slope], axis=1)
    slopes = np.zeros((len(below), n_raw, n_raw))
    for point, weight in zip(_POINTS, _WEIGHTS, strict=True):
        shares = link.apply(below + (point + 1) / 2 * (raw - below))
        slopes += weight / 2 * (shares[:, :, None] * (np.eye(n_raw) - shares[:, None, :]))
    return slopes
