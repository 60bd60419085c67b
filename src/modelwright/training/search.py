"""The race: candidates in the plan's order, on one fold first, then on the rest if the ensemble wants it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms import Candidate, algorithm_named
from modelwright.training.checkpoint import Checkpoint, Fit, fit_key
from modelwright.training.deadline import Deadline
from modelwright.training.ensemble import select
from modelwright.training.fitting import FitTask, FoldRows, fit_on_fold
from modelwright.training.work import Work

SLICES = 3
LEARNING_SHARE = 0.85
LEAST_SHARE = 0.04


@dataclass(frozen=True)
class Progress:
    """Where a build stands, after each fit.

    Attributes
    ----------
    candidate : str
        Name of the candidate that was fitted.
    fold, folds : int
        Which fold, from 1, of how many.
    score : float or None
        The candidate's metric, once it has finished its folds.
    best : float or None
        The best metric of a single candidate so far.
    seconds_left : float
        Of the time limit.
    """

    candidate: str
    fold: int
    folds: int
    score: float | None
    best: float | None
    seconds_left: float


@dataclass
class Entry:
    """A candidate and its finished fits."""

    name: str
    candidate: Candidate
    fits: list[Fit] = field(default_factory=list)
    score: float | None = None

    @property
    def seconds(self) -> float:
        """How long its fits took."""
        return sum(fit.seconds for fit in self.fits)

    def out_of_fold(self, work: Work) -> NDArray[np.float64]:
        """Join the folds' predictions in the order of `work.judged`."""
        joined = np.full((len(work.y), work.n_outputs), np.nan)
        for (_, valid), fit in zip(work.folds, self.fits, strict=True):
            joined[valid] = fit.out_of_fold
        return joined[work.judged]


class Race:
    """Fits candidates within a time limit.

    Parameters
    ----------
    work : Work
        What is to be trained.
    deadline : Deadline
        When fitting must be done.
    checkpoint : Checkpoint or None
        Where finished fits are kept and found.
    on_progress : callable or None
        Called after each fit.
    """

    def __init__(
        self,
        work: Work,
        deadline: Deadline,
        checkpoint: Checkpoint | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self.work = work
        self.deadline = deadline
        self.checkpoint = checkpoint
        self.on_progress = on_progress
        self.finished: list[Entry] = []
        self.dropped: list[Entry] = []
        self._named: Counter[str] = Counter()

    def run(self, candidates: list[Candidate]) -> int:
        """Fit candidates in order until all are done or time is up.

        Returns
        -------
        int
            How many candidates were tried.
        """
        for position, candidate in enumerate(candidates):
            if self.finished and not self._has_time(candidate):
                return position
            share = self.deadline.left() / min(SLICES, len(candidates) - position)
            self._enter(candidate, max(share, 0.0))
        return len(candidates)

    def fit_all_folds(self, candidate: Candidate, seconds: float) -> Entry:
        """Fit one candidate on every fold, whatever its score; baselines are fitted so."""
        entry = Entry(self._name(candidate), candidate)
        limit = Deadline(seconds)
        for fold in range(len(self.work.folds)):
            self._fit(entry, fold, limit)
        entry.score = self._score(entry)
        return entry

    def _enter(self, candidate: Candidate, seconds: float) -> None:
        entry = Entry(self._name(candidate), candidate)
        limit = Deadline(seconds)
        for fold in range(len(self.work.folds)):
            if fold > 0 and self.finished and not (self._is_kept(candidate, fold) or self._goes_on(entry)):
                self.dropped.append(entry)
                return
            self._fit(entry, fold, limit)
        entry.score = self._score(entry)
        self.finished.append(entry)
        self._report(entry)

    def _name(self, candidate: Candidate) -> str:
        self._named[candidate.algorithm] += 1
        number = self._named[candidate.algorithm]
        return candidate.algorithm if number == 1 else f"{candidate.algorithm} {number}"

    def _fit(self, entry: Entry, fold: int, limit: Deadline) -> None:
        candidate = entry.candidate
        key = fit_key(candidate.algorithm, candidate.parameters, fold)
        fit = self.checkpoint.load(key) if self.checkpoint else None
        if fit is None:
            folds_left = len(self.work.folds) - fold
            fit = self._fit_now(candidate, fold, max(limit.left(), 0.0) / folds_left * LEARNING_SHARE)
            if self.checkpoint:
                self.checkpoint.save(key, fit)
                self.checkpoint.note_spent(self.deadline.spent())
        entry.fits.append(fit)
        if len(entry.fits) < len(self.work.folds):
            self._report(entry)

    def _fit_now(self, candidate: Candidate, fold: int, seconds: float) -> Fit:
        start = time.monotonic()
        rows = self._rows(candidate, fold)
        fit = fit_on_fold(self._task(candidate, fold, seconds), rows)
        return replace(fit, seconds=time.monotonic() - start)  # making the rows is part of what a fold costs

    def _rows(self, candidate: Candidate, fold: int) -> FoldRows:
        work = self.work
        train, valid = work.folds[fold]
        data = work.fold_data(algorithm_named(candidate.algorithm).style, fold)
        return FoldRows(
            data.X,
            work.y[train],
            data.X_valid,
            work.y[valid],
            data.X_proof,
            weight=work.weight_of(train),
            weight_valid=work.weight_of(valid),
            monotone=data.representation.directions(work.monotone),
        )

    def _task(self, candidate: Candidate, fold: int, seconds: float) -> FitTask:
        work = self.work
        return FitTask(
            candidate=candidate,
            fold=fold,
            seconds=seconds,
            task=work.task,
            n_outputs=work.n_outputs,
            metric=work.metric,
            threads=work.threads,
            seed=work.seed + fold,
        )

    def _goes_on(self, entry: Entry) -> bool:
        """Whether the ensemble on the folds so far wants the candidate, and time allows it to finish."""
        folds_left = len(self.work.folds) - len(entry.fits)
        if entry.seconds / len(entry.fits) * folds_left > self.deadline.left():
            return False
        if len(entry.fits) > 1:
            return True
        rivals = [other.fits[0].out_of_fold for other in self.finished]
        first = self.work.folds[0][1]
        weights = select(
            self.work.metric,
            self.work.y[first],
            [*rivals, entry.fits[0].out_of_fold],
            weight=self.work.weight_of(first),
        )
        return bool(weights[-1] > 0)

    def _has_time(self, candidate: Candidate) -> bool:
        if self._is_kept(candidate, fold=0):
            return True
        return self.deadline.left() > LEAST_SHARE * self.deadline.seconds

    def _is_kept(self, candidate: Candidate, fold: int) -> bool:
        """Whether an earlier attempt finished this fit; what it decided to fit is not decided anew."""
        key = fit_key(candidate.algorithm, candidate.parameters, fold)
        return self.checkpoint is not None and self.checkpoint.has(key)

    def _score(self, entry: Entry) -> float:
        work = self.work
        return work.metric(work.y[work.judged], entry.out_of_fold(work), work.weight_of(work.judged))

    def _scores(self) -> Iterator[float]:
        return (entry.score for entry in self.finished if entry.score is not None)

    def _report(self, entry: Entry) -> None:
        if self.on_progress is None:
            return
        choose = max if self.work.metric.greater_is_better else min
        self.on_progress(
            Progress(
                candidate=entry.name,
                fold=len(entry.fits),
                folds=len(self.work.folds),
                score=entry.score,
                best=choose(self._scores(), default=None),
                seconds_left=max(self.deadline.left(), 0.0),
            )
        )
