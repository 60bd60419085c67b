"""When boosting stops: patience on the validation rows, and the deadline."""

from __future__ import annotations

import numpy as np

from modelwright.algorithms.algorithm import FitJob
from modelwright.problem import Task


class Stopper:
    """Watches the validation loss, one round after another.

    Patience is ``20 + 1.5 / learning_rate + 0.3 * best_round`` rounds: it grows with the best round, as
    AutoGluon's adaptive early stopping does, and is longer for small steps, which show progress late.

    Parameters
    ----------
    job : FitJob
        Gives the deadline.
    learning_rate : float
    """

    def __init__(self, job: FitJob, learning_rate: float) -> None:
        self._deadline = job.deadline
        self._offset = 20 + 1.5 / learning_rate
        self._best = np.inf
        self.rounds = 0

    def done(self, round_: int, loss: float) -> bool:
        """Note the loss after a round (counted from 1) and tell whether to stop.

        `rounds` is then the number of rounds to keep.
        """
        if loss < self._best or self.rounds == 0:
            self._best, self.rounds = loss, round_
        impatient = round_ - self.rounds > self._offset + 0.3 * self.rounds
        return impatient or self._deadline() <= 0


def stopping_metric(job: FitJob, names: dict[str, str]) -> str:
    """Choose the library's metric that stands for the job's.

    Parameters
    ----------
    job : FitJob
    names : dict
        The library's names of metrics, by ours. ``log_loss`` and ``rmse`` must be among them: they stand in
        where the library lacks the metric, or where the validation rows hold a single class.

    Returns
    -------
    str
    """
    if job.task is Task.REGRESSION:
        return names.get(job.metric.name, names["rmse"])
    if len(np.unique(job.y_valid)) < 2:
        return names["log_loss"]
    return names.get(job.metric.name, names["log_loss"])
