"""The cycles of the day and the week: what is normal at one hour need not be at another."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.monitoring.bounds import share_bounds

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

_HOUR, _DAY = 3600.0, 86_400.0
_HOURS, _WEEK = 24, 7
_MONDAY = 4 * _DAY  # the first Monday after 1970 began, a Thursday
_SURE = 1e-4  # a column is taken to be cyclic only if chance would make it look so less often


class Clock(BaseModel):
    """Phases of the day, and of the week where the reference has seen a whole one; in UTC.

    Attributes
    ----------
    weekly : bool
        Whether the hours of Saturday and Sunday are phases of their own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    weekly: bool

    @classmethod
    def of(cls, seconds: Floats) -> Self | None:
        """Choose phases for the times of a reference; None where it has seen less than two days."""
        seconds = seconds[np.isfinite(seconds)]
        days = np.ptp(seconds) / _DAY if len(seconds) else 0.0
        return cls(weekly=bool(days > _WEEK - 0.5)) if days > 1.5 else None

    @property
    def size(self) -> int:
        """Number of phases."""
        return _HOURS * (2 if self.weekly else 1)

    def phases(self, seconds: Floats) -> Codes:
        """Return the phase of each time, given in seconds since 1970."""
        known = np.nan_to_num(np.asarray(seconds, dtype=np.float64))
        hour = np.floor(known / _HOUR).astype(np.int64) % _HOURS
        weekday = np.floor((known - _MONDAY) / _DAY).astype(np.int64) % _WEEK
        return np.where(self.weekly & (weekday >= 5), hour + _HOURS, hour)


class Phases(BaseModel):
    """What is normal of one stream at each phase.

    Attributes
    ----------
    lower, upper, expected : tuple of tuple of float
        Of each phase, the bounds and the shares of the bins.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    lower: tuple[tuple[float, ...], ...]
    upper: tuple[tuple[float, ...], ...]
    expected: tuple[tuple[float, ...], ...]

    @classmethod
    def count(
        cls, codes: Codes, phases: Codes, shape: tuple[int, int], mistake: float, margin: float
    ) -> Self | None:
        """Count the bins of each phase; None where they are spread alike in all.

        Parameters
        ----------
        codes, phases : ndarray of shape (n,)
            Bin and phase of each row.
        shape : tuple of (n_phases, n_bins)
        mistake : float
            Probability that any bound is wrong.
        margin : float
            By which the bounds are widened.
        """
        counts = np.zeros(shape)
        np.add.at(counts, (phases, codes), 1.0)
        if not _is_cyclic(counts):
            return None
        pooled = (counts.sum(axis=0) + 0.5) / (counts.sum() + 0.5 * shape[1])
        lower, upper = np.zeros(shape), np.ones(shape)
        for phase, some in enumerate(counts):
            if some.sum():
                limits = share_bounds(some.astype(np.int64), int(some.sum()), mistake / shape[0])
                lower[phase], upper[phase] = limits
        # A phase with few rows leans on the others, for what is expected; its bounds are its own.
        expected = (counts + 20 * pooled) / (counts.sum(axis=1, keepdims=True) + 20)
        return cls(
            lower=_rows(np.maximum(lower - margin, 0.0)),
            upper=_rows(np.minimum(upper + margin, 1.0)),
            expected=_rows(expected),
        )


def _is_cyclic(counts: Floats) -> bool:
    from scipy.stats import chi2

    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        return False
    fit = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
    statistic = float(((counts - fit) ** 2 / fit).sum())
    degrees = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return bool(chi2.sf(statistic, degrees) < _SURE)


def _rows(table: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in table.tolist())
