"""Tells whether a bounded figure, a loss or the rate of an event, is on average above its promise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from modelwright.monitoring.detectors.budget import Budget
from modelwright.monitoring.detectors.evidence import Evidence, Floats

_STAKES = np.array([0.01, 0.03, 0.1, 0.3, 0.9])
_MEMORY = 300  # rows that the recent mean remembers


@dataclass(frozen=True)
class BoundedMeanDetector:
    r"""Bets that values in [0, 1] exceed their promised mean.

    With stake :math:`\kappa`, a value :math:`x` whose mean was promised to be at most :math:`m` has the
    e-value :math:`1 + \kappa (x / m - 1)` (Waudby-Smith and Ramdas 2024, "Estimating means of bounded random
    variables by betting"). The evidence is the mean over five stakes from 1 % to 90 %, since the best one
    depends on how far the mean has risen: close to the promise a small one, far above it a large one.

    Assumes that, while the promise holds, the expected value of the next observation is at most :math:`m`
    whatever came before; nothing else about the distribution.

    Attributes
    ----------
    level : ndarray of shape (n_streams,)
        The promised mean, above 0 and at most 1.
    budget : Budget
        The false alarms that each stream may expect to raise.
    recent : ndarray of shape (n_streams, 2)
        Weighted sum and weighted count of the recent values.
    evidence : Evidence
        The evidence of each stream.
    """

    level: Floats
    budget: Budget
    recent: Floats
    evidence: Evidence

    @classmethod
    def begin(cls, level: Floats, budget: Budget, at: float, weight: Floats | None = None) -> Self:
        """Start to watch at time `at`, in seconds since 1970; the weights share the budget out."""
        evidence = Evidence.begin(len(level), len(_STAKES), at, budget, weight)
        return cls(level, budget, np.zeros((len(level), 2)), evidence)

    @property
    def means(self) -> Floats:
        """Mean of the recent values of each stream; NaN before the first."""
        weighted, count = self.recent.T
        means: Floats = np.divide(weighted, count, out=np.full(len(count), np.nan), where=count > 0)
        return means

    def update(self, observed: Floats, times: Floats, dates: Floats | None = None) -> BoundedMeanDetector:
        """Take in new values.

        Parameters
        ----------
        observed : ndarray of shape (n, n_streams)
            Values in [0, 1].
        times : ndarray of shape (n,)
            When they came, in seconds since 1970.
        dates : ndarray of shape (n,), optional
            When they happened, where that was earlier, as with a loss whose label came late.
        """
        values = np.asarray(observed, dtype=np.float64)
        log_e = np.log1p(_STAKES * (values / self.level - 1.0)[:, :, None])
        evidence = self.evidence.absorb(log_e, times, self.budget, dates)
        return replace(self, recent=self._recent(values), evidence=evidence)

    def _recent(self, values: Floats) -> Floats:
        decay = 1 - 1 / _MEMORY
        weights = decay ** np.arange(len(values) - 1, -1, -1)
        fresh = np.column_stack([weights @ values, np.full(values.shape[1], weights.sum())])
        result: Floats = self.recent * decay ** len(values) + fresh
        return result

    def to_dict(self) -> dict[str, Any]:
        """Return the state as JSON-able content, without what the reference and the budget hold."""
        return {
            "recent": self.recent.tolist(),
            "evidence": self.evidence.to_dict(),
        }

    def restored(self, content: dict[str, Any]) -> BoundedMeanDetector:
        """Return this detector in the state that ``to_dict`` returned."""
        return replace(
            self,
            recent=np.array(content["recent"]).reshape(self.recent.shape),
            evidence=self.evidence.restored(content["evidence"]),
        )
