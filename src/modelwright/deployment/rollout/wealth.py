"""Evidence on a bounded mean that holds after every row: bets against what it might be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_STAKES = np.array([0.01, 0.03, 0.1, 0.3, 0.9])
_MOST_AT_ONCE = 512  # rows that are held against all nulls at once
_FINE = 7.0


def nulls_around_zero() -> Floats:
    """Return 141 differences between -0.95 and 0.95, the closer together the closer they are to 0."""
    nulls: Floats = 0.95 * np.sinh(np.linspace(-_FINE, _FINE, 141)) / np.sinh(_FINE)
    nulls[70] = 0.0
    return nulls


@dataclass(frozen=True)
class Wealth:
    r"""What one would have earned by betting that a mean lies above, or below, each of some values.

    With stake :math:`\kappa`, a value :math:`x` from :math:`[a, b]` multiplies what was bet on a mean above
    :math:`m` by :math:`1 + \kappa (x - m) / (m - a)`, which is on average at most one where the mean is at
    most :math:`m`, and never below zero; and in the same way for a mean below :math:`m`. The mean over the
    stakes is an e-process: by Ville's inequality it ever reaches :math:`1 / \alpha` with a probability of at
    most :math:`\alpha`, however often one looks (Waudby-Smith and Ramdas 2024, "Estimating means of bounded
    random variables by betting"). The values that have not been bet away are a confidence sequence.

    Assumes that the expected value of the next :math:`x` is the same whatever came before.

    Attributes
    ----------
    nulls : ndarray of shape (n_nulls,)
        Values that the mean is held against, ascending.
    low, high : float
        What no value lies beyond.
    above, below : ndarray of shape (n_nulls, n_stakes)
        Logarithm of what bets on a mean above, or below, each null have come to.
    rows : int
        Values seen.
    total : float
        Their sum.
    """

    nulls: Floats
    low: float
    high: float
    above: Floats
    below: Floats
    rows: int = 0
    total: float = 0.0

    @classmethod
    def begin(cls, nulls: Floats, low: float = -1.0, high: float = 1.0) -> Self:
        """Start with nothing won or lost."""
        nothing = np.zeros((len(nulls), len(_STAKES)))
        return cls(np.asarray(nulls, dtype=np.float64), low, high, nothing, nothing)

    def absorb(self, values: Floats) -> Wealth:
        """Take in values, oldest first.

        Parameters
        ----------
        values : ndarray of shape (n,)
            Between ``low`` and ``high``.
        """
        above, below = self.above, self.below
        for start in range(0, len(values), _MOST_AT_ONCE):
            distance = values[start : start + _MOST_AT_ONCE, None] - self.nulls
            up = np.maximum(distance / (self.nulls - self.low), -1.0)
            down = np.maximum(-distance / (self.high - self.nulls), -1.0)
            above = above + np.log1p(up[:, :, None] * _STAKES).sum(axis=0)
            below = below + np.log1p(down[:, :, None] * _STAKES).sum(axis=0)
        rows, total = self.rows + len(values), self.total + float(np.sum(values))
        return Wealth(self.nulls, self.low, self.high, above, below, rows, total)

    @property
    def mean(self) -> float | None:
        """Mean of the values; None before the first."""
        return self.total / self.rows if self.rows else None

    def e_above(self, null: float) -> float:
        """Return the evidence that the mean is above one of the nulls."""
        return float(_e_values(self.above)[self._at(null)])

    def e_below(self, null: float) -> float:
        """Return the evidence that the mean is below one of the nulls."""
        return float(_e_values(self.below)[self._at(null)])

    def interval(self, error: float) -> tuple[float, float]:
        """Return limits that hold the mean at all times, with a probability of at least ``1 - error``."""
        lost_above = self.nulls[_e_values(self.above) >= 2 / error]
        lost_below = self.nulls[_e_values(self.below) >= 2 / error]
        return float(max(lost_above, default=self.low)), float(min(lost_below, default=self.high))

    def to_dict(self) -> dict[str, Any]:
        """Return the state as JSON-able content; `restored` reads it exactly."""
        return {
            "above": self.above.tolist(),
            "below": self.below.tolist(),
            "rows": self.rows,
            "total": self.total,
        }

    def restored(self, content: dict[str, Any]) -> Wealth:
        """Return the state that ``to_dict`` returned."""
        above, below = np.array(content["above"]), np.array(content["below"])
        return Wealth(self.nulls, self.low, self.high, above, below, content["rows"], content["total"])

    def _at(self, null: float) -> int:
        return int(np.argmin(np.abs(self.nulls - null)))


def _e_values(logs: Floats) -> Floats:
    values: Floats = np.exp(np.minimum(logs, 700.0)).mean(axis=1)
    return values
