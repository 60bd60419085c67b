"""The race: all candidates on one fold, then those that the ensemble wants on the others."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms import Candidate
from modelwright.training.allowance import Allowance
from modelwright.training.checkpoint import Checkpoint, Fit, fit_key
from modelwright.training.ensemble import select
from modelwright.training.entry import Entry
from modelwright.training.fitting import FitTask, FoldRows, fit_on_fold, refitted, style_of
from modelwright.training.pace import Pace
from modelwright.training.progress import Progress, Reporter
from modelwright.training.remembering import remembered
from modelwright.training.room import Room
from modelwright.training.work import WHOLE, Work

LEARNING_SHARE = 0.85  # of a fit's time; the rest is for predictions and the portable form
FIRST_SHARE = 0.45  # of the limit, for first folds, where others are to follow
ONLY_SHARE = 0.7  # where time hardly allows more than one fold
CUT_SHARE = 0.5  # of a last fit that time may cut off
LAST_MOMENT = 0.04  # of the limit: with less left, no candidate is begun
REFIT_SHARE = 0.25  # of the limit, where the model is what is learnt from all rows in the end
FEW_ROWS = 3_000  # up to which one fold is too small to drop a candidate for


class Race:
    """Fits candidates within what may be spent.

    Parameters
    ----------
    work : Work
        What is to be trained; the first of its folds is where candidates are compared first.
    pace : Pace
        How long a fit may take, and how many go side by side.
    allowance : Allowance
        What may be spent.
    checkpoint : Checkpoint or None
        Where finished fits are kept and found.
    on_progress : callable or None
        Called before and after each fit.
    memory : int or None
        Bytes that the process may hold when a fit is begun.

    Attributes
    ----------
    entries : list of Entry
        Those still in the race; each has finished the first `folds` folds.
    dropped : list of Entry
        Those that are not.
    folds : int
        How many folds all entries and baselines have finished.
    """

    def __init__(
        self,
        work: Work,
        pace: Pace,
        allowance: Allowance,
        checkpoint: Checkpoint | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        memory: int | None = None,
    ) -> None:
        self.work = work
        self.pace = pace
        self.allowance = allowance
        self.checkpoint = checkpoint
        self.reporter = Reporter(work, allowance, on_progress)
        self.room = Room(memory, work, allowance.deadline)
        self.entries: list[Entry] = []
        self.baselines: list[Entry] = []
        self.dropped: list[Entry] = []
        self.folds = 0
        self._kept_back = REFIT_SHARE * allowance.whole if work.forward else 0.0
        self._named: Counter[str] = Counter()

    def run(self, candidates: Sequence[Candidate], baselines: Sequence[Candidate] = ()) -> int:
        """Fit candidates, the first ones first, until all are done or nothing is left to spend.

        Parameters
        ----------
        candidates : sequence of Candidate
        baselines : sequence of Candidate
            Fitted on every fold, whatever their score; the linear model is an entry too.

        Returns
        -------
        int
            How many candidates were tried.
        """
        self.baselines = self._first_folds([self._entry(each) for each in baselines])
        self.entries = [each for each in self.baselines if each.candidate.algorithm == "linear"]
        waiting = deque(self._entry(each) for each in candidates)
        self._begin(waiting, ONLY_SHARE if self.pace.folds == 1 else FIRST_SHARE)
        self.folds = 1
        while self.folds < len(self.work.folds) and self._next_fold():
            self.folds += 1
        while waiting and self._worth_beginning(waiting[0]):
            self._catch_up(self._first_folds(self._some(waiting)))
        self._more_members()
        return len(candidates) - len(waiting)

    def refit(self, entries: Sequence[Entry]) -> None:
        """Where folds go forward in time, let entries learn from all rows, as far as there is time."""
        if not self.work.forward:
            return
        self._kept_back = 0.0
        for entry in entries:
            candidate = refitted(entry.candidate, entry.fits[0], self.work.more_rows)
            if candidate is None or entry.refit is not None:
                continue
            for _, fit in self._fits([(Entry(entry.name, candidate), WHOLE)]):
                entry.refit = fit

    @property
    def judged(self) -> Work:
        """The work, with the folds only that all entries have finished."""
        return replace(self.work, folds=self.work.folds[: max(self.folds, 1)])

    def weights(self, entries: Sequence[Entry]) -> NDArray[np.float64]:
        """Return how much an ensemble wants each entry, on the folds that all have finished."""
        return _weights(self.judged, entries)

    def _left(self) -> float:
        return self.allowance.left() - self._kept_back

    def _begin(self, waiting: deque[Entry], share: float) -> None:
        """Fit the first fold of as many candidates as a share of the whole allows."""
        end = (1.0 - share) * self.allowance.whole
        while waiting:
            enough = self._left() <= max(end, 0.0)
            if enough and self.entries and not self._is_kept(waiting[0], 0):
                return
            self.entries += self._first_folds(self._some(waiting))

    def _some(self, waiting: deque[Entry]) -> list[Entry]:
        return [waiting.popleft() for _ in range(min(self.pace.at_once, len(waiting)))]

    def _worth_beginning(self, entry: Entry) -> bool:
        if self._is_kept(entry, 0):
            return True
        usual = float(np.mean([each.seconds_a_fit for each in self.entries]))
        least = self.allowance.cost(usual * (self.folds - CUT_SHARE))
        return self._left() > max(LAST_MOMENT * self.allowance.whole, least)

    def _no_time_for(self, entry: Entry, fold: int) -> bool:
        return not self._is_kept(entry, fold) and self._left() <= 0

    def _next_fold(self) -> bool:
        """Fit one more fold of what is worth it; False where there is not enough left for what is wanted."""
        wanted, others = self._ranked()
        rounds_left = len(self.work.folds) - self.folds
        cost = self._round_cost([*self.baselines, *wanted])
        if cost > max(self._left(), 0.0):
            return False
        free = self._left() - cost * rounds_left
        going_on = list(wanted)
        for entry in others:
            cost = self._round_cost([entry]) * rounds_left
            if cost <= free or self._is_kept(entry, self.folds):
                going_on.append(entry)
                free -= cost
        together = [*going_on, *(each for each in self.baselines if each not in going_on)]
        done = self._fit_all([(entry, self.folds) for entry in together])
        if not all(entry in done for entry in [*self.baselines, *wanted]):
            return False
        self.dropped += [entry for entry in self.entries if entry not in done]
        self.entries = [entry for entry in self.entries if entry in done]
        self.work.forget(self.folds)
        return True

    def _ranked(self) -> tuple[list[Entry], list[Entry]]:
        """Return the entries that the ensemble wants, and the others that deserve to go on, best first."""
        work = self.judged
        weights = _weights(work, self.entries)
        order = np.argsort(-weights, kind="stable")
        wanted = [self.entries[at] for at in order if weights[at] > 0]
        rest = sorted(
            (self.entries[at] for at in order if weights[at] == 0), key=lambda entry: entry.loss(work)
        )
        if len(work.judged) > FEW_ROWS:
            rest = [entry for entry in rest if self._is_kept(entry, self.folds)]
        return wanted, rest

    def _round_cost(self, entries: Iterable[Entry]) -> float:
        distinct = dict.fromkeys(entries)
        return sum(
            self.allowance.cost(entry.seconds_a_fit)
            for entry in distinct
            if not self._is_kept(entry, self.folds)
        )

    def _catch_up(self, late: list[Entry]) -> None:
        """Let candidates that were begun late go on, where the ensemble wants them on the first fold."""
        work = replace(self.work, folds=self.work.folds[:1])
        for entry in late:
            weights = _weights(work, [*self.entries, entry])
            cost = self.allowance.cost(entry.seconds_a_fit) * (self.folds - 1)
            goes_on = weights[-1] > 0 and cost <= self._left()
            if goes_on or (self.folds > 1 and self._is_kept(entry, 1)):
                self._fit_all([(entry, fold) for fold in range(1, self.folds)])
            (self.entries if len(entry.fits) == self.folds else self.dropped).append(entry)

    def _more_members(self) -> None:
        """Spend what is too little for a whole fold on more fits of what the ensemble wants most.

        They judge nothing, but the average of an entry's fits is better for each.
        """
        if not self.entries or self.work.forward:
            return
        wanted, _ = self._ranked()
        for fold in range(self.folds, len(self.work.folds)):
            for entry in wanted:
                affordable = self.allowance.cost(entry.seconds_a_fit) <= self._left()
                if len(entry.fits) == fold and (affordable or self._is_kept(entry, fold)):
                    self._fit_all([(entry, fold)])

    def _entry(self, candidate: Candidate) -> Entry:
        memory = "" if candidate.memory == "all" else f", {candidate.memory}"
        self._named[candidate.algorithm + memory] += 1
        number = self._named[candidate.algorithm + memory]
        name = candidate.algorithm if number == 1 else f"{candidate.algorithm} {number}"
        return Entry(name + memory, candidate)

    def _first_folds(self, entries: list[Entry]) -> list[Entry]:
        self._fit_all([(entry, 0) for entry in entries])
        return [entry for entry in entries if entry.fits]

    def _fit_all(self, tasks: list[tuple[Entry, int]]) -> set[Entry]:
        """Fit some folds side by side, and return the entries whose fits are done, all of them.

        A fit is begun while something is left to spend; the first of all is begun in any case, so that there
        is always a model.
        """
        done: dict[tuple[Entry, int], Fit] = {}
        for task, fit in self._fits(tasks):
            done[task] = fit
            self.reporter.fitted(*task, fit, self.judged, self.entries)
        for entry, fold in tasks:  # in the order of the folds, whichever was done first
            if (entry, fold) in done and len(entry.fits) == fold:
                entry.fits.append(done[entry, fold])
        return {entry for entry, _ in tasks} - {entry for entry, fold in tasks if (entry, fold) not in done}

    def _fits(self, tasks: list[tuple[Entry, int]]) -> Iterator[tuple[tuple[Entry, int], Fit]]:
        waiting = deque(tasks)
        running: dict[Future[Fit], tuple[Entry, int]] = {}
        with ThreadPoolExecutor(self.pace.at_once) as pool:
            while waiting or running:
                while waiting and len(running) < self.pace.at_once:
                    self.room.make()
                    entry, fold = waiting.popleft()
                    if self.entries and self._no_time_for(entry, fold):
                        continue
                    if (fit := self._kept(entry, fold)) is not None:
                        self.allowance.spend()
                        yield (entry, fold), fit
                        continue
                    self.allowance.spend()
                    self.reporter.fitting(entry, fold)
                    rows = self.rows_for(entry.candidate, fold)  # made here: threads only fit
                    wanted = self.task_for(entry.candidate, fold)
                    limit = self.allowance.deadline.within(wanted.seconds)
                    running[pool.submit(fit_on_fold, wanted, rows, limit)] = (entry, fold)
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield self._save(running.pop(future), future.result())

    def rows_for(self, candidate: Candidate, fold: int) -> FoldRows:
        """Return what a candidate learns from on a fold."""
        work, style = self.work, style_of(candidate)
        train, valid = work.rows_of(fold)
        data = work.fold_data(style, fold)
        kept, weight = remembered(work, train, candidate.memory)
        return FoldRows(
            data.X if len(kept) == len(train) else data.X[kept],
            work.y[train[kept]],
            data.X_valid,
            work.y[valid],
            data.X_proof,
            weight=weight,
            weight_valid=work.weight_of(valid),
            monotone=work.representation(style, fold).directions(work.monotone),
        )

    def task_for(self, candidate: Candidate, fold: int, rounds: int | None = None) -> FitTask:
        """Return which fit is wanted; with `rounds` it takes exactly so many."""
        work = self.work
        return FitTask(
            candidate=candidate,
            fold=fold,
            seconds=self.allowance.seconds_for(self.pace.seconds) * LEARNING_SHARE,
            task=work.task,
            n_outputs=work.n_outputs,
            metric=work.metric,
            threads=self.pace.threads,
            seed=work.seed_of(fold),
            rounds=rounds,
        )

    def _kept(self, entry: Entry, fold: int) -> Fit | None:
        return self.checkpoint.load(_key(entry, fold)) if self.checkpoint else None

    def _is_kept(self, entry: Entry, fold: int) -> bool:
        """Whether an earlier attempt finished this fit; what it decided to fit is not decided anew."""
        return self.checkpoint is not None and self.checkpoint.has(_key(entry, fold))

    def _save(self, task: tuple[Entry, int], fit: Fit) -> tuple[tuple[Entry, int], Fit]:
        if self.checkpoint:
            self.checkpoint.save(_key(*task), fit)
            self.checkpoint.note_spent(self.allowance.deadline.spent())
        return task, fit


def _weights(work: Work, entries: Sequence[Entry]) -> NDArray[np.float64]:
    predictions = [entry.out_of_fold(work) for entry in entries]
    return select(work.metric, work.y[work.judged], predictions, weight=work.weight_of(work.judged))


def _key(entry: Entry, fold: int) -> str:
    return fit_key(entry.candidate, fold)
