"""How fast this machine works now, whatever else it has to do."""

from __future__ import annotations

import time

PIECE = 400_000
PIECE_SECONDS = 0.045  # that the piece takes on the machine that estimates were measured on, at rest
BOUNDS = (0.5, 6.0)


def slowness() -> float:
    """Return how many times as long work takes now as on the machine that estimates were measured on.

    A fixed piece of work is timed by the clock, so that a slower processor and one shared with others both
    show. It takes about 50 milliseconds.

    Returns
    -------
    float
        Between 0.5 and 6.
    """
    began = time.perf_counter()
    sum(number * number % 7 for number in range(PIECE))
    low, high = BOUNDS
    return min(max((time.perf_counter() - began) / PIECE_SECONDS, low), high)
