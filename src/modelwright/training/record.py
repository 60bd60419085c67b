"""What a training decided and did, so that it can be joined again, or done again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms import Candidate, Plan
from modelwright.errors import TrainingError
from modelwright.training.allowance import Allowance
from modelwright.training.checkpoint import Checkpoint, Fit, fit_key
from modelwright.training.deadline import Deadline, Ending
from modelwright.training.entry import Entry
from modelwright.training.fitting import fit_on_fold, refitted
from modelwright.training.pace import Pace
from modelwright.training.search import Race
from modelwright.training.work import WHOLE, Work


@dataclass(frozen=True)
class FitRecord:
    """One fit, and what it came to.

    Attributes
    ----------
    parameters : dict
        What it was fitted with.
    fold : int
        From 0; -1 where all rows were learned from.
    rounds : int or None
        How many it kept; done again, the fit takes exactly as many.
    seconds : float
    predictions : str
        SHA-256 of what it said of the rows that its fold held out.
    """

    parameters: dict[str, Any]
    fold: int
    rounds: int | None
    seconds: float
    predictions: str


@dataclass(frozen=True)
class EntryRecord:
    """A candidate in the race.

    Attributes
    ----------
    name : str
        As in the leaderboard.
    candidate : Candidate
    fits : tuple of FitRecord
        Of the folds in their order, and then of all rows where that was done.
    """

    name: str
    candidate: Candidate
    fits: tuple[FitRecord, ...]


@dataclass(frozen=True)
class TrainingRecord:
    """Everything that a training decided by itself.

    Attributes
    ----------
    plan : tuple of Candidate
        What was to be tried, in this order.
    why : str
        What decided it.
    seconds : float
        The time limit for which it was planned.
    threads : int
        How many the build could use.
    folds : int
        How many folds all entries have finished.
    tried, planned : int
        Candidates of the plan.
    ended : str
        Why training ended.
    baselines, entries, dropped : tuple of EntryRecord
        The baselines, what the ensemble was chosen from, and the rest; the linear model may be in two.
    """

    plan: tuple[Candidate, ...]
    why: str
    seconds: float
    threads: int
    folds: int
    tried: int
    planned: int
    ended: Ending
    baselines: tuple[EntryRecord, ...]
    entries: tuple[EntryRecord, ...]
    dropped: tuple[EntryRecord, ...]

    @property
    def fits(self) -> Iterator[tuple[EntryRecord, FitRecord]]:
        """Every fit once, with what it was a fit of."""
        different = {each.name: each for each in (*self.baselines, *self.entries, *self.dropped)}
        return ((entry, fit) for entry in different.values() for fit in entry.fits)

    @classmethod
    def of(cls, race: Race, plan: Plan, tried: int, planned: int) -> TrainingRecord:
        """Note down what a race did."""
        return cls(
            plan=plan.candidates,
            why=plan.why,
            seconds=race.allowance.deadline.seconds,
            threads=race.work.threads,
            folds=race.folds,
            tried=tried,
            planned=planned,
            ended=race.allowance.ending(all_tried=tried == planned),
            baselines=tuple(_noted(each, race.work) for each in race.baselines),
            entries=tuple(_noted(each, race.work) for each in race.entries),
            dropped=tuple(_noted(each, race.work) for each in race.dropped),
        )

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> TrainingRecord:
        """Read what was kept as JSON."""
        roles = {role: tuple(map(_entry_of, kept[role])) for role in ("baselines", "entries", "dropped")}
        return cls(**kept | roles | {"plan": tuple(Candidate(**each) for each in kept["plan"])})


def recall(race: Race, record: TrainingRecord) -> int:
    """Put a race where it stood when it ended, from the fits in its checkpoint; nothing is decided anew.

    Returns
    -------
    int
        How many candidates were tried.
    """
    entries: dict[str, Entry] = {}

    def known(noted: Sequence[EntryRecord]) -> list[Entry]:
        return [entries.setdefault(each.name, _recalled(each, race.checkpoint)) for each in noted]

    race.baselines, race.entries = known(record.baselines), known(record.entries)
    race.dropped = known(record.dropped)
    race.folds = record.folds
    return record.tried


def repeat_fits(record: TrainingRecord, work: Work, checkpoint: Checkpoint) -> tuple[str, ...]:
    """Do the fits of a record again, and keep them in a checkpoint for `recall` to find.

    Each takes exactly the rounds that it kept; neither a clock nor the validation rows end it.

    Parameters
    ----------
    record : TrainingRecord
    work : Work
        The same rows and folds.
    checkpoint : Checkpoint
        Empty.

    Returns
    -------
    tuple of str
        The fits whose predictions are not the same to the bit.
    """
    work = work.in_order()
    forever = Deadline(float("inf"))
    race = Race(work, Pace.of(work, record.seconds), Allowance(forever, fits=1), checkpoint)
    different = []
    for entry, noted in record.fits:
        candidate = replace(entry.candidate, parameters=noted.parameters)
        task, rows = race.task_for(candidate, noted.fold, noted.rounds), race.rows_for(candidate, noted.fold)
        fit = fit_on_fold(task, rows, forever)
        checkpoint.save(fit_key(candidate, noted.fold), fit)
        if hash_of(fit.out_of_fold) != noted.predictions:
            on = "all rows" if noted.fold == WHOLE else f"fold {noted.fold + 1}"
            different.append(f"{entry.name}, {on}")
    return tuple(different)


def hash_of(predictions: NDArray[np.floating]) -> str:
    """Return the SHA-256 of predictions, which is the same where every bit is."""
    return sha256(np.ascontiguousarray(predictions).tobytes()).hexdigest()


def _noted(entry: Entry, work: Work) -> EntryRecord:
    fits = [_fit_noted(entry.candidate, fold, fit) for fold, fit in enumerate(entry.fits)]
    if entry.refit is not None:
        again = refitted(entry.candidate, entry.fits[0], work.more_rows)
        fits.append(_fit_noted(again or entry.candidate, WHOLE, entry.refit))
    return EntryRecord(entry.name, entry.candidate, tuple(fits))


def _fit_noted(candidate: Candidate, fold: int, fit: Fit) -> FitRecord:
    return FitRecord(candidate.parameters, fold, fit.rounds, fit.seconds, hash_of(fit.out_of_fold))


def _entry_of(kept: dict[str, Any]) -> EntryRecord:
    fits = tuple(FitRecord(**each) for each in kept["fits"])
    return EntryRecord(kept["name"], Candidate(**kept["candidate"]), fits)


def _recalled(noted: EntryRecord, checkpoint: Checkpoint | None) -> Entry:
    entry = Entry(noted.name, noted.candidate)
    for each in noted.fits:
        candidate = replace(noted.candidate, parameters=each.parameters)
        fit = checkpoint.load(fit_key(candidate, each.fold)) if checkpoint else None
        if fit is None:
            raise TrainingError(
                f"{noted.name}: a fit that was finished is no longer in the checkpoint; start a new build"
            )
        if each.fold == WHOLE:
            entry.refit = fit
        else:
            entry.fits.append(fit)
    return entry
