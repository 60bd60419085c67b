"""A time limit that is kept."""

from __future__ import annotations

import time


class Deadline:
    """A moment on the monotonic clock by which work must be done.

    Parameters
    ----------
    seconds : float
        How much time there is, from now.
    spent : float, default 0
        Seconds that an earlier, interrupted attempt at the same work already used.

    Attributes
    ----------
    seconds : float
        The whole time limit; unlike `left` it is the same whenever it is asked for, in a resumed build too.
    """

    def __init__(self, seconds: float, spent: float = 0.0) -> None:
        self.seconds = seconds
        self._start = time.monotonic() - spent
        self._end = self._start + seconds

    def left(self) -> float:
        """Return the seconds left; negative once the limit has passed."""
        return self._end - time.monotonic()

    def spent(self) -> float:
        """Return the seconds used so far, those of earlier attempts included."""
        return time.monotonic() - self._start
