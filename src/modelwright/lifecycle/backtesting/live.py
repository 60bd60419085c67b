"""One policy, lived through history: answer, watch, learn the labels, decide, and only then go on."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright import evaluation
from modelwright.lifecycle.backtesting.history import History, Step
from modelwright.lifecycle.backtesting.learning import Learnt, Workshop
from modelwright.lifecycle.backtesting.policies import Policy
from modelwright.lifecycle.backtesting.results import Event, EventKind, PolicyResult
from modelwright.lifecycle.judging import FEWEST_NEW_ROWS
from modelwright.monitoring import Freshness, Situation, Watch, row_losses, span, watched
from modelwright.problem import Task, decision_threshold, metric_named


@dataclass
class InUse:
    """A model in production.

    Attributes
    ----------
    learnt : Learnt
    learnt_at : int
        How many rows had come when it was learnt.
    start : int
        How many when it was put to use.
    at : datetime
        When that was.
    watch : Watch
        Over it, since then.
    before : Learnt or None
        The model before it, which goes on answering in the shadow.
    before_at : int
        How many rows had come when that was learnt.
    told : set of (str, str or None)
        The promises that an alarm was raised for.
    """

    learnt: Learnt
    learnt_at: int
    start: int
    at: datetime
    watch: Watch
    before: Learnt | None = None
    before_at: int = 0
    told: set[tuple[str, str | None]] = field(default_factory=set)
    alarms: list[tuple[str, str, str]] = field(default_factory=list)
    shadow: list[NDArray[np.float64]] = field(default_factory=list)
    n_labelled: int = 0


class Life:
    """One policy over one history.

    Parameters
    ----------
    history : History
    policy : Policy
    workshop : Workshop
        Shared by all policies, so that a build that two of them want is done once.
    """

    def __init__(self, history: History, policy: Policy, workshop: Workshop) -> None:
        self.history = history
        self.policy = policy
        self.workshop = workshop
        self.metric = metric_named(history.brief.problem.metric, history.brief.problem.task)
        self.events: list[Event] = []
        self.retrained: list[datetime] = []
        self.retrained_rows: list[int] = []
        self.fits = 0
        n, outputs = len(history.y), max(len(history.contract.classes), 1)
        self.prediction = np.full((n, outputs), np.nan)

    def live(self) -> PolicyResult:
        """Live through all steps."""
        began = time.monotonic()
        first = self.history.steps[0]
        learnt = self.workshop.learn(first.start, by_age=False)
        self.fits += learnt.fits
        self.current = self._use(learnt, first.start)
        for step in self.history.steps:
            if step is not first:
                self._decide(step)
            self._answer(step)
            self._watch(step)
        return self._result(time.monotonic() - began)

    def _use(self, learnt: Learnt, now: int, *, learnt_at: int | None = None) -> InUse:
        at = self.history.at(now)
        budget = self.history.brief.promises.false_alarms_per_year
        learnt_at = now if learnt_at is None else learnt_at
        return InUse(learnt, learnt_at, now, at, Watch.begin(learnt.reference, budget, at))

    def _answer(self, step: Step) -> None:
        frame = self.history.frame[step.start : step.stop]
        self.prediction[step.start : step.stop] = self.current.learnt.model.predict(frame)
        if self.current.before is not None:
            self.current.shadow.append(self.current.before.model.predict(frame))

    def _watch(self, step: Step) -> None:
        """Take in what was asked and answered, and the labels that have come, as monitoring does."""
        current = self.current
        current.watch = current.watch.observe(
            self.history.contract, self._observations(step.start, step.stop)
        )
        labelled = self.history.labelled(step.stop)
        labelled = labelled[labelled >= current.start]
        current.watch = current.watch.learn(self._labels(labelled[current.n_labelled :], step.stop))
        current.n_labelled = len(labelled)
        for each in watched(current.watch):
            promise = (each.promise, each.column)
            if not each.holds and promise not in current.told:
                current.told.add(promise)
                current.alarms.append((each.promise, f"{each.code} {each.words}", each.code))
                self._note("alarm", step.stop, f"{each.code} {each.words}")

    def _observations(self, start: int, stop: int) -> pl.DataFrame:
        """Return rows and answers as `Operations.observations` does."""
        rows = self.history.rows[start:stop].drop(self.history.brief.problem.target)
        answers = self._answers(np.arange(start, stop))
        return pl.DataFrame(
            [
                pl.Series("id", [str(row) for row in range(start, stop)]),
                self._moments("at", np.arange(start, stop)),
                rows.to_struct("row"),
                *answers,
            ]
        )

    def _labels(self, rows: NDArray[np.int64], now: int) -> pl.DataFrame:
        """Return labels as `Operations.first_labels` does; they became known by `now`."""
        classes = self.history.contract.classes
        y = self.history.y[rows]
        label = [classes[int(code)] for code in y] if classes else y.astype(np.float64)
        known = np.minimum(self.history.known[rows], now) - 1
        return pl.DataFrame(
            [
                pl.Series("seq", rows, dtype=pl.Int64),
                self._moments("at", rows),
                self._moments("labelled_at", known),
                pl.Series("label", label, dtype=pl.String if classes else pl.Float64),
                *self._answers(rows),
            ]
        )

    def _answers(self, rows: NDArray[np.int64]) -> list[pl.Series]:
        classes, said = self.history.contract.classes, self.prediction[rows]
        if not classes:
            return [
                pl.Series("prediction", said[:, 0]),
                pl.Series("probabilities", [None] * len(rows), dtype=pl.Null),
            ]
        labels = [classes[code] for code in said.argmax(axis=1)]
        probabilities = pl.DataFrame({name: said[:, code] for code, name in enumerate(classes)})
        return [
            pl.Series("prediction", labels, dtype=pl.String),
            probabilities.to_struct("probabilities"),
        ]

    def _moments(self, name: str, rows: NDArray[np.int64]) -> pl.Series:
        micros = (self.history.clock[rows] * 1e6).astype(np.int64)
        return pl.Series(name, micros, dtype=pl.Int64).cast(pl.Datetime("us", "UTC"))

    def _decide(self, step: Step) -> None:
        freshness = self._freshness(step.start)
        if self._gives_way(step.start, freshness):
            return
        history = self.history
        last = self.retrained_rows[-1] if self.retrained_rows else history.first
        labels = len(history.labelled(step.start)) - len(history.labelled(last))
        found = Situation(
            now=history.at(step.start),
            since=history.at(history.steps[0].start),
            retrained=tuple(self.retrained),
            labels=labels,
            alarms=tuple(self.current.alarms),
            freshness=freshness,
        )
        decision = self.policy.decide(step, found)
        if decision.decision == "retrain":
            self._retrain(step.start, decision.reason)

    def _freshness(self, now: int) -> Freshness | None:
        """Compare the champion with the model before it on the labels that have come since its release."""
        current = self.current
        if not self.policy.judged or current.before is None or not current.shadow:
            return None
        rows = self.history.labelled(now)
        rows = rows[rows >= current.start]
        before = np.concatenate(current.shadow)[rows - current.start]
        y = self.history.y[rows]
        return Freshness.of(row_losses(y, before), row_losses(y, self.prediction[rows]))

    def _gives_way(self, now: int, freshness: Freshness | None) -> bool:
        """Revert to the model before where it is better, for as long as a release is watched closely."""
        current = self.current
        watched_for = span(self.history.brief.retraining.watch_for)
        closely = self.history.at(now) - current.at <= watched_for
        if current.before is None or freshness is None or not closely or not freshness.is_worse:
            return False
        self._note("reverted", now, f"Worse than the model before: {freshness.words}.")
        self.current = self._use(current.before, now, learnt_at=current.before_at)
        return True

    def _retrain(self, now: int, reason: str) -> None:
        learnt = self.workshop.learn(now, by_age=self.policy.by_age)
        self.fits += learnt.fits
        self.retrained.append(self.history.at(now))
        self.retrained_rows.append(now)
        refusal = self._refused(learnt, now) if self.policy.judged else None
        if refusal is not None:
            self._note("refused", now, f"{reason} {refusal}")
            return
        before = self.current
        self.current = self._use(learnt, now)
        if self.policy.judged:
            self.current.before, self.current.before_at = before.learnt, before.learnt_at
        shares = ", ".join(f"{share:.0%} {memory}" for memory, share in learnt.memories.items() if share > 0)
        self._note("retrained", now, f"{reason} It learnt from {shares}." if self.policy.by_age else reason)

    def _refused(self, learnt: Learnt, now: int) -> str | None:
        """Hold a challenger against the champion, on the newest labels that neither has learnt from."""
        history = self.history
        known_before = np.isin(learnt.judged, history.labelled(self.current.learnt_at))
        new = np.flatnonzero(~known_before & (history.known[learnt.judged] <= now))
        strict = history.brief.retraining.release == "if_better"
        if len(new) < FEWEST_NEW_ROWS:
            return "Too few of the newest labels are new to the champion." if strict else None
        rows = learnt.judged[new]
        champion = self.current.learnt.model.predict(history.frame[rows])
        y = history.y[rows]
        if history.contract.classes and len(np.unique(y)) < len(history.contract.classes):
            return "The newest labels lack a class." if strict else None
        compared = evaluation.compare(
            self.metric, y, learnt.judged_prediction[new], champion, looks=0, seed=history.brief.training.seed
        )
        held = compared.better if strict else compared.high >= 0
        return (
            None
            if held
            else f"Refused: on {len(new):,} labels new to both, {compared} in {self.metric.title}."
        )

    def _note(self, kind: EventKind, row: int, words: str) -> None:
        self.events.append(Event(kind=kind, row=row, at=self.history.at(row), words=words))

    def _result(self, seconds: float) -> PolicyResult:
        losses = step_losses(self.history, self.prediction)
        counted = [each.kind for each in self.events]
        return PolicyResult(
            name=self.policy.name,
            words=self.policy.words,
            loss=mean_loss(self.history, losses),
            retrains=len(self.retrained),
            alarms=counted.count("alarm"),
            reverts=counted.count("reverted"),
            refused=counted.count("refused"),
            fits=self.fits,
            money=money(self.history, self.prediction),
            losses=losses,
            events=tuple(self.events),
            seconds=seconds,
        )


def step_losses(history: History, prediction: NDArray[np.float64]) -> tuple[float | None, ...]:
    """Return the metric's loss on each step; None where it is not defined."""
    metric = metric_named(history.brief.problem.metric, history.brief.problem.task)
    found: list[float | None] = []
    for step in history.steps:
        some = slice(step.start, step.stop)
        loss = metric.loss(history.y[some], prediction[some])
        found.append(float(loss) if np.isfinite(loss) else None)
    return tuple(found)


def mean_loss(history: History, losses: tuple[float | None, ...]) -> float:
    """Return the mean of the steps' losses, by their rows."""
    pairs = [(loss, step.stop - step.start) for loss, step in zip(losses, history.steps, strict=True)]
    known = [(loss, rows) for loss, rows in pairs if loss is not None]
    if not known:
        return float("nan")
    return float(np.average([loss for loss, _ in known], weights=[rows for _, rows in known]))


def money(history: History, prediction: NDArray[np.float64]) -> float | None:
    """Return what all mistakes cost, by the brief; None where the task is not binary."""
    if history.brief.problem.task is not Task.BINARY:
        return None
    costs, some = history.brief.costs, slice(history.first, None)
    positive = history.y[some] == 1
    acted = prediction[some, 1] >= decision_threshold(costs)
    return float(
        costs.false_positive * (acted & ~positive).sum() + costs.false_negative * (~acted & positive).sum()
    )
