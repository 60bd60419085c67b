"""Training, from conformed rows to a calibrated ensemble."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright import algorithms
from modelwright.algorithms import Candidate
from modelwright.training.calibration import Calibration
from modelwright.training.checkpoint import Checkpoint
from modelwright.training.deadline import Deadline
from modelwright.training.ensemble import select
from modelwright.training.model import Member, Model
from modelwright.training.search import Entry, Progress, Race
from modelwright.training.work import Work

BASELINE_SHARE = 0.1


@dataclass(frozen=True)
class LeaderboardRow:
    """How one candidate did.

    Attributes
    ----------
    name, algorithm : str
    parameters : dict
    score : float or None
        The metric on the rows held out by the folds; None where the candidate did not finish.
    weight : float
        Share in the ensemble.
    seconds : float
        Over all its folds.
    folds : int
        How many were fitted.
    """

    name: str
    algorithm: str
    parameters: dict[str, Any]
    score: float | None
    weight: float
    seconds: float
    folds: int


@dataclass(frozen=True)
class Trained:
    """The result of training.

    Attributes
    ----------
    model : Model
        The calibrated ensemble.
    baselines : dict of str to Model
        The honest competitors, trained on the same folds; empty where none were asked for.
    leaderboard : tuple of LeaderboardRow
        Every candidate tried, best first.
    score : float
        The ensemble's metric on the rows held out by the folds. Slightly optimistic, since the weights
        were chosen on the same rows; the vault has the honest figure.
    out_of_fold : ndarray of shape (n_judged, n_outputs)
        The ensemble's prediction of the rows in `judged`.
    judged : ndarray of shape (n_judged,)
        Positions of the rows held out by some fold.
    folds : ndarray of shape (n_judged,)
        Which fold held out each of them.
    baseline_out_of_fold : dict of str to ndarray of shape (n_judged, n_outputs)
        The baselines' predictions of the same rows.
    proof : ndarray of shape (n_proof, n_outputs)
        What the trained learners, through their own libraries, say of the proof rows.
    tried, planned : int
        How many candidates of the plan were tried before time was up.
    seconds : float
        Time used.
    simpler : Trained or None
        The linear model alone, judged against the simpler baselines: what to prefer where the ensemble is
        no better. None where the ensemble is the linear model, or no baselines were asked for.
    """

    model: Model
    baselines: dict[str, Model]
    leaderboard: tuple[LeaderboardRow, ...]
    score: float
    out_of_fold: NDArray[np.float64]
    judged: NDArray[np.int64]
    folds: NDArray[np.int64]
    baseline_out_of_fold: dict[str, NDArray[np.float64]]
    proof: NDArray[np.float64]
    tried: int
    planned: int
    seconds: float
    simpler: Trained | None = None


def train(
    work: Work,
    deadline: Deadline,
    *,
    checkpoint: Checkpoint | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    with_baselines: bool = True,
    max_candidates: int | None = None,
) -> Trained:
    """Fit the plan's candidates within the time limit and join the best.

    Parameters
    ----------
    work : Work
        Rows, target, folds and metric.
    deadline : Deadline
        When training must be done.
    checkpoint : Checkpoint or None
        Finished fits are kept there, and found there by a resumed build.
    on_progress : callable or None
        Called with a `Progress` after each fit.
    with_baselines : bool, default True
        Whether to train the constant, the rule and the linear model as competitors.
    max_candidates : int, optional
        How many candidates of the plan to try at most; without it, time alone decides.

    Returns
    -------
    Trained

    Raises
    ------
    TrainingError
        If a learner predicts values that are not finite.
    """
    race = Race(work, deadline, checkpoint, on_progress)
    # The whole limit, not what is left of it: the plan must be the same when a build is run again or resumed.
    plan_made = algorithms.plan(
        work.task, len(work.y), work.frame.width, deadline.seconds, work.threads, work.n_outputs
    )
    planned = _able(work, plan_made.candidates)[:max_candidates]
    baselines = _baselines(race, deadline.left() * BASELINE_SHARE) if with_baselines else {}
    if "linear" in baselines:
        race.finished.append(baselines["linear"])
    tried = race.run(list(planned))
    entries = sorted(race.finished, key=lambda entry: _loss(work, entry))
    weights = select(
        work.metric,
        work.y[work.judged],
        [entry.out_of_fold(work) for entry in entries],
        weight=work.weight_of(work.judged),
    )
    best = _trained(work, race, entries, weights, baselines, (tried, len(planned)))
    if "linear" not in baselines:
        return best
    others = {name: entry for name, entry in baselines.items() if name != "linear"}
    alone = np.array([float(entry is baselines["linear"]) for entry in entries])
    simpler = _trained(work, race, entries, alone, others, (tried, len(planned)))
    return simpler if np.array_equal(alone, weights) else replace(best, simpler=simpler)


def _trained(
    work: Work,
    race: Race,
    entries: list[Entry],
    weights: NDArray[np.float64],
    baselines: dict[str, Entry],
    tried_of: tuple[int, int],
) -> Trained:
    predictions = [entry.out_of_fold(work) for entry in entries]
    average = np.einsum("e,eno->no", weights, np.stack(predictions))
    y, weight = work.y[work.judged], work.weight_of(work.judged)
    calibration = Calibration.fit(y, average, weight) if work.task.is_classification else None
    model = _model(work, entries, weights, calibration)
    out_of_fold = model.calibrate(average)
    return Trained(
        model=model,
        baselines={name: _model(work, [entry], np.ones(1), None) for name, entry in baselines.items()},
        leaderboard=_leaderboard(entries, weights, race.dropped),
        score=work.metric(y, out_of_fold, weight),
        out_of_fold=out_of_fold,
        judged=work.judged,
        folds=work.fold_of,
        baseline_out_of_fold={name: entry.out_of_fold(work) for name, entry in baselines.items()},
        proof=model.calibrate(_proof(entries, weights, work)),
        tried=tried_of[0],
        planned=tried_of[1],
        seconds=race.deadline.spent(),
    )


def _able(work: Work, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Leave out candidates that can't learn by weights, or keep to directions, where these are asked for."""
    able = []
    for candidate in candidates:
        algorithm = algorithms.algorithm_named(candidate.algorithm)
        by_weights = algorithm.takes_weights or work.weight is None
        if by_weights and (algorithm.keeps_monotone or not work.monotone):
            able.append(candidate)
    return tuple(able)


def _baselines(race: Race, seconds: float) -> dict[str, Entry]:
    return {
        name: race.fit_all_folds(Candidate(name, {}, "baseline"), seconds) for name in algorithms.BASELINES
    }


def _loss(work: Work, entry: Entry) -> float:
    return work.metric.loss(work.y[work.judged], entry.out_of_fold(work), work.weight_of(work.judged))


def _model(
    work: Work, entries: list[Entry], weights: NDArray[np.float64], calibration: Calibration | None
) -> Model:
    members = []
    for entry, weight in zip(entries, weights, strict=True):
        style = algorithms.algorithm_named(entry.candidate.algorithm).style
        for fold, fit in enumerate(entry.fits):
            if weight > 0:
                representation = work.fold_data(style, fold).representation
                name = f"{entry.name}, fold {fold + 1}"
                members.append(Member(name, representation, fit.learner, float(weight) / len(entry.fits)))
    return Model(work.task, work.n_outputs, tuple(members), calibration)


def _proof(entries: list[Entry], weights: NDArray[np.float64], work: Work) -> NDArray[np.float64]:
    total = np.zeros((0 if work.proof is None else len(work.proof), work.n_outputs))
    for entry, weight in zip(entries, weights, strict=True):
        for fit in entry.fits:
            total += weight / len(entry.fits) * fit.proof
    return total


def _leaderboard(
    entries: list[Entry], weights: NDArray[np.float64], dropped: list[Entry]
) -> tuple[LeaderboardRow, ...]:
    pairs = [*zip(entries, weights, strict=True), *((entry, 0.0) for entry in dropped)]
    return tuple(
        LeaderboardRow(
            name=entry.name,
            algorithm=entry.candidate.algorithm,
            parameters=entry.candidate.parameters,
            score=entry.score,
            weight=float(weight),
            seconds=entry.seconds,
            folds=len(entry.fits),
        )
        for entry, weight in pairs
    )
