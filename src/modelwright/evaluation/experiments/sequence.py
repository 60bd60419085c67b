"""Intervals that hold at every look, however often and for whatever reason somebody looks.

Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), "Time-uniform central limit theory and asymptotic
confidence sequences", Annals of Statistics 52 (theorem 2.2 and its section on tuning).
"""

from __future__ import annotations

import math


def tightest_at(rows: float, alpha: float) -> float:
    """Return the parameter that makes the sequence nearly tightest when so many rows have come.

    Parameters
    ----------
    rows : float
        Fixed before the first look; the sequence holds for every choice.
    alpha : float
        Error over all looks together.
    """
    return math.sqrt((-2 * math.log(alpha) + math.log(1 - 2 * math.log(alpha))) / rows)


def margin(rows: int, deviation: float, alpha: float, rho: float) -> float:
    """Return how far the mean of the first rows may be from the truth, at this and at every other look.

    Parameters
    ----------
    rows : int
        How many have come.
    deviation : float
        Their standard deviation.
    alpha : float
        Error over all looks together.
    rho : float
        As `tightest_at` returns it.
    """
    spread = rows * rho**2 + 1
    return deviation * math.sqrt(2 * spread / (rows * rho) ** 2 * math.log(math.sqrt(spread) / alpha))


def always_valid_p(rows: int, mean: float, deviation: float, rho: float) -> float:
    """Return the least error at which the sequence excludes 0: a p-value that may be looked at any time.

    Parameters
    ----------
    rows : int
        How many have come.
    mean, deviation : float
        Of the rows.
    rho : float
        As `tightest_at` returns it.
    """
    if deviation == 0:
        return 1.0 if mean == 0 else 0.0
    spread = rows * rho**2 + 1
    exponent = (rows * rho * mean / deviation) ** 2 / (2 * spread)
    return min(1.0, math.exp(min(0.0, 0.5 * math.log(spread) - exponent)))
