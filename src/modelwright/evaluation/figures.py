"""How figures are written: as many decimals as their uncertainty deserves."""

from __future__ import annotations

import math


def decimals_for(spread: float, value: float) -> int:
    """Return how many decimals show two significant digits of `spread`; four of `value` where that is 0."""
    if spread > 0 and math.isfinite(spread):
        return min(6, max(0, 1 - math.floor(math.log10(spread))))
    if value == 0 or not math.isfinite(value):
        return 3
    return min(6, max(0, 3 - math.floor(math.log10(abs(value)))))


def percent(share: float) -> str:
    """Write a share between 0 and 1 as a percentage, with a decimal only where it is small."""
    points = 100 * share
    return f"{points:.1f} %" if 0 < abs(points) < 9.95 else f"{points:.0f} %"
