"""One candidate fitted on one fold: a pure function, so that it may run anywhere."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms import Candidate, FitJob, FittedLearner, Style, algorithm_named
from modelwright.errors import TrainingError
from modelwright.problem import Metric, Task
from modelwright.training.checkpoint import Fit
from modelwright.training.deadline import Deadline


@dataclass(frozen=True, eq=False)
class FoldRows:
    """What the candidates of one style learn from on one fold.

    Attributes
    ----------
    X, X_valid, X_proof : ndarray of float32
        Training, validation and proof rows.
    y, y_valid : ndarray
        Class codes (int64) or values (float64).
    weight, weight_valid : ndarray of float64, or None
        How much each training and each validation row counts; None where all count alike.
    monotone : tuple of int
        The direction of the prediction with each feature, as `FitJob` has it.
    """

    X: NDArray[np.float32]
    y: NDArray[np.generic]
    X_valid: NDArray[np.float32]
    y_valid: NDArray[np.generic]
    X_proof: NDArray[np.float32]
    weight: NDArray[np.float64] | None = None
    weight_valid: NDArray[np.float64] | None = None
    monotone: tuple[int, ...] = ()


@dataclass(frozen=True)
class FitTask:
    """Which fit is wanted; small, unlike the rows.

    Attributes
    ----------
    candidate : Candidate
    fold : int
        From 0.
    seconds : float
        How long it may learn, from when it starts.
    task : Task
    n_outputs : int
        Number of classes, or 1 for regression.
    metric : Metric
    threads : int
    seed : int
        Of this fold.
    rounds : int, optional
        Take exactly so many: a fit is done again.
    """

    candidate: Candidate
    fold: int
    seconds: float
    task: Task
    n_outputs: int
    metric: Metric
    threads: int
    seed: int
    rounds: int | None = None


def fit_on_fold(wanted: FitTask, rows: FoldRows, limit: Deadline | None = None) -> Fit:
    """Fit one candidate on one fold; the same task on the same rows gives the same fit, unless time cuts it.

    Parameters
    ----------
    wanted : FitTask
    rows : FoldRows
    limit : Deadline, optional
        Where the whole build may be cut meanwhile; otherwise the task's seconds, from now.

    Raises
    ------
    TrainingError
        If the learner predicts values that are not finite.
    """
    start = time.monotonic()
    job = _job(wanted, rows, limit or Deadline(wanted.seconds))
    learner = algorithm_named(wanted.candidate.algorithm).fit(job)
    out_of_fold = np.asarray(learner.predict(rows.X_valid), dtype=np.float32)
    if not np.isfinite(out_of_fold).all():
        raise TrainingError(
            f"{wanted.candidate.algorithm} predicted values that are not finite on fold {wanted.fold + 1}"
        )
    proof = _proof(learner, rows, wanted.n_outputs)
    return Fit(learner.portable(), out_of_fold, proof, time.monotonic() - start, learner.rounds)


def style_of(candidate: Candidate) -> Style:
    """Return the representation that a candidate wants: its own, or else its algorithm's."""
    return candidate.style or algorithm_named(candidate.algorithm).style


def refitted(candidate: Candidate, fit: Fit, more_rows: float) -> Candidate | None:
    """Return the candidate with the rounds that a fit kept, for rows that no others are left to stop it by.

    Parameters
    ----------
    candidate : Candidate
    fit : Fit
        Of the same candidate, on fewer rows.
    more_rows : float
        How many times as many rows there are now; rounds grow with them, but slower.

    Returns
    -------
    Candidate or None
        None where the algorithm takes no rounds.
    """
    if fit.rounds is None or not algorithm_named(candidate.algorithm).takes_rounds:
        return None
    rounds = max(round(fit.rounds * more_rows**0.5), 1)
    return replace(candidate, parameters=candidate.parameters | {"rounds": rounds})


def _job(wanted: FitTask, rows: FoldRows, limit: Deadline) -> FitJob:
    return FitJob(
        X=rows.X,
        y=rows.y,
        X_valid=rows.X_valid,
        y_valid=rows.y_valid,
        task=wanted.task,
        n_classes=wanted.n_outputs,
        metric=wanted.metric,
        parameters=wanted.candidate.parameters,
        deadline=limit.left,
        threads=wanted.threads,
        seed=wanted.seed,
        weight=rows.weight,
        weight_valid=rows.weight_valid,
        monotone=rows.monotone,
        rounds=wanted.rounds,
    )


def _proof(learner: FittedLearner, rows: FoldRows, n_outputs: int) -> NDArray[np.float32]:
    if not len(rows.X_proof):
        return np.empty((0, n_outputs), dtype=np.float32)
    return np.asarray(learner.predict(rows.X_proof), dtype=np.float32)
