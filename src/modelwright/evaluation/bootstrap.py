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
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from modelwright.engine import cores
from modelwright.errors import DataError
from modelwright.evaluation.arrays import Floats
from modelwright.evaluation.drawing import CELLS_IN_CACHE, Units, affordable
from modelwright.evaluation.weighted import Statistic, together

_JACKKNIFE_BLOCKS = 200
_ROWS_IN_A_RESOLVED_TAIL = 10
_FLATTEST = 0.25
_CELLS_FOR_THREADS = 5_000_000


def replicates(statistic: Statistic, units: Units, *, resamples: int, seed: int) -> Floats:
    """Evaluate a statistic on bootstrap resamples.

    Returns
    -------
    ndarray of shape (b,) or (b, m)
        One figure, or m of them, for each resample; b is `affordable`. The same for the same seed, on however
        many threads.
    """
    parts = units.counts(resamples, seed)
    at_once = max(1, CELLS_IN_CACHE // units.rows)

    def evaluate(draw: Callable[[], NDArray[np.uint8]]) -> Floats:
        counts = draw()
        starts = range(0, len(counts), at_once)
        return np.concatenate([statistic(units.spread(counts[start : start + at_once])) for start in starts])

    with _blas().limit(limits=1, user_api="blas"):  # its own threads would sum in another order
        if affordable(resamples, units.count) * units.rows < _CELLS_FOR_THREADS:
            return np.concatenate([evaluate(draw) for draw in parts])
        with ThreadPoolExecutor(cores(0)) as pool:
            return np.concatenate(list(pool.map(evaluate, parts)))


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


def left_out(statistic: Statistic, units: Units, *, seed: int) -> Floats:
    """Evaluate a statistic without one block of units at a time: at most 200, at random or in time."""
    blocks = min(units.independent, _JACKKNIFE_BLOCKS)
    member = np.arange(units.count) * blocks // units.count
    if units.length == 1:
        member = np.random.default_rng(seed).permutation(units.count) % blocks
    at_once = max(1, CELLS_IN_CACHE // max(units.rows, 1))
    parts = []
    for start in range(0, blocks, at_once):
        kept = member != np.arange(start, min(start + at_once, blocks))[:, None]
        parts.append(statistic(units.spread(kept.astype(np.uint8))))
    return np.concatenate(parts)


def _acceleration(jackknifed: Floats) -> float:
    """Estimate how the spread of a figure changes with its value."""
    known = jackknifed[np.isfinite(jackknifed)]
    deviation = known.mean() - known if len(known) else known
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
        Number of independent units (rows, clusters, blocks of time) behind the figure.
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
        """Resample a statistic that gives one figure; see `each`."""
        (found,) = cls.each([statistic], units, resamples=resamples, seed=seed, corrected=corrected)
        return found

    @classmethod
    def each(
        cls,
        statistics: Sequence[Statistic],
        units: Units,
        *,
        resamples: int,
        seed: int,
        corrected: bool = True,
    ) -> list[Distribution]:
        """Resample several figures on the same resamples.

        Parameters
        ----------
        statistics : sequence of callable
            Each from weights of shape (b, n) to b figures.
        units : Units
            What is drawn.
        resamples, seed : int
            How many draws, and their seed.
        corrected : bool, default True
            BCa limits; otherwise plain percentiles.

        Raises
        ------
        DataError
            If a figure is not defined on the rows, or on hardly any resample of them.
        """
        if units.count < 2:
            raise DataError(
                f"an interval needs at least 2 rows or groups but got {units.count}; evaluate on more"
            )
        if not statistics:
            return []
        joined = together(statistics)
        values = joined(units.whole)[0]
        if not np.isfinite(values).all():
            raise _not_defined(units)
        draws = replicates(joined, units, resamples=resamples, seed=seed)
        jackknifed = left_out(joined, units, seed=seed) if corrected else np.zeros((1, len(values)))
        return [
            cls._of_draws(float(value), draws[:, at], jackknifed[:, at], units, corrected=corrected)
            for at, value in enumerate(values)
        ]

    @classmethod
    def _of_draws(
        cls, value: float, drawn: Floats, jackknifed: Floats, units: Units, *, corrected: bool
    ) -> Distribution:
        draws = np.sort(drawn[np.isfinite(drawn)])
        if len(draws) < len(drawn) / 2:
            raise _not_defined(units)
        if not corrected:
            return cls(value, draws, 0.0, 0.0, units.independent)
        return cls(value, draws, _bias(value, draws), _acceleration(jackknifed), units.independent)

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


def _not_defined(units: Units) -> DataError:
    return DataError(
        f"the figure is not defined on these {units.rows} rows (a metric of two classes needs rows of both); "
        "evaluate on more rows"
    )
