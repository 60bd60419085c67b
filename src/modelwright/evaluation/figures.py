"""How figures are written: as many decimals as their uncertainty deserves."""

from __future__ import annotations

import math

from modelwright.pages import percent

__all__ = ["decimals_for", "p_text", "percent", "span", "span_text"]


_MORE_DECIMALS = 2


def decimals_for(spread: float, value: float) -> int:
    """Return how many decimals show two significant digits of `spread`; three of `value` where that is 0."""
    if spread > 0 and math.isfinite(spread):
        return min(6, max(0, 1 - math.floor(math.log10(spread))))
    if value == 0 or not math.isfinite(value):
        return 3
    return min(6, max(0, 2 - math.floor(math.log10(abs(value)))))


def span(value: float, low: float, high: float, *, signed: bool = False) -> tuple[str, str, str]:
    """Write a figure and its limits with the decimals that their distance deserves.

    A limit that is not zero gets up to two more, so that one can see on which side of zero it lies.
    """
    fewest = decimals_for(high - low, value)
    enough = (
        decimals
        for decimals in range(fewest, min(6, fewest + _MORE_DECIMALS) + 1)
        if all(limit == 0 or round(limit, decimals) != 0 for limit in (low, high))
    )
    sign, decimals = "+" if signed else "", next(enough, fewest)
    first, lower, upper = (
        f"{round(figure, decimals) + 0.0:{sign},.{decimals}f}" for figure in (value, low, high)
    )
    return first, lower, upper


def span_text(value: float, low: float, high: float, *, signed: bool = False) -> str:
    """Write a figure with its limits as text."""
    first, lower, upper = span(value, low, high, signed=signed)
    return f"{first} ({lower} to {upper})"


def p_text(p_value: float) -> str:
    """Write a p-value: as it is, but no smaller than people can use."""
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.2g}"
