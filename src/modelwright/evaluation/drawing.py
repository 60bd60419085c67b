"""What a bootstrap draws with replacement: rows, whole clusters of rows, or blocks of neighbours in time.

References
----------
C. Field and A. Welsh, "Bootstrapping clustered data", JRSS B 69 (2007): whole clusters are resampled.
D. Politis and J. Romano, "A circular block-resampling procedure for stationary data" (1992).
D. Politis and H. White, "Automatic block-length selection for the dependent bootstrap", Econometric Reviews
23 (2004), with the correction of A. Patton, D. Politis and H. White, Econometric Reviews 28 (2009).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.evaluation.arrays import Floats, Weights

CELLS_AT_A_TIME = 500_000
CELLS_IN_CACHE = 100_000
"""More at once leave the processor's cache, and cost several times as much."""

_MOST_CELLS = 100_000_000
_MOST_KEPT_CELLS = 20_000_000
_FEWEST_RESAMPLES = 200
_FEWEST_BLOCKS = 10


@dataclass(frozen=True)
class Units:
    """What is drawn with replacement.

    Attributes
    ----------
    rows : int
        Number of rows.
    count : int
        Number of units: rows, or whole clusters of rows.
    codes : ndarray of shape (n,) or None
        The unit of each row, in the order of time where there are blocks; None where every row is one.
    length : int
        How many neighbouring units are drawn together; 1 where time does not matter.
    weight : ndarray of shape (n,) or None
        How much each row counts wherever it is drawn; None where all count alike.
    """

    rows: int
    count: int
    codes: NDArray[np.int64] | None = None
    length: int = 1
    weight: Floats | None = None

    @classmethod
    def of(
        cls,
        rows: int,
        clusters: NDArray[np.generic] | None = None,
        times: NDArray[np.generic] | None = None,
        losses: Floats | None = None,
        weight: Floats | None = None,
    ) -> Units:
        """Make units.

        Parameters
        ----------
        rows : int
            Number of rows.
        clusters : ndarray of shape (n,), optional
            Names a cluster for each row. A row whose cluster is missing is a unit of its own.
        times : ndarray of shape (n,), optional
            When each row was known; then blocks of neighbours are drawn. A cluster is where its first row is.
        losses : ndarray of shape (n,), optional
            What decides how long the blocks are (see `block_length`).
        weight : ndarray of shape (n,), optional
            How much each row counts, on any scale.
        """
        codes = None if clusters is None else _codes(clusters)
        count = rows if codes is None else int(codes.max(initial=-1)) + 1
        if times is None:
            return cls(rows, count, codes, weight=weight)
        codes = _in_order(np.arange(rows) if codes is None else codes, count, times)
        series = (
            None if losses is None else np.bincount(codes, losses, count) / np.bincount(codes, None, count)
        )
        return cls(rows, count, codes, block_length(count, series), weight)

    @property
    def independent(self) -> int:
        """How many draws make a resample: the number of units, or of blocks."""
        return max(1, round(self.count / self.length))

    def spread(self, weights: Weights) -> Weights:
        """Hand each unit's weight to its rows, times their own."""
        of_rows = weights if self.codes is None else weights.take(self.codes, axis=1)
        return of_rows if self.weight is None else of_rows * self.weight

    @property
    def whole(self) -> Floats:
        """The weights of all rows as they are, shape (1, n)."""
        return np.ones((1, self.rows)) if self.weight is None else self.weight[None, :]

    def counts(self, resamples: int, seed: int) -> list[Callable[[], NDArray[np.uint8]]]:
        """Return how the resamples are drawn, in parts of bounded size.

        Each part, once called, says how often each unit is in each of its resamples: shape (b, count). All
        parts together are `affordable` many, and the same for the same seed.
        """
        size, wanted = max(1, CELLS_AT_A_TIME // self.rows), affordable(resamples, self.count)
        draw = _kept_draw if wanted * self.count <= _MOST_KEPT_CELLS else _draw
        sizes = [min(size, wanted - start) for start in range(0, wanted, size)]
        return [partial(draw, self.count, self.length, each, seed, part) for part, each in enumerate(sizes)]


def affordable(resamples: int, units: int) -> int:
    """Return how many resamples are drawn: fewer beyond 100,000 units, at least 200.

    The figures of so many rows are all but normal, so that tails can be extrapolated.
    """
    return min(resamples, max(_FEWEST_RESAMPLES, _MOST_CELLS // units))


def block_length(units: int, series: Floats | None = None) -> int:
    """Choose how many neighbours in time are drawn together.

    Twice the larger of the cube root of their number and Politis and White's automatic choice for the series
    of losses (circular blocks), but no more than leaves ten blocks. Their choice makes the error of the
    variance least; twice as long errs on the side of wide intervals, which hold the truth more often where
    neighbours are much alike.

    Parameters
    ----------
    units : int
        How many there are.
    series : ndarray of shape (units,), optional
        A loss for each, in the order of time.
    """
    least = int(np.ceil(units ** (1 / 3)))
    automatic = 0 if series is None else politis_white(series)
    return max(1, min(2 * max(least, int(np.ceil(automatic))), units // _FEWEST_BLOCKS))


def politis_white(series: Floats) -> float:
    """Return the block length that minimises the error of a circular bootstrap's variance of the mean.

    Parameters
    ----------
    series : ndarray of shape (n,)
        In the order of time.

    Returns
    -------
    float
        0 where the series is constant or too short to tell.
    """
    n = len(series)
    centred = np.asarray(series, dtype=np.float64) - np.mean(series)
    quiet = max(5, int(np.ceil(np.log10(n)))) if n > 1 else n
    longest = int(np.ceil(np.sqrt(n))) + quiet
    if n <= 2 * quiet or longest >= n or not np.any(centred):
        return 0.0
    autocovariance = np.array([centred[lag:] @ centred[: n - lag] / n for lag in range(longest + 1)])
    correlation = autocovariance / autocovariance[0]
    small = np.abs(correlation[1:]) < 2 * np.sqrt(np.log10(n) / n)
    runs = np.convolve(small, np.ones(quiet), mode="valid") == quiet
    lags = np.flatnonzero(~small) + 1
    last = int(np.argmax(runs)) + 1 if runs.any() else int(lags.max(initial=1))
    reach = min(2 * last, longest)
    lag = np.arange(1, reach + 1)
    taper = np.minimum(1.0, 2 * (1 - lag / reach))
    spectrum = autocovariance[0] + 2 * float(taper @ autocovariance[1 : reach + 1])
    slope = 2 * float((taper * lag) @ autocovariance[1 : reach + 1])
    if spectrum <= 0:
        return 0.0
    length = (2 * slope**2 / (4 / 3 * spectrum**2)) ** (1 / 3) * n ** (1 / 3)
    return float(min(length, np.ceil(min(3 * np.sqrt(n), n / 3))))


def _codes(clusters: NDArray[np.generic]) -> NDArray[np.int64]:
    names = [None if name != name else name for name in np.asarray(clusters).tolist()]  # noqa: PLR0124 - NaN
    codes = pl.Series(names, strict=False).rank("dense").fill_null(0).to_numpy().astype(np.int64) - 1
    alone = np.flatnonzero(codes < 0)
    codes[alone] = int(codes.max(initial=-1)) + 1 + np.arange(len(alone))
    return codes


def _in_order(codes: NDArray[np.int64], count: int, times: NDArray[np.generic]) -> NDArray[np.int64]:
    """Return each row's unit, numbered by when its first row was known; rows without a time come first."""
    row = pl.Series(np.asarray(times)).rank("ordinal").fill_null(0).to_numpy()
    first = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(first, codes, row.astype(np.int64))
    place = np.empty(count, dtype=np.int64)
    place[np.argsort(first, kind="stable")] = np.arange(count)
    return place[codes]


def _draw(units: int, length: int, resamples: int, seed: int, part: int) -> NDArray[np.uint8]:
    rng = np.random.default_rng((seed, part))
    draws, at_once = max(1, round(units / length)), max(1, CELLS_IN_CACHE // units)
    counts = np.empty((resamples, units), dtype=np.uint8)
    drawn = np.empty((min(at_once, resamples), draws), dtype=np.int64)
    for start in range(0, resamples, at_once):
        some = counts[start : start + at_once]
        taken = drawn[: len(some)]
        taken[:] = rng.integers(0, units, size=taken.shape, dtype=np.uint32)
        taken += np.arange(len(some))[:, None] * units
        some[:] = np.bincount(taken.ravel(), minlength=some.size).reshape(some.shape)
        if length > 1:
            some[:] = _with_those_that_follow(some, length)
    return counts


def _with_those_that_follow(counts: NDArray[np.uint8], length: int) -> NDArray[np.int64]:
    """Turn counts of blocks, by their first units, into counts of units; the end is before the beginning."""
    total = np.cumsum(np.concatenate([counts[:, -length:], counts], axis=1), axis=1, dtype=np.int64)
    return np.asarray(total[:, length:] - total[:, :-length])


@lru_cache(maxsize=64)  # an evaluation resamples the same rows for some thirty figures
def _kept_draw(units: int, length: int, resamples: int, seed: int, part: int) -> NDArray[np.uint8]:
    return _draw(units, length, resamples, seed, part)
