"""A share of rows with its limits, also where rows of a group go together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict


class Share(BaseModel):
    """A share of rows, between 0 and 1, with its limits.

    Attributes
    ----------
    rows : int
        Of how many.
    value, low, high : float
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    rows: int
    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{100 * self.value:.1f} % ({100 * self.low:.1f} to {100 * self.high:.1f})"


def share_of(hits: NDArray[np.bool_], alpha: float, groups: NDArray[np.generic] | None = None) -> Share:
    """Measure a share with its interval.

    Parameters
    ----------
    hits : ndarray of shape (n,), bool
        At least one row.
    alpha : float
        The error that the interval may have.
    groups : ndarray of shape (n,), optional
        The group of each row. The interval is then that of fewer rows: as many independent ones as would have
        the variance that the groups' sums have (Kish's design effect).

    Notes
    -----
    Wilson's score interval (1927).
    """
    from scipy.special import ndtri

    rows, share = len(hits), float(hits.mean())
    n = rows if groups is None else _independent(hits.astype(np.float64), share, groups)
    z = float(-ndtri(alpha / 2))
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z / (1 + z**2 / n) * float(np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)))
    return Share(rows=rows, value=share, low=max(0.0, centre - reach), high=min(1.0, centre + reach))


def _independent(hits: NDArray[np.float64], share: float, groups: NDArray[np.generic]) -> float:
    _, code = np.unique(groups, return_inverse=True)
    sums = np.bincount(code, weights=hits - share)
    count = len(sums)
    variance = float((sums**2).sum()) / len(hits) ** 2 * count / max(count - 1, 1)
    if variance <= 0:
        return float(count)
    return min(float(len(hits)), max(1.0, share * (1 - share) / variance))
