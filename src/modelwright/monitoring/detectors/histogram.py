"""Tells whether the distribution of a column, or of the score, has moved away from the reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.monitoring.detectors.budget import Budget
from modelwright.monitoring.detectors.evidence import Evidence, Floats
from modelwright.monitoring.detectors.projection import nearest

Ragged = Sequence[Sequence[float]]

_BLOCK = 25  # rows between two updates of the forecasts
_MEMORY = np.array([50, 400])  # rows that each forecast remembers: large changes soon, small ones surely
_PRIOR = 25  # rows that the reference counts for in a forecast


@dataclass(frozen=True)
class Cycle:
    """What is normal at each phase of the day or the week.

    Attributes
    ----------
    phases : callable
        From times, in seconds since 1970, to the phase of each.
    lower, upper, expected : ndarray of shape (n_phases, n_streams, n_bins)
        As in `HistogramDetector`; a stream that is not cyclic has the same at each phase.
    """

    phases: Callable[[Floats], NDArray[np.int64]]
    lower: Floats
    upper: Floats
    expected: Floats


@dataclass(frozen=True)
class HistogramDetector:
    """Bets on the bin of the next observation, against every distribution that the reference allows.

    A forecast ``q`` is an exponentially weighted histogram of the recent past, smoothed towards the
    reference; it changes after each block of 25 rows. The e-value of a row in bin ``b`` is ``q[b] / p[b]``,
    where ``p`` is the allowed distribution nearest to ``q``: it is exactly one while the recent past looks as
    allowed, and it beats ``q[b] / upper[b]`` in every bin. Two forecasts, of a short and a long memory, bet
    side by side.

    Assumes that, while nothing has changed, each row falls into the bins with probabilities within the bounds
    whatever came before. Where streams are cyclic (night and day), the bounds are those of the phase, and a
    forecast is what is expected at the phase, tilted as the recent past differs from what was expected then.

    Attributes
    ----------
    lower, upper : ndarray of shape (n_streams, n_bins)
        Bounds of the bins' probabilities; zero for a bin that a stream does not have.
    expected : ndarray of shape (n_streams, n_bins)
        The reference's own shares, positive wherever `upper` is.
    budget : Budget
        The false alarms that each stream may expect to raise.
    recent : ndarray of shape (2, n_streams, n_bins)
        Weighted counts of the complete blocks, for each memory.
    pending : ndarray of shape (n_streams, n_bins)
        Counts of the block under way.
    filled : int
        Rows in the block under way.
    evidence : Evidence
        The evidence of each stream.
    cycle : Cycle or None
        What is normal at each phase, where some streams are cyclic.
    base, pending_base : ndarray, shaped as `recent` and `pending`
        The counts that were expected, in place of those that came.
    """

    lower: Floats
    upper: Floats
    expected: Floats
    budget: Budget
    recent: Floats
    pending: Floats
    filled: int
    evidence: Evidence
    cycle: Cycle | None
    base: Floats
    pending_base: Floats

    @classmethod
    def begin(
        cls,
        lower: Ragged,
        upper: Ragged,
        expected: Ragged,
        budget: Budget,
        at: float,
        cycle: Cycle | None = None,
        weight: Floats | None = None,
    ) -> HistogramDetector:
        """Start to watch.

        Parameters
        ----------
        lower, upper, expected : sequence of sequences of float
            For each stream, the bounds and the reference's shares of its bins.
        budget : Budget
            The false alarms that each stream may expect to raise.
        at : float
            Now, in seconds since 1970.
        cycle : Cycle, optional
            What is normal at each phase.
        weight : ndarray of shape (n_streams,), optional
            What each stream gets of the budget, relative to an equal share.
        """
        table = _padded(lower)
        pending = np.zeros_like(table)
        recent = np.zeros((len(_MEMORY), *table.shape))
        evidence = Evidence.begin(len(table), len(_MEMORY), at, budget, weight)
        bounds = (table, _padded(upper), _padded(expected))
        return cls(*bounds, budget, recent, pending, 0, evidence, cycle, recent, pending)

    @property
    def shares(self) -> Floats:
        """Shares of the bins in the recent past, by the longer memory."""
        counts = self.recent[-1] + self.pending
        total = counts.sum(axis=1, keepdims=True)
        shares: Floats = np.divide(counts, total, out=np.zeros_like(counts), where=total > 0)
        return shares

    def update(self, observed: NDArray[np.integer], times: Floats) -> HistogramDetector:
        """Take in the bins of new observations.

        Parameters
        ----------
        observed : ndarray of shape (n, n_streams)
            Index of the bin.
        times : ndarray of shape (n,)
            When, in seconds since 1970.
        """
        recent, pending, filled = self.recent, self.pending.copy(), self.filled
        base, pending_base = self.base, self.pending_base.copy()
        ends = _ends(times, self.cycle)
        keep = (1 - _BLOCK / _MEMORY)[:, None, None]
        log_e = np.empty((*observed.shape, len(_MEMORY)))
        streams = np.arange(observed.shape[1])
        row = 0
        while row < len(observed):
            block = observed[row : min(row + _BLOCK - filled, ends[row])]
            log_e[row : row + len(block)] = self._log_ratio(recent, base, times[row])[streams, block]
            np.add.at(pending, (streams, block), 1.0)
            pending_base += len(block) * self._normal(times[row])[2]
            row, filled = row + len(block), filled + len(block)
            if filled == _BLOCK:
                recent, base = recent * keep + pending, base * keep + pending_base
                pending, pending_base, filled = np.zeros_like(pending), np.zeros_like(pending), 0
        return replace(
            self,
            recent=recent,
            pending=pending,
            filled=filled,
            base=base,
            pending_base=pending_base,
            evidence=self.evidence.absorb(log_e, times, self.budget),
        )

    def _normal(self, at: float) -> tuple[Floats, Floats, Floats]:
        """Return the bounds and the shares that are expected at a time."""
        if self.cycle is None:
            return self.lower, self.upper, self.expected
        phase = int(self.cycle.phases(np.array([at]))[0])
        return self.cycle.lower[phase], self.cycle.upper[phase], self.cycle.expected[phase]

    def _log_ratio(self, recent: Floats, base: Floats, at: float) -> Floats:
        """Logarithm of the e-value of each bin, of shape (n_streams, n_bins, 2)."""
        lower, upper, expected = self._normal(at)
        exists = upper > 0
        prior = _PRIOR * expected
        tilt = np.divide(
            recent + prior, base + prior, out=np.ones_like(recent), where=exists & (expected > 0)
        )
        q = expected * tilt
        q = q / q.sum(axis=-1, keepdims=True)
        p = np.stack([nearest(each, lower, upper) for each in q])
        ratio: Floats = np.log(np.where(exists, q, 1.0) / np.where(exists, p, 1.0))
        return np.moveaxis(ratio, 0, -1)

    def to_dict(self) -> dict[str, Any]:
        """Return the state as JSON-able content, without what the reference and the budget hold."""
        return {
            "recent": self.recent.tolist(),
            "pending": self.pending.tolist(),
            "filled": self.filled,
            "base": self.base.tolist(),
            "pending_base": self.pending_base.tolist(),
            "evidence": self.evidence.to_dict(),
        }

    def restored(self, content: dict[str, Any]) -> HistogramDetector:
        """Return this detector in the state that ``to_dict`` returned."""
        return replace(
            self,
            recent=np.array(content["recent"]).reshape(self.recent.shape),
            pending=np.array(content["pending"]).reshape(self.pending.shape),
            filled=int(content["filled"]),
            base=np.array(content["base"]).reshape(self.recent.shape),
            pending_base=np.array(content["pending_base"]).reshape(self.pending.shape),
            evidence=self.evidence.restored(content["evidence"]),
        )


def _ends(times: Floats, cycle: Cycle | None) -> NDArray[np.intp]:
    """Return for each row the row at which its phase ends."""
    phases = np.zeros(len(times)) if cycle is None else cycle.phases(times)
    last = np.append(np.flatnonzero(np.diff(phases)) + 1, len(times))
    ends: NDArray[np.intp] = last[np.searchsorted(last, np.arange(len(times)), side="right")]
    return ends


def _padded(rows: Ragged) -> Floats:
    table = np.zeros((len(rows), max((len(row) for row in rows), default=0)))
    for index, row in enumerate(rows):
        table[index, : len(row)] = row
    return table
