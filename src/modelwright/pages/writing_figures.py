"""How figures are written on every page."""

from __future__ import annotations


def percent(share: float) -> str:
    """Write a share between 0 and 1 as a percentage, with a decimal only where it is small."""
    points = 100 * share
    return f"{points:.1f} %" if 0 < abs(points) < 9.95 else f"{points:.0f} %"


def whole(count: int) -> str:
    """Write a count with its thousands apart."""
    return f"{count:,}"
