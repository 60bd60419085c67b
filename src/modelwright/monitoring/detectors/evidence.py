"""The evidence of many streams: the Shiryaev-Roberts recursion, its budget spent by the clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from modelwright.monitoring.detectors.budget import Budget

Floats = NDArray[np.float64]

# What each row takes from the evidence where a change is dated, so that a standstill is no part of it.
_STANDSTILL = 0.002
_NOTHING = -700.0  # the logarithm of no evidence: a number that JSON can hold


@dataclass(frozen=True)
class Evidence:
    r"""What is known of ``n_streams`` streams, each watched by the mean of ``n_bets`` e-detectors.

    An observation with e-value :math:`e_t` turns the evidence :math:`M` into :math:`e_t (M + w_t)`, where
    :math:`w_t` is the share of the false-alarm budget that has become due since the observation before.
    While nothing has changed, every :math:`e_t` has a conditional mean of at most one, so
    :math:`M_t - \sum w` is a supermartingale, and by optional stopping the expected number of alarms
    (:math:`M \ge 1`) up to any moment is at most :math:`\sum w`, the budget spent so far. With
    :math:`w_t = \alpha` it is the e-detector of Shin, Ramdas and Rinaldo (2024, "E-detectors: a
    nonparametric framework for sequential change detection"), whose average run length is at least
    :math:`1 / \alpha`; weights by the clock hold for any traffic, so none need be forecast.

    Attributes
    ----------
    log_value : ndarray of shape (n_streams, n_bets)
        Logarithm of :math:`M`.
    rise : ndarray of shape (n_streams, n_bets)
        Largest log-evidence of any window that ends now; the window's start dates the change.
    start : ndarray of shape (n_streams, n_bets)
        When that window began, in seconds since 1970.
    crossed : ndarray of shape (n_streams,)
        When the evidence first reached the threshold, in seconds since 1970; NaN where it has not.
    since : ndarray of shape (n_streams,)
        When the change began, as estimated at that moment; NaN where there is none.
    at : float
        Time of the newest observation, in seconds since 1970.
    spent : float
        Budget that each stream of weight one has spent so far, in expected false alarms.
    rows : int
        Observations seen.
    weight : ndarray of shape (n_streams,)
        What each stream gets of the budget, relative to an equal share. The recursion is linear in the
        budget, so that a stream with twice the share has twice the evidence.
    """

    log_value: Floats
    rise: Floats
    start: Floats
    crossed: Floats
    since: Floats
    at: float
    spent: float
    rows: int
    weight: Floats

    @classmethod
    def begin(
        cls, n_streams: int, n_bets: int, at: float, budget: Budget, weight: Floats | None = None
    ) -> Self:
        """Start with no evidence, and with the budget that is advanced at the start."""
        shape = (n_streams, n_bets)
        return cls(
            log_value=np.full(shape, np.log(budget.advance)),
            rise=np.zeros(shape),
            start=np.full(shape, at),
            crossed=np.full(n_streams, np.nan),
            since=np.full(n_streams, np.nan),
            at=at,
            spent=budget.advance,
            rows=0,
            weight=np.ones(n_streams) if weight is None else np.asarray(weight, dtype=np.float64),
        )

    @property
    def log_share(self) -> Floats:
        """Logarithm of the evidence as a share of what an alarm takes, for each stream."""
        share: Floats = _log_mean(self.log_value) + np.log(self.weight)
        return share

    @property
    def e_values(self) -> Floats:
        """The evidence of each stream as an e-value: its mean is at most one while nothing has changed."""
        e_values: Floats = np.exp(np.minimum(_log_mean(self.log_value) - np.log(self.spent), 700.0))
        return e_values

    @property
    def thresholds(self) -> Floats:
        """The e-value that takes an alarm of each stream now."""
        thresholds: Floats = 1 / (self.spent * self.weight)
        return thresholds

    def absorb(self, log_e: Floats, times: Floats, budget: Budget, dates: Floats | None = None) -> Evidence:
        """Take in observations, oldest first.

        Parameters
        ----------
        log_e : ndarray of shape (n, n_streams, n_bets)
            Logarithms of the e-values of each observation.
        times : ndarray of shape (n,)
            When each came, in seconds since 1970; a step back in time spends nothing.
        budget : Budget
            The budget of each stream.
        dates : ndarray of shape (n,), optional
            When what was observed happened, in seconds since 1970, where it came later; it dates a change.
        """
        dates = times if dates is None else dates
        if len(times) == 0:
            return self
        clock = np.maximum.accumulate(np.append(self.at, times))
        weights = np.diff(clock) * budget.per_second
        total = np.cumsum(log_e, axis=0)
        path = self._path(total, weights)
        crossed, since = self._crossings(total, _log_mean(path) + np.log(self.weight), times, dates)
        rise, start = self._windows(total, dates)
        return Evidence(
            log_value=path[-1],
            rise=rise,
            start=start,
            crossed=crossed,
            since=since,
            at=float(clock[-1]),
            spent=self.spent + float(weights.sum()),
            rows=self.rows + len(times),
            weight=self.weight,
        )

    def _path(self, total: Floats, weights: Floats) -> Floats:
        """Evaluate the recursion in closed form: M_t = exp(C_t) (M_0 + sum of w_s exp(-C_{s-1}))."""
        before = np.concatenate([np.zeros_like(total[:1]), total[:-1]])
        with np.errstate(divide="ignore"):
            log_weights = np.log(weights)[:, None, None]
        heads = np.concatenate([self.log_value[None], log_weights - before])
        return total + np.logaddexp.accumulate(heads, axis=0)[1:]

    def _windows(self, total: Floats, dates: Floats) -> tuple[Floats, Floats]:
        """Find the window ending now that speaks most for a change."""
        paid = total - _STANDSTILL * np.arange(1, len(total) + 1)[:, None, None]
        lows = np.concatenate([-np.maximum(self.rise, 0.0)[None], paid[:-1]])
        lowest = len(lows) - 1 - np.argmin(lows[::-1], axis=0)
        low = np.take_along_axis(lows, lowest[None], axis=0)[0]
        # A window under way keeps its start; an empty one begins with the next observation.
        under_way = (lowest == 0) & (self.rise > 0)
        return paid[-1] - low, np.where(under_way, self.start, dates[lowest])

    def _crossings(self, total: Floats, path: Floats, times: Floats, dates: Floats) -> tuple[Floats, Floats]:
        crossed, since = self.crossed.copy(), self.since.copy()
        over = path >= 0.0
        for stream in np.flatnonzero(over.any(axis=0) & np.isnan(crossed)):
            row = int(over[:, stream].argmax())
            rise, start = self._windows(total[: row + 1], dates[: row + 1])
            crossed[stream] = times[row]
            since[stream] = start[stream, rise[stream].argmax()]
        return crossed, since

    def rearmed(self, streams: NDArray[np.bool_]) -> Evidence:
        """Watch some streams anew after their alarm: without evidence, and without a new advance.

        An alarm takes evidence of at least one, so that the alarms so far plus the evidence, less the sum of
        the weights, stay a supermartingale: the budget bounds the repeated alarms as well.
        """
        which = np.asarray(streams, dtype=bool)
        return replace(
            self,
            log_value=np.where(which[:, None], _NOTHING, self.log_value),
            rise=np.where(which[:, None], 0.0, self.rise),
            start=np.where(which[:, None], self.at, self.start),
            crossed=np.where(which, np.nan, self.crossed),
            since=np.where(which, np.nan, self.since),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the state as JSON-able content; `restored` reads it exactly."""
        return {
            "log_value": self.log_value.tolist(),
            "rise": self.rise.tolist(),
            "start": self.start.tolist(),
            "crossed": [None if np.isnan(each) else each for each in self.crossed.tolist()],
            "since": [None if np.isnan(each) else each for each in self.since.tolist()],
            "at": self.at,
            "spent": self.spent,
            "rows": self.rows,
        }

    def restored(self, content: dict[str, Any]) -> Evidence:
        """Return the state that ``to_dict`` returned."""
        arrays = {
            name: np.array(content[name], dtype=np.float64).reshape(getattr(self, name).shape)
            for name in ("log_value", "rise", "start", "crossed", "since")
        }
        return Evidence(**content | arrays, weight=self.weight)


def _log_mean(values: Floats) -> Floats:
    """Logarithm of the mean over the last axis, of values given by their logarithms."""
    top = values.max(axis=-1, keepdims=True)
    mean = np.exp(values - top).mean(axis=-1)
    result: Floats = np.log(mean) + top[..., 0]
    return result
