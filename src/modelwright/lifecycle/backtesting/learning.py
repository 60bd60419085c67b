"""A build in memory: from the labelled rows of a history to a model and what was normal for it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from modelwright import data, training
from modelwright.engine import cores
from modelwright.errors import DataError
from modelwright.lifecycle.backtesting.history import History
from modelwright.lifecycle.newest import newest_fold
from modelwright.monitoring import Reference
from modelwright.problem import metric_named

_PLENTY = 1_000  # so that the candidates alone decide how much is done
_SMALL = 2_000_000  # cells up to which one thread is as fast as several, and bears others beside it
_NO_LIMIT = 10 * 365 * 86_400.0  # work is counted instead


@dataclass(frozen=True)
class Learnt:
    """A model, and what it was learnt from.

    Attributes
    ----------
    model : training.Model
    reference : Reference
        What was normal: of the rows it learnt from, and of the newest of these, which it was judged by.
    judged : ndarray of int
        Positions of those newest rows in the history.
    judged_prediction : ndarray of shape (n_judged, n_outputs)
        What was said of them by what had not learnt from them.
    memories : dict of str to float
        How much of the model learnt from all rows, from all but the older the less, from the newest alone.
    fits : int
        How many fits it took.
    """

    model: training.Model
    reference: Reference
    judged: NDArray[np.int64]
    judged_prediction: NDArray[np.float64]
    memories: dict[str, float]
    fits: int


@dataclass
class Workshop:
    """Builds models for a history; the same build is done once, whichever policy asks for it.

    Attributes
    ----------
    history : History
    candidates : int
        How many of the plan a build tries, beside the linear model; by age, each with every memory.
    """

    history: History
    candidates: int
    _done: dict[tuple[int, bool], Learnt] = field(default_factory=dict, repr=False)

    def learn(self, now: int, *, by_age: bool) -> Learnt:
        """Build a model from all labels that are known when `now` rows have come.

        Parameters
        ----------
        now : int
        by_age : bool
            Whether candidates also learn from the newest rows alone, and from all but the older the less.
        """
        if (now, by_age) not in self._done:
            self._done[now, by_age] = self._learn(now, by_age=by_age)
        return self._done[now, by_age]

    def _learn(self, now: int, *, by_age: bool) -> Learnt:
        history = self.history
        rows = history.labelled(now)
        frame, y = history.frame[rows], history.y[rows]
        fold = newest_fold(y, is_class=bool(history.contract.classes))
        if fold is None:
            raise DataError(
                f"the first {len(y):,} labelled rows of the stream do not have every label early and two of "
                "them late, so that nothing can be learnt and judged; let the first model learn from more "
                "(--first)"
            )
        task = history.brief.problem.task
        trained = training.train(
            training.Work(
                frame=frame,
                y=y,
                contract=history.contract,
                task=task,
                n_outputs=max(len(history.contract.classes), 1),
                metric=metric_named(history.brief.problem.metric, task),
                folds=[fold],
                forward=True,
                seed=history.brief.training.seed,
                threads=1 if frame.width * frame.height <= _SMALL else cores(history.brief.training.cores),
                weight=data.weights_of(history.rows[rows], history.contract),
                age=-np.arange(len(rows), dtype=np.float64) if by_age else None,
            ),
            training.Deadline(_NO_LIMIT),
            max_candidates=self.candidates,
            fits=_PLENTY,
        )
        judged = rows[fold[1]]
        reference = Reference.build(
            history.contract, frame, task=task, y=history.y[judged], prediction=trained.out_of_fold
        )
        return Learnt(
            model=trained.model,
            reference=reference,
            judged=judged,
            judged_prediction=trained.out_of_fold,
            memories=_memories(trained),
            fits=len(list(trained.record.fits)),
        )


def _memories(trained: training.Trained) -> dict[str, float]:
    named: dict[str, float] = {}
    for row in trained.leaderboard:
        memory = row.name.rpartition(", ")[2] if ", " in row.name else "all"
        named[memory] = named.get(memory, 0.0) + row.weight
    return named
