"""What a race may spend: time, or a count of fits."""

from __future__ import annotations

from modelwright.training.deadline import Deadline, Ending

RESERVE = 0.06
RESERVE_SECONDS = 0.4


class Allowance:
    """What is left to spend, in one unit whether time or a count of fits is the limit.

    With a count, nothing that is fitted depends on a clock, so the same work gives the same model.

    Parameters
    ----------
    deadline : Deadline
        When fitting must be done.
    fits : int, optional
        How many fits there may be instead.
    at_once : int, default 1
        How many fits go side by side: a second of each costs that share of a second.

    Attributes
    ----------
    whole : float
        The whole limit, in seconds or in fits.
    """

    def __init__(self, deadline: Deadline, fits: int | None = None, at_once: int = 1) -> None:
        self.deadline = deadline
        self._fits = fits
        self._done = 0
        self._at_once = at_once
        self._reserve = min(RESERVE * max(deadline.seconds, 0.0) + RESERVE_SECONDS, 10.0)
        self.whole = float(fits) if fits is not None else max(deadline.seconds, 0.0)

    @property
    def counted(self) -> bool:
        """Whether fits are counted, and the clock is not looked at."""
        return self._fits is not None

    def cost(self, seconds: float) -> float:
        """Return what a fit of so many seconds costs."""
        return 1.0 if self.counted else seconds / self._at_once

    def spend(self) -> None:
        """Note a fit, be it done now or found in a checkpoint."""
        self._done += 1

    def left(self) -> float:
        """Return what is left, without what the end of the build needs."""
        if self.deadline.is_cut:
            return 0.0
        if self._fits is not None:
            return float(self._fits - self._done)
        return self.deadline.left() - self._reserve

    def fits_left(self) -> int | None:
        """Return how many fits are left; None where time is the limit."""
        return None if self._fits is None else max(self._fits - self._done, 0)

    def ending(self, *, all_tried: bool) -> Ending:
        """Say why fitting ended, once it has.

        Parameters
        ----------
        all_tried : bool
            Whether every candidate of the plan was tried.
        """
        if self.deadline.cut_by is not None:
            return self.deadline.cut_by
        if all_tried:
            return "complete"
        return "work" if self.counted else "time"

    def seconds_for(self, wanted: float) -> float:
        """Return how long a fit may take that is to take `wanted` seconds at most."""
        return float("inf") if self.counted else min(wanted, self.left())
