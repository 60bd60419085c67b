"""What the next meeting is about: what was asked, what changed, figures in plain words, what to decide."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from modelwright.errors import RunError, WorkdayError
from modelwright.store import Operations, Request

if TYPE_CHECKING:
    from modelwright.evaluation import Evaluation
    from modelwright.lifecycle import Folder, Reported
    from modelwright.problem import Brief

WRITTEN = "update written"


@dataclass(frozen=True)
class Earned:
    """What a model, or a simple rule, earns on rows it has never seen.

    Attributes
    ----------
    name : str
    value, low, high : float
        The metric, and its interval.
    """

    name: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Figures:
    """How good the model is.

    Attributes
    ----------
    run : str
    in_production : bool
    metric : str
        In words.
    words : tuple of str
        Plain sentences.
    earned : tuple of Earned
        The simple rules, then the model.
    """

    run: str
    in_production: bool
    metric: str
    words: tuple[str, ...]
    earned: tuple[Earned, ...]


@dataclass(frozen=True)
class Meeting:
    """The page for the next meeting.

    Attributes
    ----------
    project, audience : str
    at : datetime
    since : datetime or None
        When the last such page was written for them; None where this is the first.
    purpose : str
        The request of the brief.
    asked : tuple of str
        What they asked, and what became of it.
    changed : tuple of str
    figures : Figures or None
        None where nothing was built yet.
    decisions : tuple of str
        What is needed from them.
    """

    project: str
    audience: str
    at: datetime
    since: datetime | None
    purpose: str
    asked: tuple[str, ...]
    changed: tuple[str, ...]
    figures: Figures | None
    decisions: tuple[str, ...]


def prepare(root: Path, audience: str) -> Meeting:
    """Gather what the next meeting is about.

    Parameters
    ----------
    root : Path
        The project's folder.
    audience : str
        Who meets: what they asked is told, and what changed since the last page for them.
    """
    from modelwright.lifecycle import Folder
    from modelwright.problem import Brief

    if not audience.strip():
        raise WorkdayError("say for whom: --for 'retention team'")
    folder = Folder.find(root)
    brief = Brief.read(folder.brief)
    with folder.open_operations(brief) as operations:
        written = [each.at for each in operations.events(WRITTEN) if each.body["audience"] == audience]
        since = written[-1] if written else None
        reported, in_production = _reported(folder, brief, operations)
        requests = [each for each in operations.requests() if _theirs(each.who, audience)]
        return Meeting(
            project=brief.problem.name,
            audience=audience,
            at=datetime.now(UTC),
            since=since,
            purpose=brief.problem.request,
            asked=tuple(map(_asked, requests)),
            changed=tuple(_changed(operations, since)),
            figures=None if reported is None else _figures(reported, in_production=in_production),
            decisions=tuple(_decisions(brief, operations, requests, reported, in_production=in_production)),
        )


def _theirs(who: str, audience: str) -> bool:
    one, other = who.casefold(), audience.casefold()
    return one in other or other in one


def _asked(request: Request) -> str:
    day = f"{request.at:%d %B}"
    asked = f"“{request.words}” ({request.who}, {day}): "
    if request.status == "open":
        return f"{asked}not taken on yet."
    if request.status == "accepted":
        return f"{asked}being worked on{f', due {request.due:%d %B}' if request.due else ''}."
    answer = request.answer
    if answer["kind"] == "no":
        return f"{asked}no, because {answer['words']}"
    said = f" {answer['words']}" if answer["words"] else ""
    what = (
        "a new model is in production" if answer["kind"] == "release" else "there is a new model to look at"
    )
    return f"{asked}done; {what}.{said}"


def _changed(operations: Operations, since: datetime | None) -> Iterator[str]:
    def new(at: datetime | None) -> bool:
        return at is not None and (since is None or at > since)

    told: list[tuple[datetime, str]] = []
    for request in operations.requests():
        if request.accepted is not None and new(request.accepted) and request.diff:
            changed = [
                line[1:].split("#")[0].strip() for line in request.diff.splitlines() if line[:1] == "+"
            ][1:]
            told.append(
                (request.accepted, f"As {request.who} asked, the brief now says {', '.join(changed)}.")
            )
    kinds = {
        "deploy": "A new model went into production",
        "rollback": "The earlier model is in production again",
        "promote": "The model on trial went into production",
        "shadow": "A new model is on trial, answering nobody",
        "canary": "A new model is on trial with a part of the cases",
    }
    told += [(each.at, f"{kinds[each.kind]}.") for each in operations.releases() if new(each.at)]
    for alarm in operations.alarms():
        if new(alarm.at):
            ended = " (dealt with)" if alarm.status == "closed" else ""
            told.append((alarm.at, f"An alarm: {alarm.evidence.get('words', alarm.promise)}{ended}"))
    told += [
        (each.at, f"Retraining: {each.decision}, {each.reason}")
        for each in operations.decisions()
        if new(each.at)
    ]
    for at, words in sorted(told):
        yield f"{at:%d %B}: {words.rstrip('.')}."


def _reported(folder: Folder, brief: Brief, operations: Operations) -> tuple[Reported | None, bool]:
    """Return the report of what is in production, else of the newest candidate."""
    from modelwright.lifecycle import report

    current = operations.current_release()
    if current is not None:
        runs = [current.run]
    else:
        runs = [each.id for each in folder.open_tracking(brief).runs() if each.status == "FINISHED"]
    for run in runs:
        try:
            return report(folder, run), current is not None
        except RunError:  # built elsewhere: its figures are not in this folder
            continue
    return None, False


def _figures(reported: Reported, *, in_production: bool) -> Figures:
    evaluation, words = reported.evaluation, reported.words
    money = words["money"]
    told = [f"{money['title']} {money['words']}".strip()] if money["title"] else []
    told += list(words["meaning"])
    told.append(
        f"{evaluation.decides.title} on {evaluation.rows:,} cases it had never seen: {_said(evaluation)}."
    )
    return Figures(
        run=reported.run,
        in_production=in_production,
        metric=evaluation.decides.title,
        words=tuple(told),
        earned=tuple(_earned(evaluation)),
    )


def _said(evaluation: Evaluation) -> str:
    score, level = evaluation.score, f"{evaluation.level:.0%}"
    best = evaluation.best_baseline
    simple = (
        f"; the best simple rule ({best}) reaches {plain(evaluation.baselines[best].value)}" if best else ""
    )
    between = f"between {plain(score.low)} and {plain(score.high)}"
    return f"{plain(score.value)}, and with {level} confidence {between}{simple}"


def plain(figure: float) -> str:
    """Write a figure with three significant digits, for people who read no powers of ten."""
    if figure == 0 or abs(figure) < 1e-4 or figure != figure:  # noqa: PLR0124 - NaN differs from itself
        return f"{figure:.3g}"
    digits = 2 - math.floor(math.log10(abs(figure)))
    return f"{round(figure, digits):,.{max(digits, 0)}f}"


def _earned(evaluation: Evaluation) -> Iterator[Earned]:
    for name, found in evaluation.baselines.items():
        yield Earned(f"simple: {name}", found.value, found.low, found.high)
    yield Earned("the model", evaluation.score.value, evaluation.score.low, evaluation.score.high)


def _decisions(
    brief: Brief,
    operations: Operations,
    requests: list[Request],
    reported: Reported | None,
    *,
    in_production: bool,
) -> Iterator[str]:
    for request in requests:
        if request.status == "open":
            yield f"Shall we take this on, and until when: “{request.words}”"
    if reported is not None:
        if not in_production and reported.verdict.held:
            yield "Shall the new model go into production? It passes every promise."
        elif not in_production:
            words = reported.verdict.words.removeprefix("Refused: ")
            yield f"The new model does not keep what was promised: {words}"
        if brief.costs == type(brief.costs)() and reported.evaluation.cost is not None:
            yield "What does a false alarm cost, and what a miss? Else nobody knows what the model is worth."
    current = operations.current_release()
    if current is not None:
        for alarm in operations.alarms(release=current.id, status="open"):
            words = alarm.evidence.get("words", alarm.promise)
            yield f"An alarm is open: {words}. Has anything changed on your side?"
