"""The end of the day: what keeps running, what the day brought, and what comes first tomorrow."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from modelwright.store import Glance, Operations, Release, Request, current_user
from modelwright.workday.item import Urgency
from modelwright.workday.journal import write_day
from modelwright.workday.looking import Looked, UnfinishedBuild, builder_of, look, unfinished_builds
from modelwright.workday.opened import Opened, root_of
from modelwright.workday.raising import Raised
from modelwright.workday.registry import Known, Registry

EVENT = "day wrapped"
_PATIENCE = 120.0
"""Seconds to wait for a build to stop: a fit that is under way may have to come to its end."""


@dataclass(frozen=True)
class Wrapped:
    """A day, ended.

    Attributes
    ----------
    project : str
    journal : str
        The file that it is written to.
    text : str
        What was written.
    running : tuple of str
        What keeps running.
    paused : tuple of str
        Builds that were stopped, and go on with ``modelwright build --resume``.
    first : str
        What comes first tomorrow; empty where nothing waits.
    """

    project: str
    journal: str
    text: str
    running: tuple[str, ...]
    paused: tuple[str, ...]
    first: str


def wrap(
    project: str | Path,
    *,
    note: str = "",
    first: str = "",
    pause: bool = False,
    registry: Registry | None = None,
) -> Wrapped:
    """End the day in one project.

    A build keeps every fit as it is done, so that it may be killed at any time; one that runs is asked to
    stop where that is wanted, and left alone otherwise.

    Parameters
    ----------
    project : str or Path
        Its folder.
    note : str
        What to remember.
    first : str
        What comes first tomorrow; by default the first of what waits.
    pause : bool, default False
        Stop the builds that run here; they go on with ``modelwright build --resume``.
    registry : Registry, optional
        This person's by default.
    """
    root, registry, now = root_of(str(project)), registry or Registry(), datetime.now(UTC)
    known = registry.find(str(root)) or Known(str(root))
    since = known.wrapped or _midnight(now)
    running = [each for each in unfinished_builds(root) if each.running]
    stopped = [each for each in running if pause and _stop(root, each)]
    looked = look(known, since, now)
    first = first.strip() or _first(looked, now, since)
    left = [each for each in running if each not in stopped]
    with Opened(str(root)) as operations:
        told = list(_told(looked.glance, operations, since))
        text = _text(
            now, told, note, [_fits(each) for each in stopped], [_fits(each) for each in left], first
        )
        path = write_day(root, now.astimezone().date(), text)
        operations.add_event(EVENT, {"by": current_user(), "journal": str(path), "first": first})
    registry.wrapped(str(root), now, first)
    return Wrapped(
        looked.name, str(path), text, tuple(map(_fits, left)), tuple(_fits(each) for each in stopped), first
    )


def _midnight(now: datetime) -> datetime:
    return now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _first(looked: Looked, now: datetime, since: datetime) -> str:
    items = [each for each in Raised(looked, now, since).items() if each.urgency is not Urgency.NEWS]
    awake = [each for each in items if looked.glance.snoozes.get(each.key, now) <= now]
    return min(awake, key=lambda each: each.rank()).words if awake else ""


def _stop(root: Path, build: UnfinishedBuild, wait: Callable[[float], None] = time.sleep) -> bool:
    """Interrupt a build until it has let go of its run; return whether it can be resumed.

    The first interrupt has it finish with the best so far, the second stops it at once.
    """
    place = root / ".modelwright" / "runs" / build.run
    until = time.monotonic() + _PATIENCE
    while (pid := builder_of(place)) is not None and time.monotonic() < until:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        wait(0.5)
    return builder_of(place) is None and not (place / "built.json").exists()


def _fits(build: UnfinishedBuild) -> str:
    return f"build {build.name}, {build.fits} fits kept"


def _told(glance: Glance, operations: Operations, since: datetime) -> Iterator[tuple[str, str]]:
    """Yield what the day brought: under which heading, and in which words."""
    for run in reversed(glance.runs):
        score = "" if run.score is None else f", score {run.score:.4g}"
        by = f", by {run.by}" if run.by else ""
        yield "Runs", f"{run.name} ({run.id[:8]}): {run.status.lower()}{score}{by}"
    for release in _new(operations.releases(), since):
        words = release.verdict.get("words", "")
        yield "Decisions", f"{release.kind}: run {release.run[:8]} as {release.id}. {words}".rstrip()
    for decision in glance.decisions:
        yield "Decisions", f"retraining: {decision.decision}, {decision.reason}"
    for request in operations.requests():
        yield from _of_request(request, since)
    for alarm in operations.alarms():
        if alarm.at >= since:
            yield "Alarms", str(alarm.evidence.get("words", alarm.promise))
    for todo in operations.todos():
        if todo.done is not None and todo.done >= since:
            yield "Done", todo.words
    if glance.labels:
        yield "Figures", f"{glance.labels:,} labels arrived"


def _of_request(request: Request, since: datetime) -> Iterator[tuple[str, str]]:
    if request.at >= since:
        yield "Asked", f"{request.who}: {request.words}"
    if request.accepted is not None and request.accepted >= since:
        yield "Decisions", f"taken on what {request.who} asked: {request.words}{_brief(request.diff)}"
    if request.answered is not None and request.answered >= since:
        answer = request.answer
        said = answer["words"] if answer["kind"] == "no" else f"{answer['kind']} {answer['which']}"
        yield "Decisions", f"answered {request.who} ({answer['kind']}): {said}"


def _new(releases: Sequence[Release], since: datetime) -> list[Release]:
    return [each for each in releases if each.at >= since]


def _brief(diff: str) -> str:
    added = [line[1:].split("#")[0].strip() for line in diff.splitlines() if line[:1] == "+"][1:]
    return f"; the brief now says {', '.join(added)}" if added else ""


def _text(
    now: datetime,
    told: Sequence[tuple[str, str]],
    note: str,
    paused: Sequence[str],
    running: Sequence[str],
    first: str,
) -> str:
    lines = [f"## Wrapped at {now.astimezone():%H:%M} by {current_user()}"]
    for heading in dict.fromkeys(each for each, _ in told):
        lines += ["", f"### {heading}", "", *(f"- {_line(words)}" for each, words in told if each == heading)]
    if note.strip():
        lines += ["", "### Notes", "", note.strip()]
    if paused or running:
        lines += ["", "### Builds", ""]
        lines += [f"- paused: {each}; `modelwright build --resume` goes on" for each in paused]
        lines += [f"- keeps running: {each}" for each in running]
    if not told and not note.strip() and not paused and not running:
        lines += ["", "Nothing happened."]
    return "\n".join([*lines, "", f"First tomorrow: {_line(first) or 'nothing waits.'}"])


def _line(words: str) -> str:
    return " ".join(words.split())
