"""Bins: how a column's values are grouped before they are counted."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

Codes = NDArray[np.int64]

MOST_LEVELS = 12  # of a category, with a bin of their own


class NumberBins(BaseModel):
    """Bins of a number: missing, then the intervals between the edges, each with its right end.

    Attributes
    ----------
    edges : tuple of float
        Rising; the first is just below the smallest value of the reference, the last is the largest. Without
        edges, all values share one bin.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["number"] = "number"
    edges: tuple[float, ...]

    @property
    def size(self) -> int:
        """Number of bins."""
        return len(self.edges) + 2

    def codes(self, values: pl.Series) -> Codes:
        """Return the bin of each value; 0 is missing."""
        numbers = values.cast(pl.Float64).to_numpy()
        inside = np.ones(len(numbers), dtype=np.int8)
        for edge in self.edges:  # a few comparisons of whole columns are faster than a search for each row
            inside += numbers > edge
        return np.where(np.isnan(numbers), 0, inside).astype(np.int64)

    def count(self, values: pl.Series) -> Codes:
        """Return how many values are in each bin."""
        numbers = values.cast(pl.Float64).to_numpy()
        n_missing = int(np.count_nonzero(np.isnan(numbers)))
        above = [int(np.count_nonzero(numbers > edge)) for edge in self.edges]
        return np.array([n_missing, *(-np.diff([len(numbers) - n_missing, *above, 0]))], dtype=np.int64)

    def name(self, code: int) -> str:
        """Say in words which values a bin holds."""
        if code == 0:
            return "missing"
        if not self.edges:
            return "present"
        if code == 1:
            return f"below {_short(self.edges[0])}"
        if code > len(self.edges):
            return f"above {_short(self.edges[-1])}"
        left, right = _short(self.edges[code - 2]), _short(self.edges[code - 1])
        return f"equal to {right}" if left == right else f"between {left} and {right}"


class LevelBins(BaseModel):
    """Bins of a category: missing, any other level, then one for each of the most frequent levels.

    Attributes
    ----------
    levels : tuple of str
        Those that have a bin of their own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["level"] = "level"
    levels: tuple[str, ...]

    @property
    def size(self) -> int:
        """Number of bins."""
        return len(self.levels) + 2

    def codes(self, values: pl.Series) -> Codes:
        """Return the bin of each value; 0 is missing, 1 is any other level."""
        known = {level: code for code, level in enumerate(self.levels, start=2)}
        if not known:
            return values.is_not_null().cast(pl.Int64).to_numpy()
        codes = values.replace_strict(known, default=1, return_dtype=pl.Int64)
        return codes.zip_with(values.is_not_null(), pl.Series([0])).to_numpy()

    def count(self, values: pl.Series) -> Codes:
        """Return how many values are in each bin."""
        found = dict(values.value_counts(name="rows").iter_rows())
        missing, levels = found.pop(None, 0), [found.pop(level, 0) for level in self.levels]
        return np.array([missing, sum(found.values()), *levels], dtype=np.int64)

    def name(self, code: int) -> str:
        """Say in words which values a bin holds."""
        return ("missing", "none of the usual values")[code] if code < 2 else f"'{self.levels[code - 2]}'"


Bins = Annotated[NumberBins | LevelBins, Field(discriminator="kind")]


def number_bins(values: pl.Series, *, rounded: bool = False) -> NumberBins:
    """Choose quantile bins, more of them where there are more rows; a value of many rows gets its own.

    The bounds of a bin are the closer, relative to its probability, the larger the bin is: the fifth root of
    the rows (4 bins for 1,000 rows, 10 for 100,000) is close to what detects a shift soonest.

    Parameters
    ----------
    values : Series
    rounded : bool
        Whether edges are whole hundredths to tenths of the range, so that none is the value of one row.
    """
    numbers = np.sort(values.cast(pl.Float32).drop_nulls().drop_nans().to_numpy())
    if len(numbers) == 0:
        return NumberBins(edges=())
    n_bins = int(np.clip(round(len(numbers) ** 0.2), 4, 10))
    positions = np.ceil(np.arange(1, n_bins + 1) * len(numbers) / n_bins).astype(int) - 1
    if rounded:
        return NumberBins(edges=_rounded(numbers, positions[:-1]))
    ends = np.unique(numbers[positions])
    before = np.nextafter(ends, np.float32(-np.inf))
    shares = (np.searchsorted(numbers, ends, "right") - np.searchsorted(numbers, ends)) / len(numbers)
    smallest = np.nextafter(numbers[:1], np.float32(-np.inf))
    edges = np.unique(np.concatenate([smallest, before[shares >= 1 / n_bins], ends]))
    filled = np.diff(np.searchsorted(numbers, edges, "right"), prepend=-1) > 0
    return NumberBins(edges=tuple(edges[filled].astype(float).tolist()))


def _rounded(numbers: NDArray[np.float32], positions: NDArray[np.int64]) -> tuple[float, ...]:
    spread = float(numbers[-1]) - float(numbers[0])
    if spread <= 0:
        return ()
    step = 10.0 ** (np.floor(np.log10(spread)) - 1)
    return tuple(np.unique(np.round(numbers[positions].astype(float) / step) * step).tolist())


def level_bins(values: pl.Series) -> LevelBins:
    """Give each level a bin of its own where there are few; else those that at least 2 % of the rows have."""
    counts = values.drop_nulls().value_counts(sort=True)
    if counts.height > MOST_LEVELS:
        counts = counts.filter(pl.col("count") >= 0.02 * len(values)).head(MOST_LEVELS)
    return LevelBins(levels=tuple(sorted(counts[values.name].to_list())))


def _short(edge: float) -> str:
    """Write an edge for people, the number just below 0 as 0."""
    return f"{edge:.5g}" if abs(edge) > 1e-37 else "0"
