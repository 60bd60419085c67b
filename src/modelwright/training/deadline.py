"""A time limit that is kept, and can be cut short."""

from __future__ import annotations

import time
from typing import Literal

Ending = Literal["complete", "time", "work", "interrupted", "memory"]
"""Why fitting ended: the plan was done, or one of the limits, the user or the memory ended it."""


class Deadline:
    """A moment on the monotonic clock by which work must be done.

    Parameters
    ----------
    seconds : float
        How much time there is, from now.
    spent : float, default 0
        Seconds that an earlier, interrupted attempt at the same work already used.
    whole : Deadline, optional
        What this is a part of; where that is cut, this is. `within` makes parts.

    Attributes
    ----------
    seconds : float
        The whole time limit; unlike `left` it is the same whenever it is asked for, in a resumed build too.
    cut_by : str or None
        What cut it, where something did.
    """

    def __init__(self, seconds: float, spent: float = 0.0, *, whole: Deadline | None = None) -> None:
        self.seconds = seconds
        self.cut_by: Ending | None = None
        self._whole = whole
        self._start = time.monotonic() - spent
        self._end = self._start + seconds

    def left(self) -> float:
        """Return the seconds left; not positive once the limit has passed or was cut."""
        return 0.0 if self.is_cut else self._end - time.monotonic()

    @property
    def is_cut(self) -> bool:
        """Whether it, or what it is a part of, was cut."""
        return self.cut_by is not None or (self._whole is not None and self._whole.is_cut)

    def within(self, seconds: float) -> Deadline:
        """Return a deadline for a part of the work: so many seconds from now, and cut when this one is."""
        return Deadline(seconds, whole=self)

    def cut(self, by: Ending) -> None:
        """Make now the end: what is under way ends with the best so far."""
        self.cut_by = self.cut_by or by

    def spent(self) -> float:
        """Return the seconds used so far, those of earlier attempts included."""
        return time.monotonic() - self._start
