"""Trees that learn another model's answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.algorithm import FitJob, FittedLearner
from modelwright.algorithms.lightgbm import LightGBM
from modelwright.algorithms.portable import Forest, Link, Portable, Tree, grown, joined
from modelwright.algorithms.target import LINKS, Target
from modelwright.problem import Task

_PARAMETERS: dict[str, Any] = {
    "rounds": 1_500,
    "learning_rate": 0.05,
    "num_leaves": 31,
    "min_data_in_leaf": 5,
    "lambda_l2": 1.0,
}


def fit_student(
    job: FitJob,
    target: Target,
    X: NDArray[np.float32],
    told: NDArray[np.float64],
    told_valid: NDArray[np.float64],
) -> FittedLearner:
    """Fit one booster a raw output of the teacher, and join their trees.

    Parameters
    ----------
    job : FitJob
        Gives the validation rows, the deadline and the seed.
    target : Target
        What the teacher has learnt.
    X : ndarray of shape (n, n_features)
        Rows to learn from.
    told, told_valid : ndarray of shape (n, n_raw)
        The teacher's raw outputs for them, and for the validation rows.
    """
    learners = [
        LightGBM().fit(_lesson(job, X, told[:, at], told_valid[:, at], told.shape[1] - at))
        for at in range(told.shape[1])
    ]
    link = LINKS[job.task]

    def own(rows: NDArray[np.float32]) -> NDArray[np.float64]:
        answers = link.apply(np.hstack([learner.predict(rows) for learner in learners]))
        return target.prediction(answers[:, 1] if job.task is Task.BINARY else answers)

    def compiled() -> Forest:
        return target.restored(joined([_as_forest(each.portable()) for each in learners], link))

    rounds = sum(learner.rounds or 1 for learner in learners)
    return FittedLearner(own=own, compiled=compiled, rounds=rounds)


def _lesson(
    job: FitJob, X: NDArray[np.float32], y: NDArray[np.float64], y_valid: NDArray[np.float64], left: int
) -> FitJob:
    """Return the job of one output; `left` of them share what time there is."""
    reserved = job.deadline() * (1 - 1 / left)
    return replace(
        job,
        X=X,
        y=y,
        y_valid=y_valid,
        task=Task.REGRESSION,
        n_classes=1,
        parameters=_PARAMETERS,
        deadline=lambda: job.deadline() - reserved,
    )


def _as_forest(form: Portable) -> Forest:
    """Return trees; of an output that never changes, a single leaf."""
    if isinstance(form, Forest):
        return form
    value = form.predict(np.zeros((1, 1), dtype=np.float32))
    none = np.empty(0, dtype=np.int64)
    leaf = Tree(none, none.astype(np.float32), none, none, none.astype(bool), value, np.zeros(1, np.int64))
    return grown([leaf], 1, np.zeros(1), Link.IDENTITY)
