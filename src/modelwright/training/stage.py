"""Training, from conformed rows to a calibrated ensemble."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright import algorithms
from modelwright.algorithms import Candidate
from modelwright.training.allowance import Allowance
from modelwright.training.calibration import Calibration
from modelwright.training.checkpoint import Checkpoint, Fit
from modelwright.training.deadline import Deadline, Ending
from modelwright.training.entry import Entry
from modelwright.training.fitting import style_of
from modelwright.training.model import Member, Model
from modelwright.training.pace import Pace
from modelwright.training.progress import Progress
from modelwright.training.record import TrainingRecord, recall
from modelwright.training.remembering import evened, with_memories
from modelwright.training.search import Race
from modelwright.training.work import WHOLE, Work


@dataclass(frozen=True)
class LeaderboardRow:
    """How one candidate did.

    Attributes
    ----------
    name, algorithm : str
    parameters : dict
    score : float or None
        The metric on the rows held out by the folds; None where the candidate was dropped before the last.
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
    record : TrainingRecord
        What was planned, tried and fitted, and why it ended.
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
    record: TrainingRecord
    seconds: float
    simpler: Trained | None = None

    @property
    def tried(self) -> int:
        """How many candidates of the plan were tried."""
        return self.record.tried

    @property
    def planned(self) -> int:
        """How many candidates the plan had."""
        return self.record.planned

    @property
    def ended(self) -> Ending:
        """Why training ended."""
        return self.record.ended


def train(
    work: Work,
    deadline: Deadline,
    *,
    checkpoint: Checkpoint | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    with_baselines: bool = True,
    max_candidates: int | None = None,
    fits: int | None = None,
    record: TrainingRecord | None = None,
    memory: int | None = None,
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
        Called with a `Progress` before and after each fit.
    with_baselines : bool, default True
        Whether to train the constant, the rule and the linear model as competitors.
    max_candidates : int, optional
        How many candidates of the plan to try at most; without it, time alone decides.
    fits : int, optional
        How many fits there may be, baselines included, in place of a time limit: no clock then decides
        anything, so the same work gives the same model.
    record : TrainingRecord, optional
        What an earlier training decided, whose fits are in the checkpoint: they are joined as it joined them.
    memory : int, optional
        Bytes that the process may hold when a fit is begun. Above them, matrices that can be made again are
        let go of, and where that is not enough, training ends with the best so far.

    Returns
    -------
    Trained

    Raises
    ------
    TrainingError
        If a learner predicts values that are not finite.
    """
    work = work.in_order()
    pace = Pace.of(work, deadline.seconds)
    allowance = Allowance(deadline, fits, pace.at_once)
    race = Race(work, pace, allowance, checkpoint, on_progress, memory)
    plan_made = algorithms.plan(
        work.task, len(work.y), work.frame.width, pace.seconds, pace.threads, work.n_outputs
    )
    baselines = [Candidate(name, {}, "baseline") for name in algorithms.BASELINES] if with_baselines else []
    known = {candidate.algorithm for candidate in baselines}
    able = [each for each in _able(work, plan_made.candidates) if each.algorithm not in known]
    planned = list(with_memories(work, able[:max_candidates]))
    tried = recall(race, record) if record is not None else race.run(planned, baselines)
    done = race.judged
    entries = sorted(race.entries, key=lambda entry: entry.loss(done))
    weights = race.weights(entries)
    if work.age is not None:
        weights = evened(entries, weights)
    race.refit([entry for entry, weight in zip(entries, weights, strict=True) if weight > 0])
    noted = TrainingRecord.of(race, plan_made, tried, len(planned))
    best = _trained(race, entries, weights, race.baselines, noted)
    linear = next((entry for entry in race.baselines if entry.candidate.algorithm == "linear"), None)
    if linear is None:
        return best
    others = [entry for entry in race.baselines if entry is not linear]
    alone = np.array([float(entry is linear) for entry in entries])
    simpler = _trained(race, entries, alone, others, noted)
    return simpler if np.array_equal(alone, weights) else replace(best, simpler=simpler)


def _trained(
    race: Race,
    entries: list[Entry],
    weights: NDArray[np.float64],
    baselines: list[Entry],
    record: TrainingRecord,
) -> Trained:
    work = race.judged
    average = np.einsum("e,eno->no", weights, np.stack([entry.out_of_fold(work) for entry in entries]))
    y, weight = work.y[work.judged], work.weight_of(work.judged)
    calibration = Calibration.fit(y, average, weight) if work.task.is_classification else None
    model = _model(work, entries, weights, calibration)
    out_of_fold = model.calibrate(average)
    return Trained(
        model=model,
        baselines={each.name: _model(work, [each], np.ones(1), None) for each in baselines},
        leaderboard=_leaderboard(entries, weights, race.dropped, work),
        score=work.metric(y, out_of_fold, weight),
        out_of_fold=out_of_fold,
        judged=work.judged,
        folds=work.fold_of,
        baseline_out_of_fold={each.name: each.out_of_fold(work) for each in baselines},
        proof=model.calibrate(_proof(entries, weights, work)),
        record=record,
        seconds=race.allowance.deadline.spent(),
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


def _used(work: Work, entry: Entry) -> list[tuple[int, Fit]]:
    """Return the fits of an entry that are in the model, with their folds; forward in time one alone."""
    if entry.refit is not None:
        return [(WHOLE, entry.refit)]
    return list(enumerate(entry.fits[:1] if work.forward else entry.fits))


def _model(
    work: Work, entries: list[Entry], weights: NDArray[np.float64], calibration: Calibration | None
) -> Model:
    members = []
    for entry, weight in zip(entries, weights, strict=True):
        used = _used(work, entry) if weight > 0 else []
        for fold, fit in used:
            representation = work.representation(style_of(entry.candidate), fold)
            name = f"{entry.name}, " + ("all rows" if fold == WHOLE else f"fold {fold + 1}")
            members.append(Member(name, representation, fit.learner, float(weight) / len(used)))
    return Model(work.task, work.n_outputs, tuple(members), calibration)


def _proof(entries: list[Entry], weights: NDArray[np.float64], work: Work) -> NDArray[np.float64]:
    total = np.zeros((0 if work.proof is None else len(work.proof), work.n_outputs))
    for entry, weight in zip(entries, weights, strict=True):
        used = _used(work, entry) if weight > 0 else []
        for _, fit in used:
            total += weight / len(used) * fit.proof
    return total


def _leaderboard(
    entries: list[Entry], weights: NDArray[np.float64], dropped: list[Entry], work: Work
) -> tuple[LeaderboardRow, ...]:
    pairs = [
        *((entry, weight, entry.score(work)) for entry, weight in zip(entries, weights, strict=True)),
        *((entry, 0.0, None) for entry in dropped),
    ]
    return tuple(
        LeaderboardRow(
            name=entry.name,
            algorithm=entry.candidate.algorithm,
            parameters=entry.candidate.parameters,
            score=score,
            weight=float(weight),
            seconds=entry.seconds,
            folds=len(entry.fits),
        )
        for entry, weight, score in pairs
    )
