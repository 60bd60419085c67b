"""How the fits of a build share its time and its cores."""

from __future__ import annotations

from dataclasses import dataclass

from modelwright.algorithms import seconds_a_round
from modelwright.problem import Task
from modelwright.training.work import Work

ROUNDS = 300  # with which boosting gets near its best, at a learning rate that fits them
FULL_CANDIDATES = 3  # that are to have all the folds the pace counts on
SHORT = 1 / 15  # of the limit: where a fit on one core is shorter, fits go side by side


@dataclass(frozen=True)
class Pace:
    """How the fits of a build share its time and its cores.

    Decided by sizes alone, never by a clock, so that it is the same when a build is run again or resumed.

    Attributes
    ----------
    at_once : int
        How many fits go side by side. Two fits of one thread each do more than one after another with two
        threads, but the first is done later; so large tables have one at a time.
    threads : int
        How many a fit may use.
    folds : int
        How many folds the time is likely to allow for the best few candidates.
    seconds : float
        How long one fit may take.
    """

    at_once: int
    threads: int
    folds: int
    seconds: float

    @classmethod
    def of(cls, work: Work, seconds: float) -> Pace:
        """Return the pace for a time limit.

        Parameters
        ----------
        work : Work
        seconds : float
            The whole time limit.
        """
        rows, columns = len(work.folds[0][0]), work.frame.width
        outputs = work.n_outputs if work.task is Task.MULTICLASS else 1
        alone = ROUNDS * seconds_a_round(rows, columns, 1, outputs)
        at_once = work.threads if alone < SHORT * seconds else 1
        threads = max(work.threads // at_once, 1)
        fit = ROUNDS * seconds_a_round(rows, columns, threads, outputs)
        affordable = int(max(seconds, 0.0) * at_once / (FULL_CANDIDATES * fit))
        folds = min(max(affordable, 1), len(work.folds))
        return cls(at_once, threads, folds, max(seconds, 0.0) * at_once / (FULL_CANDIDATES * folds))
