"""Bootstrap replicates of a figure, and the limits and p-values that follow from them.

The limits of a single figure are Efron's BCa; its acceleration comes from a jackknife over at most 200
blocks of rows. The limits of a difference between two predictions are the percentiles as they are: where
there is no difference the truth is symmetric, so that corrections would only add noise (in simulation they
called 11 % of equal pairs different on heavy-tailed errors, where percentiles call 7 %). Both are widened
by Student's t, as Hesterberg's expanded percentile interval is, and a tail too far out for the number of
resamples is extrapolated on the normal scale from the furthest quantile that the resamples do resolve.

References
----------
B. Efron, "Better bootstrap confidence intervals", JASA 82 (1987).
T. Hesterberg, "What teachers should know about the bootstrap", The American Statistician 69 (2015).
C. Field and A. Welsh, "Bootstrapping clustered data", JRSS B 69 (2007): whole clusters are resampled.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.errors import DataError
from modelwright.evaluation.weighted import Floats, Statistic

_CELLS_AT_A_TIME = 1_000_000
_MOST_COUNTS = 20_000_000
_FEWEST_RESAMPLES = 200
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
        """Make units of `rows` rows, clustered where `clusters` names a cluster for each row.

        A row whose cluster is missing is a unit of its own.
        """
        if clusters is None:
            return cls(rows=rows, count=rows)
        names = [None if name != name else name for name in np.asarray(clusters).tolist()]  # noqa: PLR0124 - NaN
        codes = pl.Series(names, strict=False).rank("dense").fill_null(0).to_numpy().astype(np.int64) - 1
        alone = np.flatnonzero(codes < 0)
        named = int(codes.max(initial=-1)) + 1
        codes[alone] = named + np.arange(len(alone))
        return cls(rows=rows, count=named + len(alone), codes=codes)

    def spread(self, weights: Floats) -> Floats:
        """Hand each unit's weight to its rows."""
        return weights if self.codes is None else weights[:, self.codes]


def replicates(statistic: Statistic, units: Units, *, resamples: int, seed: int) -> Floats:
    """Evaluate a statistic on bootstrap resamples.

    Returns
    -------
    ndarray of shape (b,) or (b, m)
        One figure, or m of them, for each resample. Beyond 20,000 units there are fewer resamples, down to
        200, the figures of so many rows are all but normal, so that the tails can be extrapolated.
    """
    counts = _counts(units.count, _affordable(resamples, units.count), seed)
    at_a_time = max(1, _CELLS_AT_A_TIME // units.rows)
    parts = [
        statistic(units.spread(counts[start : start + at_a_time].astype(np.float64)))
        for start in range(0, len(counts), at_a_time)
    ]
    return np.concatenate(parts)


def _affordable(resamples: int, units: int) -> int:
    return min(resamples, max(_FEWEST_RESAMPLES, _MOST_COUNTS // units))


@lru_cache(maxsize=1)  # an evaluation resamples the same rows for some thirty figures
def _counts(units: int, resamples: int, seed: int) -> NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    at_a_time = max(1, _CELLS_AT_A_TIME // units)
    counts = np.empty((resamples, units), dtype=np.uint8)
    for start in range(0, resamples, at_a_time):
        part = counts[start : start + at_a_time]
        drawn = rng.integers(0, units, size=part.shape) + np.arange(len(part))[:, None] * units
        part[:] = np.bincount(drawn.ravel(), minlength=part.size).reshape(part.shape)
    return counts


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
    bias, acceleration : float
        The z0 and a of BCa; both 0 for plain percentiles.
    units : int
        Number of independent units behind the figure.
    """

    value: float
    draws: Floats
    bias: float
    acceleration: float
    units: int

    @classmethod
    def of(
        cls, statistic: Statistic, units: Units, *, resamples: int, seed: int, corrected: bool = True
    ) -> Distribution:
        """Resample a statistic that gives one figure.

        Parameters
        ----------
        statistic : callable
            From weights of shape (b, n) to b figures.
        units : Units
            What is drawn.
        resamples, seed : int
            How many draws, and their seed.
        corrected : bool, default True
            BCa limits; otherwise plain percentiles.

        Raises
        ------
        DataError
            If the figure is not defined on the rows, or on hardly any resample of them.
        """
        if units.count < 2:
            raise DataError(
                f"an interval needs at least 2 rows or groups but got {units.count}; evaluate on more"
            )
        value = float(statistic(np.ones((1, units.rows)))[0])
        draws = (
            replicates(statistic, units, resamples=resamples, seed=seed)
            if np.isfinite(value)
            else np.empty(0)
        )
        draws = np.sort(draws[np.isfinite(draws)])
        if len(draws) < _affordable(resamples, units.count) / 2:
            raise DataError(
                f"the figure is not defined on these {units.rows} rows (a metric of two classes needs rows "
                "of both); evaluate on more rows"
            )
        if not corrected:
            return cls(value, draws, 0.0, 0.0, units.count)
        return cls(value, draws, _bias(value, draws), acceleration(statistic, units, seed=seed), units.count)

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
        """Return the smallest two-sided `alpha` that leaves out zero; a sign test where all draws agree."""
        from scipy.special import stdtr

        if self.constant:
            return 1.0 if self.value == 0 else min(1.0, 2 * 0.5**self.units)
        beyond = self._normal_score_of_zero() - self.bias
        z = beyond / max(1 + self.acceleration * beyond, _FLATTEST) - self.bias
        return float(2 * stdtr(self.units - 1, -abs(z) / self._stretch))

    @property
    def _stretch(self) -> float:
        return float(np.sqrt(self.units / max(self.units - 1, 1)))

    def _student(self, probability: float) -> float:
        from scipy.special import stdtrit

        return float(stdtrit(max(self.units - 1, 1), probability))

    def _corrected(self, z: float) -> float:
        shifted = self.bias + z
        return self.bias + shifted / max(1 - self.acceleration * shifted, _FLATTEST)

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


def _bias(value: float, draws: Floats) -> float:
    below = float(np.mean(draws < value) + np.mean(draws == value) / 2)
    return _normal_score(min(1 - 1 / len(draws), max(1 / len(draws), below)))
