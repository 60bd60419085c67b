"""What a build tells while it works."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import isfinite, sqrt
from typing import Literal

import numpy as np

from modelwright.training.allowance import Allowance
from modelwright.training.checkpoint import Fit
from modelwright.training.ensemble import select
from modelwright.training.entry import Entry
from modelwright.training.resampling import standard_error
from modelwright.training.work import Work

ROWS_LOOKED_AT = 2_000
STEPS_LOOKED_AHEAD = 10
LOOKING_SHARE = 0.01
NORMAL_95 = 1.96

Phase = Literal["fitting", "fitted", "interrupted"]


@dataclass(frozen=True)
class Progress:
    """Where a build stands: before each fit, after it, and when it is interrupted.

    Attributes
    ----------
    candidate : str
        Name of the candidate.
    fold, folds : int
        Which fold, from 1, of how many; 0 where all rows are learned from in the end.
    score : float or None
        The candidate's metric on this fold, once it is fitted.
    best : float or None
        The best metric of a single candidate so far, on the folds that all have finished; on at most 2,000
        rows, so that looking costs little, as are `interval` and `holds`.
    seconds_left : float or None
        Of the time limit; None where fits are counted.
    phase : {"fitting", "fitted", "interrupted"}
        Whether the fit begins or is done, or the build was asked to finish with the best so far.
    why : str
        Why the candidate is tried.
    interval : tuple of float or None
        Limits of `best`: about 95 %, over the rows that the folds hold out.
    holds : dict of str to float
        What an ensemble of the candidates so far would hold, and their weights.
    fits_left : int or None
        Where fits are counted.
    """

    candidate: str
    fold: int
    folds: int
    score: float | None
    best: float | None
    seconds_left: float | None
    phase: Phase = "fitted"
    why: str = ""
    interval: tuple[float, float] | None = None
    holds: dict[str, float] = field(default_factory=dict)
    fits_left: int | None = None


class Reporter:
    """Tells a callback where a race stands.

    Parameters
    ----------
    work : Work
    allowance : Allowance
    tell : callable or None
        Called with a `Progress`; with None nothing is computed either.
    """

    def __init__(self, work: Work, allowance: Allowance, tell: Callable[[Progress], None] | None) -> None:
        self.work = work
        self.allowance = allowance
        self.tell = tell
        self._best: float | None = None
        self._interval: tuple[float, float] | None = None
        self._holds: dict[str, float] = {}
        self._looking = 0.0

    def fitting(self, entry: Entry, fold: int) -> None:
        """Tell that a fit begins."""
        self._say(entry, "fitting", fold, None)

    def fitted(self, entry: Entry, fold: int, fit: Fit, judged: Work, entries: Sequence[Entry]) -> None:
        """Tell that a fit is done.

        Parameters
        ----------
        entry, fold, fit
            What was fitted.
        judged : Work
            With the folds only that all entries have finished.
        entries : sequence of Entry
            Those in the race.
        """
        if self.tell is None:
            return
        valid = self.work.rows_of(fold)[1]
        score = self.work.metric(self.work.y[valid], fit.out_of_fold, self.work.weight_of(valid))
        self._look(judged, [each for each in entries if len(each.fits) >= len(judged.folds)])
        self._say(entry, "fitted", fold, score)

    def _look(self, judged: Work, entries: list[Entry]) -> None:
        """Look at what an ensemble would hold; never for more than a hundredth of the time."""
        if not entries or self._looking > LOOKING_SHARE * self.allowance.deadline.spent():
            return
        began = time.monotonic()
        rows = np.arange(len(judged.judged))
        if len(rows) > ROWS_LOOKED_AT:
            rows = np.sort(np.random.default_rng(judged.seed).choice(rows, ROWS_LOOKED_AT, replace=False))
        y, counts = judged.y[judged.judged][rows], judged.weight_of(judged.judged[rows])
        predictions = [each.out_of_fold(judged)[rows] for each in entries]
        weights = select(judged.metric, y, predictions, STEPS_LOOKED_AHEAD, weight=counts)
        holds = zip(entries, weights, strict=True)
        self._holds = {each.name: round(float(weight), 4) for each, weight in holds if weight > 0}
        losses = [judged.metric.loss(y, each, counts) for each in predictions]
        best = predictions[int(np.argmin(losses))]
        self._best = judged.metric(y, best, counts)
        error = standard_error(judged.metric, y, best, weight=counts, seed=judged.seed)
        self._interval = _limits(judged, self._best, error * sqrt(len(rows) / len(judged.judged)))
        self._looking += time.monotonic() - began

    def _say(self, entry: Entry, phase: Phase, fold: int, score: float | None) -> None:
        if self.tell is None:
            return
        fits_left = self.allowance.fits_left()
        self.tell(
            Progress(
                candidate=entry.name,
                fold=fold + 1,
                folds=len(self.work.folds),
                score=score,
                best=self._best,
                seconds_left=max(self.allowance.deadline.left(), 0.0) if fits_left is None else None,
                phase=phase,
                why=entry.candidate.why,
                interval=self._interval,
                holds=self._holds,
                fits_left=fits_left,
            )
        )


def _limits(work: Work, figure: float, error: float) -> tuple[float, float] | None:
    low, high = figure - NORMAL_95 * error, figure + NORMAL_95 * error
    if not isfinite(low):
        return None
    return max(low, work.metric.lowest), min(high, work.metric.highest)
