"""What the state of a project raises: items that come and go by themselves."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from modelwright.store import Alarm, Event, current_user
from modelwright.workday.item import Item, Section, Urgency
from modelwright.workday.looking import Looked, is_alive

STALE = timedelta(days=90)
"""A model is stale once it has been in production so long, and nothing newer was built."""
SOON = timedelta(days=2)
EXPIRING = timedelta(days=14)
"""So long before it expires, a key of the server is told of."""
NEAR = 0.5
"""A promise is near its limit from this share of the evidence (on the log scale) that an alarm takes."""

_RELEASED = {
    "deploy": "was released",
    "rollback": "is in production again, by a rollback",
    "promote": "was promoted after its trial",
    "shadow": "is on trial in the shadow",
    "canary": "is on trial as a canary",
}


class Raised:
    """The items of one project.

    Parameters
    ----------
    looked : Looked
    now : datetime
    since : datetime
        What happened before is no news.
    here : Path, optional
        The current folder: commands for the project there need not name it.
    """

    def __init__(self, looked: Looked, now: datetime, since: datetime, here: Path | None = None) -> None:
        self.looked = looked
        self.glance = looked.glance
        self.now, self.since = now, since
        at_home = here is not None and looked.known.root == str(here)
        self._where = "" if at_home else f" -p {shlex.quote(looked.known.shown)}"

    def items(self) -> Iterator[Item]:
        """Yield all items."""
        if self.looked.trouble:
            root = shlex.quote(self.looked.known.shown)
            yield self._item(
                f"trouble:{self.looked.known.root}",
                "stopped",
                f"cannot be looked at: {self.looked.trouble}",
                f"modelwright doctor -p {root}",
                Urgency.FAILED,
            )
            return
        for rule in (
            self._stopped,
            self._alarms,
            self._runs,
            self._decisions,
            self._candidate,
            self._requests,
            self._promises,
            self._stale,
            self._contract,
            self._keys,
            self._todos,
            self._news,
        ):
            yield from rule()

    # ---- where work stopped

    def _stopped(self) -> Iterator[Item]:
        last, builds = self.looked.known.last, self.looked.unfinished
        newest = self.glance.newest
        for at, build in enumerate(builds):
            if build.running:
                since = _when(build.began, self.now)
                words = f"build {build.name} is running since {since}; {build.fits} fits are kept"
                yield self._item(
                    f"build:{build.run}", "stopped", words, "modelwright runs", Urgency.NEWS, at=build.began
                )
            elif at == 0 and (newest is None or newest.started < build.began):
                words = (
                    f"build {build.name} did not finish; it goes on from the {build.fits} fits it has kept"
                )
                yield self._item(
                    f"build:{build.run}",
                    "stopped",
                    words,
                    "modelwright build --resume",
                    Urgency.WAITS,
                    at=build.began,
                )
        if last is not None and last.ended is None and not builds and not (last.pid and is_alive(last.pid)):
            words = f"the last command did not come to its end: {last.command}"
            yield self._item(
                f"command:{last.began.timestamp():.0f}",
                "stopped",
                words,
                last.command,
                Urgency.WAITS,
                at=last.began,
            )
        elif last is not None and last.code not in {0, None} and last.began >= self.since:
            words = f"the last command ended with exit code {last.code}: {last.command}"
            yield self._item(
                f"command:{last.began.timestamp():.0f}",
                "stopped",
                words,
                last.command,
                Urgency.OPEN,
                at=last.began,
            )
        if n := self.looked.uncommitted:
            words = f"{n} {'file is' if n == 1 else 'files are'} not committed"
            root = shlex.quote(self.looked.known.root)
            yield self._item("uncommitted:" + root, "stopped", words, f"git -C {root} status", Urgency.OPEN)

    # ---- what happened since

    def _alarms(self) -> Iterator[Item]:
        for alarm in self.glance.alarms:
            cost = self._at_stake
            words = f"alarm: {_words(alarm)}"
            if cost:
                words += f"; while it holds, the model saves {cost:,.0f} {self.looked.currency} a day"
            yield self._item(
                f"alarm:{alarm.id}",
                "happened",
                words,
                f"modelwright incident open {alarm.id}",
                Urgency.ALARM,
                at=alarm.at,
                cost=cost,
            )

    @property
    def _at_stake(self) -> float | None:
        """What the model in production is expected to save a day, against the best blind decision."""
        saving = self.glance.figures.get("saving_per_row", 0.0) * self.glance.predictions_a_day
        return saving if saving > 0 else None

    def _runs(self) -> Iterator[Item]:
        me, resumable = current_user(), {each.run for each in self.looked.unfinished}
        finished = [each.started for each in self.glance.runs if each.status == "FINISHED"]
        for run in self.glance.runs:
            whose = f" by {run.by}" if run.by and run.by != me else ""
            key, name = f"run:{run.id}", f"run {run.name}{whose}"
            if run.status == "FAILED" and not any(started > run.started for started in finished):
                command = "modelwright build --resume" if run.id in resumable else "modelwright build"
                yield self._item(key, "happened", f"{name} failed", command, Urgency.FAILED, at=run.started)
            elif whose and run.status == "FINISHED":
                command = f"modelwright report {run.id[:8]}"
                yield self._item(key, "happened", f"{name} finished", command, Urgency.NEWS, at=run.started)
            elif whose and run.status == "RUNNING":
                yield self._item(
                    key, "happened", f"{name} is running", "modelwright runs", Urgency.NEWS, at=run.started
                )

    def _decisions(self) -> Iterator[Item]:
        for decision in self.glance.decisions:
            words = f"retraining: {decision.decision}, {decision.reason}"
            refused = decision.decision == "refused"
            command = f"modelwright report {decision.run[:8]}" if decision.run else "modelwright monitor"
            yield self._item(
                f"decision:{decision.id}",
                "happened",
                words,
                command,
                Urgency.WAITS if refused else Urgency.NEWS,
                at=decision.at,
            )

    def _candidate(self) -> Iterator[Item]:
        """Raise a finished run that is not in production."""
        newest, current = self.glance.newest, self.glance.current
        on_trial = {each.run for each in self.glance.releases}
        if newest is None or newest.id in on_trial or (current is not None and current.at >= newest.started):
            return
        run, cost = newest.id[:8], None
        if (
            current is not None
            and {"expected_cost"} <= self.glance.figures.keys() & self.glance.newest_figures.keys()
        ):
            gain = self.glance.figures["expected_cost"] - self.glance.newest_figures["expected_cost"]
            cost = max(gain, 0.0) * self.glance.predictions_a_day or None
        if self.looked.refused:
            why = self.looked.refused.removeprefix("Refused: ")
            words = f"the newest run, {newest.name}, is refused by the gate: {why}"
            yield self._item(
                f"run:{newest.id}",
                "stopped",
                words,
                f"modelwright report {run}",
                Urgency.OPEN,
                at=newest.started,
            )
            return
        words = f"run {newest.name} has finished and is not released"
        if cost:
            words += f"; it is expected to save {cost:,.0f} {self.looked.currency} a day more"
        yield self._item(
            f"run:{newest.id}",
            "stopped",
            words,
            f"modelwright deploy {run}",
            Urgency.WAITS,
            at=newest.started,
            cost=cost,
        )

    def _news(self) -> Iterator[Item]:
        for release in self.glance.releases:
            words = f"run {release.run[:8]} {_RELEASED[release.kind]}"
            yield self._item(
                f"release:{release.id}", "happened", words, "modelwright monitor", Urgency.NEWS, at=release.at
            )
        if n := self.glance.labels:
            yield self._item(
                f"labels:{self.looked.known.root}",
                "happened",
                f"{n:,} labels arrived",
                "modelwright monitor",
                Urgency.NEWS,
            )

    # ---- what is due

    def _requests(self) -> Iterator[Item]:
        for request in self.glance.requests:
            asked = f"{request.who or 'somebody'} asked: {_cut(request.words).rstrip('.')}"
            taken = request.accepted is not None
            command = f"modelwright request {'answer' if taken else 'accept'} {Item.short_of(request.id)}"
            yield self._item(
                request.id,
                "due",
                f"{asked}{_due(request.due, self.now)}",
                command,
                self._urgency(request.due),
                at=request.at,
                due=request.due,
            )

    def _todos(self) -> Iterator[Item]:
        for todo in self.glance.todos:
            link = f" ({todo.link})" if todo.link else ""
            words = f"{_cut(todo.words)}{link}{_due(todo.due, self.now)}"
            yield self._item(
                todo.id,
                "due",
                words,
                f"modelwright todo done {Item.short_of(todo.id)}",
                self._urgency(todo.due),
                at=todo.at,
                due=todo.due,
                person=True,
            )

    def _urgency(self, due: date | None) -> Urgency:
        if due is None:
            return Urgency.OPEN
        left = due - self.now.date()
        if left < timedelta(0):
            return Urgency.OVERDUE
        return Urgency.SOON if left <= SOON else Urgency.OPEN

    def _promises(self) -> Iterator[Item]:
        for promise in self.glance.promises:
            threshold = promise["threshold"]
            if not promise["holds"] or threshold is None or threshold <= 1 or promise["evidence"] is None:
                continue
            share = math.log(max(promise["evidence"], 1.0)) / math.log(threshold)
            if share >= NEAR:
                words = f"near its limit ({share:.0%} of the evidence an alarm takes): {promise['words']}"
                key = f"promise:{promise['promise']}:{promise['column']}"
                yield self._item(key, "due", words, "modelwright monitor", Urgency.WAITS, cost=None)

    def _stale(self) -> Iterator[Item]:
        current, newest = self.glance.current, self.glance.newest
        if current is None or (newest is not None and newest.started > current.at):
            return
        if (age := self.now - current.at) >= STALE:
            words = f"the model in production is {age.days} days old"
            yield self._item(
                f"stale:{current.id}", "due", words, "modelwright retrain", Urgency.OPEN, at=current.at
            )

    def _keys(self) -> Iterator[Item]:
        for name, expires in self.glance.keys.items():
            if expires - self.now <= EXPIRING:
                words = f"the last key of {name} expires on {expires.astimezone():%Y-%m-%d %H:%M}"
                command = f"modelwright key add {shlex.quote(name)}"
                urgency = self._urgency(expires.date())
                yield self._item(f"key:{name}:{expires}", "due", words, command, urgency, due=expires.date())

    def _contract(self) -> Iterator[Item]:
        newest = {event.kind: event for event in self.glance.events}
        seen, accepted = newest.get("contract changes"), newest.get("contract accepted")
        if seen is None or not seen.body["columns"] or _follows(accepted, seen):
            return
        columns = seen.body["columns"]
        words = f"the contract has not taken in what {seen.body['source']} shows: {_cut(', '.join(columns))}"
        command = f"modelwright contract accept {shlex.quote(seen.body['source'])}"
        yield self._item(f"contract:{seen.id}", "due", words, command, Urgency.WAITS, at=seen.at)

    # ---- an item

    def _item(
        self,
        key: str,
        section: Section,
        words: str,
        command: str,
        urgency: Urgency,
        *,
        at: datetime | None = None,
        due: date | None = None,
        cost: float | None = None,
        person: bool = False,
    ) -> Item:
        names_it = " -p " in command or command.startswith("git ")
        where = "" if names_it or not command.startswith("modelwright") else self._where
        return Item(
            key,
            self.looked.name,
            section,
            words,
            command + where,
            urgency,
            at,
            due,
            cost,
            self.looked.currency if cost is not None else "",
            person,
        )


def _words(alarm: Alarm) -> str:
    return str(alarm.evidence.get("words") or f"{alarm.promise} {alarm.column or ''}".strip())


def _follows(one: Event | None, other: Event) -> bool:
    return one is not None and one.at >= other.at


def _cut(text: str, most: int = 110) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _due(due: date | None, now: datetime) -> str:
    if due is None:
        return ""
    days = (due - now.date()).days
    if days == 0:
        return ", due today"
    if days == -1:
        return ", due yesterday"
    if days < 0:
        return f", {-days} days overdue"
    return ", due tomorrow" if days == 1 else f", due {due:%Y-%m-%d}"


def _when(at: datetime, now: datetime) -> str:
    local, today = at.astimezone(), now.astimezone()
    return f"{local:%H:%M}" if local.date() == today.date() else f"{local:%Y-%m-%d %H:%M}"
