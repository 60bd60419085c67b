"""Bootstrap replicates of a figure, and the limits and p-values that follow from them.

The interval is Efron's BCa, with three refinements that honest small samples and many looks need:
the tails are widened by Student's t as in Hesterberg's expanded percentile interval; the acceleration comes
from a jackknife over at most 200 blocks of rows; and a tail too far out for the number of resamples is
extrapolated on the normal scale from the furthest quantile that the resamples do resolve.

References
----------
B. Efron, "Better bootstrap confidence intervals", JASA 82 (1987).
T. Hesterberg, "What teachers should know about the bootstrap", The American Statistician 69 (2015).
C. Field and A. Welsh, "Bootstrapping clustered data", JRSS B 69 (2007): whole clusters are resampled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from modelwright.errors import DataError
from modelwright.evaluation.weighted import Floats, Statistic

_CELLS_AT_A_TIME = 2_000_000
_JACKKNIFE_BLOCKS = 200
_ROWS_IN_A_RESOLVED_TAIL = 10
_FLATTEST = 0.25


@dataclass(frozen=True)
class Units:
    """What is drawn with replacement: rows, or whole clusters of rows.

    Attributes
    ----------
    count : int
        Number of units.
    codes : ndarray of shape (n,) or None
        The unit of each row; None where every row is one.
    rows : int
        Number of rows.
    """

    rows: int
    count: int
    codes: NDArray[np.int64] | None = None

    @classmethod
    def of(cls, rows: int, clusters: NDArray[np.generic] | None) -> Units:
        """Make units of `rows` rows, clustered where `clusters` names a cluster for each row."""
        if clusters is None:
            return cls(rows=rows, count=rows)
        names, codes = np.unique(np.asarray(clusters), return_inverse=True)
        return cls(rows=rows, count=len(names), codes=codes.astype(np.int64))

    def spread(self, weights: Floats) -> Floats:
        """Hand each unit's weight to its rows."""
        return weights if self.codes is None else weights[:, self.codes]


def replicates(statistic: Statistic, units: Units, *, resamples: int, seed: int) -> Floats:
    """Evaluate a statistic on bootstrap resamples.

    Returns
    -------
    ndarray of shape (resamples,) or (resamples, m)
        One figure, or m of them, for each resample.
    """
    rng = np.random.default_rng(seed)
    parts = [statistic(units.spread(counts)) for counts in _counts(units.count, resamples, rng, units.rows)]
    return np.concatenate(parts)


def _counts(units: int, resamples: int, rng: np.random.Generator, rows: int) -> Iterator[Floats]:
    at_a_time = max(1, _CELLS_AT_A_TIME // max(rows, 1))
    for start in range(0, resamples, at_a_time):
        size = min(at_a_time, resamples - start)
        drawn = rng.integers(0, units, size=(size, units)) + np.arange(size)[:, None] * units
        yield np.bincount(drawn.ravel(), minlength=size * units).reshape(size, units).astype(np.float64)


def acceleration(statistic: Statistic, units: Units, *, seed: int) -> float:
    """Estimate how the spread of a figure changes with its value, by leaving out one block at a time."""
    blocks = min(units.count, _JACKKNIFE_BLOCKS)
    member = np.random.default_rng(seed).permutation(units.count) % blocks
    at_a_time = max(1, _CELLS_AT_A_TIME // max(units.rows, 1))
    parts = [
        statistic(
            units.spread((member != np.arange(start, min(start + at_a_time, blocks))[:, None]).astype(float))
        )
        for start in range(0, blocks, at_a_time)
    ]
    left_out = np.concatenate(parts)
    deviation = np.nanmean(left_out) - left_out[np.isfinite(left_out)]
    scale = float((deviation**2).sum()) ** 1.5
    return float((deviation**3).sum()) / (6 * scale) if scale > 0 else 0.0


@dataclass(frozen=True)
class Distribution:
    """The bootstrap distribution of one figure.

    Attributes
    ----------
    value : float
        The figure on the rows as they are.
    draws : ndarray of shape (b,)
        Its replicates, sorted, without those where it is not defined.
    acceleration : float
        The a of BCa.
    units : int
        Number of independent units behind the figure.
    """

    value: float
    draws: Floats
    acceleration: float
    units: int

    @classmethod
    def of(cls, statistic: Statistic, units: Units, *, resamples: int, seed: int) -> Distribution:
        """Resample a statistic that gives one figure.

        Raises
        ------
        DataError
            If the figure is not defined on the rows, or on hardly any resample of them.
        """
        value = float(statistic(np.ones((1, units.rows)))[0])
        draws = (
            replicates(statistic, units, resamples=resamples, seed=seed)
            if np.isfinite(value)
            else np.empty(0)
        )
        draws = np.sort(draws[np.isfinite(draws)])
        if len(draws) < resamples / 2:
            raise DataError(
                f"the figure is not defined on these {units.rows} rows (a metric of two classes needs rows "
                "of both); evaluate on more rows"
            )
        return cls(value, draws, acceleration(statistic, units, seed=seed), units.count)

    @property
    def constant(self) -> bool:
        """Whether no resample differs from the figure, so that the bootstrap is blind."""
        return bool(np.ptp(self.draws) <= 1e-12 * max(1.0, abs(self.value)))

    def limits(self, alpha: float) -> tuple[float, float]:
        """Return the two-sided limits that miss the figure's true value with probability `alpha`."""
        if self.constant:
            return self.value, self.value
        reach = self._stretch * self._student(1 - alpha / 2)
        return self._quantile(self._corrected(-reach)), self._quantile(self._corrected(reach))

    def p_value(self) -> float:
        """Return the smallest two-sided `alpha` whose limits leave out zero."""
        from scipy.special import stdtr

        if self.constant:
            return 1.0 if self.value == 0 else 0.0
        beyond = self._normal_score_of_zero() - self._bias
        z = beyond / max(1 + self.acceleration * beyond, _FLATTEST) - self._bias
        return float(2 * stdtr(self.units - 1, -abs(z) / self._stretch))

    @cached_property
    def _bias(self) -> float:
        below = np.mean(self.draws < self.value) + np.mean(self.draws == self.value) / 2
        return _normal_score(float(np.clip(below, 1 / len(self.draws), 1 - 1 / len(self.draws))))

    @property
    def _stretch(self) -> float:
        return float(np.sqrt(self.units / max(self.units - 1, 1)))

    def _student(self, probability: float) -> float:
        from scipy.special import stdtrit

        return float(stdtrit(max(self.units - 1, 1), probability))

    def _corrected(self, z: float) -> float:
        shifted = self._bias + z
        return self._bias + shifted / max(1 - self.acceleration * shifted, _FLATTEST)

    @property
    def _resolved(self) -> float:
        return min(0.25, _ROWS_IN_A_RESOLVED_TAIL / len(self.draws))

    def _quantile(self, z: float) -> float:
        furthest = _normal_score(self._resolved)
        if abs(z) <= abs(furthest):
            return float(np.quantile(self.draws, _normal_share(z)))
        middle = float(np.quantile(self.draws, 0.5))
        edge = float(np.quantile(self.draws, self._resolved if z < 0 else 1 - self._resolved))
        return middle + (edge - middle) * abs(z / furthest)

    def _normal_score_of_zero(self) -> float:
        below = float(np.mean(self.draws < 0) + np.mean(self.draws == 0) / 2)
        if self._resolved <= below <= 1 - self._resolved:
            return _normal_score(below)
        furthest, middle = _normal_score(self._resolved), float(np.quantile(self.draws, 0.5))
        edge = float(np.quantile(self.draws, self._resolved if middle > 0 else 1 - self._resolved))
        size = abs(middle / (edge - middle)) * abs(furthest) if edge != middle else np.inf
        return float(-size if middle > 0 else size)


def _normal_score(share: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(share))


def _normal_share(score: float) -> float:
    from scipy.special import ndtr

    return float(ndtr(score))
