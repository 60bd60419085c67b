"""Tells whether the distribution of a column, or of the score, has moved away from the reference."""

from __future__ import annotations

from collections.abc import Sequence
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
class HistogramDetector:
    """Bets on the bin of the next observation, against every distribution that the reference allows.

    A forecast ``q`` is an exponentially weighted histogram of the recent past, smoothed towards the
    reference; it changes after each block of 25 rows. The e-value of a row in bin ``b`` is ``q[b] / p[b]``,
    where ``p`` is the allowed distribution nearest to ``q``: it is exactly one while the recent past looks as
    allowed, and it beats ``q[b] / upper[b]`` in every bin. Two forecasts, of a short and a long memory, bet
    side by side.

    Assumes that, while nothing has changed, each row falls into the bins with probabilities within the bounds
    whatever came before: rows may not be cyclic (night and day) beyond what the bounds allow.

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
    """

    lower: Floats
    upper: Floats
    expected: Floats
    budget: Budget
    recent: Floats
    pending: Floats
    filled: int
    evidence: Evidence

    @classmethod
    def begin(
        cls, lower: Ragged, upper: Ragged, expected: Ragged, budget: Budget, at: float
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
        """
        table = _padded(lower)
        pending = np.zeros_like(table)
        recent = np.zeros((len(_MEMORY), *table.shape))
        evidence = Evidence.begin(len(table), len(_MEMORY), at, budget)
        return cls(table, _padded(upper), _padded(expected), budget, recent, pending, 0, evidence)

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
        keep = (1 - _BLOCK / _MEMORY)[:, None, None]
        log_e = np.empty((*observed.shape, len(_MEMORY)))
        streams = np.arange(observed.shape[1])
        row = 0
        while row < len(observed):
            block = observed[row : row + _BLOCK - filled]
            log_e[row : row + len(block)] = self._log_ratio(recent)[streams, block]
            np.add.at(pending, (streams, block), 1.0)
            row, filled = row + len(block), filled + len(block)
            if filled == _BLOCK:
                recent = recent * keep + pending
                pending, filled = np.zeros_like(pending), 0
        evidence = self.evidence.absorb(log_e, times, self.budget)
        return replace(self, recent=recent, pending=pending, filled=filled, evidence=evidence)

    def _log_ratio(self, recent: Floats) -> Floats:
        """Logarithm of the e-value of each bin, of shape (n_streams, n_bins, 2)."""
        q = (recent + _PRIOR * self.expected) / (recent.sum(axis=-1, keepdims=True) + _PRIOR)
        p = np.stack([nearest(each, self.lower, self.upper) for each in q])
        exists = self.upper > 0
        ratio: Floats = np.log(np.where(exists, q, 1.0) / np.where(exists, p, 1.0))
        return np.moveaxis(ratio, 0, -1)

    def to_dict(self) -> dict[str, Any]:
        """Return the state as JSON-able content, without what the reference and the budget hold."""
        return {
            "recent": self.recent.tolist(),
            "pending": self.pending.tolist(),
            "filled": self.filled,
            "evidence": self.evidence.to_dict(),
        }

    def restored(self, content: dict[str, Any]) -> HistogramDetector:
        """Return this detector in the state that ``to_dict`` returned."""
        return replace(
            self,
            recent=np.array(content["recent"]).reshape(self.recent.shape),
            pending=np.array(content["pending"]).reshape(self.pending.shape),
            filled=int(content["filled"]),
            evidence=self.evidence.restored(content["evidence"]),
        )


def _padded(rows: Ragged) -> Floats:
    table = np.zeros((len(rows), max((len(row) for row in rows), default=0)))
    for index, row in enumerate(rows):
        table[index, : len(row)] = row
    return table
