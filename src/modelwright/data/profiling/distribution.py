"""How the numbers of a column are distributed."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from modelwright.data.profiling.gathering import Moments
from modelwright.data.profiling.results import Bar, Numbers, Outliers

SHARES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
BARS = 20
FEW = 20
"""Up to so many distinct values, each has a bar of its own."""
FENCE = 3.0
"""Interquartile ranges beyond which a value is far out (Tukey, 1977)."""
FEWEST_DISTINCT = 10
SKEWED = 0.2

Numeric = NDArray[np.float64]


def describe_numbers(
    numbers: Numeric, counts: Numeric, *, moments: Moments | None, scale: float, judge_outliers: bool
) -> Numbers | None:
    """Describe numbers that are there so many times.

    Parameters
    ----------
    numbers, counts : numpy.ndarray
        Distinct numbers, and how often each is there; all that are there, or those of the sample.
    moments : Moments or None
        Exact figures of all rows, where `numbers` are a sample's.
    scale : float
        How many rows of the table one of the sample stands for; 1 where `numbers` are all that are there.
    judge_outliers : bool
        Whether to look for numbers far from the others.
    """
    infinite = int(counts[~np.isfinite(numbers)].sum())
    keep = np.isfinite(numbers)
    order = np.argsort(numbers[keep], kind="stable")
    numbers, counts = numbers[keep][order], counts[keep][order]
    if not len(numbers):
        return None
    up_to = np.cumsum(counts)
    total = up_to[-1]

    def quantile(share: float) -> float:
        return float(numbers[np.searchsorted(up_to, share * total)])

    if moments is None or not moments.count:
        moments = _moments(numbers, counts, scale, infinite)
    return Numbers(
        minimum=moments.minimum,
        maximum=moments.maximum,
        mean=moments.mean,
        deviation=math.sqrt(moments.square / moments.count),
        quantiles=tuple((share, quantile(share)) for share in SHARES),
        histogram=_histogram(numbers, counts, quantile(0.005), quantile(0.995)),
        zeros=moments.zeros,
        negative=moments.negative,
        infinite=moments.infinite,
        outliers=_outliers(numbers, counts, quantile(0.25), quantile(0.5), quantile(0.75), scale)
        if judge_outliers and len(numbers) >= FEWEST_DISTINCT
        else None,
        counted=scale == 1,
    )


def _moments(numbers: Numeric, counts: Numeric, scale: float, infinite: int) -> Moments:
    total = counts.sum()
    mean = float((numbers * counts).sum() / total)
    return Moments(
        count=round(total * scale),
        zeros=round(counts[numbers == 0].sum() * scale),
        negative=round(counts[numbers < 0].sum() * scale),
        infinite=round(infinite * scale),
        mean=mean,
        square=float(((numbers - mean) ** 2 * counts).sum() * scale),
        minimum=float(numbers[0]),
        maximum=float(numbers[-1]),
    )


def _histogram(numbers: Numeric, counts: Numeric, low: float, high: float) -> tuple[Bar, ...]:
    """Draw bars of one width; the first and the last reach to the smallest and the largest number."""
    total = counts.sum()
    if len(numbers) <= FEW:
        return tuple(
            Bar(float(number), float(number), float(count / total))
            for number, count in zip(numbers, counts, strict=True)
        )
    if high <= low:
        low, high = float(numbers[0]), float(numbers[-1])
    edges = np.linspace(low, high, BARS + 1)
    place = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, BARS - 1)
    held = np.bincount(place, weights=counts, minlength=BARS) / total
    edges[0], edges[-1] = numbers[0], numbers[-1]
    return tuple(Bar(float(edges[at]), float(edges[at + 1]), float(held[at])) for at in range(BARS))


def _outliers(
    numbers: Numeric, counts: Numeric, lower: float, middle: float, upper: float, scale: float
) -> Outliers | None:
    if upper <= lower:
        return None
    how: Literal["as it is", "logarithm"] = "as it is"
    skew = (upper + lower - 2 * middle) / (upper - lower)  # Bowley, 1901
    if numbers[0] > 0 and skew > SKEWED:
        how = "logarithm"
        lower, upper = math.log(lower), math.log(upper)
    low, high = lower - FENCE * (upper - lower), upper + FENCE * (upper - lower)
    if how == "logarithm":
        low, high = math.exp(low), math.exp(min(high, 700.0))
    beyond = (numbers < low) | (numbers > high)
    return Outliers(
        count=round(float(counts[beyond].sum()) * scale),
        low=low if numbers[0] < low else None,
        high=high if numbers[-1] > high else None,
        scale=how,
    )
