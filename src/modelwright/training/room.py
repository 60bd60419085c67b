"""Memory during a race: what is not needed is let go of, and in the end nothing more is begun."""

from __future__ import annotations

import gc

from modelwright.engine import held_memory
from modelwright.training.deadline import Deadline
from modelwright.training.work import Work


class Room:
    """Keeps a race below a memory limit.

    Parameters
    ----------
    limit : int or None
        Bytes that the process may hold when a fit is begun; None for no limit.
    work : Work
        Whose matrices can be made again.
    deadline : Deadline
        Cut where there is no room left.
    """

    def __init__(self, limit: int | None, work: Work, deadline: Deadline) -> None:
        self.limit = limit
        self.work = work
        self.deadline = deadline

    def make(self) -> None:
        """Before a fit: let go of what can be made again, and where that is not enough, end the race.

        What is under way ends early then, and the model is joined from what there is.
        """
        if self.limit is None or held_memory() <= self.limit:
            return
        self.work.forget_all()
        gc.collect()
        if held_memory() > self.limit:
            self.deadline.cut("memory")
