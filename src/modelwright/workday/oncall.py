"""On call: an incident with its evidence, the safe acts, and the account of it in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from modelwright.errors import ModelwrightError, ReleaseError, WorkdayError
from modelwright.store import Alarm, Incident, IncidentEvent, Operations, current_user, write_atomic
from modelwright.workday.looking import Outline
from modelwright.workday.opened import Opened, root_of
from modelwright.workday.todos import day

if TYPE_CHECKING:
    from modelwright.lifecycle import Releases

Act = Literal["rollback", "baseline", "shadow", "silence"]
ACTS: tuple[Act, ...] = ("rollback", "baseline", "shadow", "silence")
_MEANT: dict[Act, str] = {
    "rollback": "put the release before back to use",
    "baseline": "answer with the linear baseline, which was built before",
    "shadow": "have the newest candidate answer in the shadow, where nobody sees it",
    "silence": "tell nobody of this until a day, with a reason",
}
_FOLDER = "incidents"


@dataclass(frozen=True)
class Safe:
    """Something that may be done about an incident without making it worse.

    Attributes
    ----------
    act : {"rollback", "baseline", "shadow", "silence"}
    words : str
        What it does.
    command : str
    why_not : str
        Why it can't be done now; empty where it can.
    """

    act: Act
    words: str
    command: str
    why_not: str = ""


@dataclass(frozen=True)
class OnCall:
    """An incident as it is now.

    Attributes
    ----------
    incident : Incident
    alarms : tuple of Alarm
        With their evidence.
    history : tuple of IncidentEvent
        What was done, and when.
    acts : tuple of Safe
        What may be done; none once it is closed.
    account : str or None
        The written account, once it is closed.
    """

    incident: Incident
    alarms: tuple[Alarm, ...]
    history: tuple[IncidentEvent, ...]
    acts: tuple[Safe, ...]
    account: str | None = None


class Incidents:
    """The incidents of one project.

    Parameters
    ----------
    project : str or Path
        Its folder.
    """

    def __init__(self, project: str | Path) -> None:
        self.root = root_of(str(project))

    def listed(self) -> list[Incident]:
        """List all incidents, oldest first."""
        with Opened(str(self.root)) as operations:
            return operations.incidents()

    def open(self, alarm: str) -> OnCall:
        """Open an incident from an alarm, or show the one that the alarm belongs to already.

        Parameters
        ----------
        alarm : str
            Its identifier, or the end of it.

        Raises
        ------
        WorkdayError
            If no alarm, or more than one, is called so.
        """
        with Opened(str(self.root)) as operations:
            found = [each for each in operations.alarms() if each.id.endswith(alarm)]
            if len(found) != 1 or not alarm:
                many = f"{len(found)} alarms are" if found else "no alarm is"
                raise WorkdayError(f"{many} called '{alarm}'; `modelwright today` names those that are open")
            (raised,) = found
            if raised.incident is None:
                made = operations.open_incident(
                    release=raised.release,
                    title=_words(raised),
                    since=raised.since,
                    alarms=[raised.id],
                    by=current_user(),
                )
                operations.acknowledge_incident(made.id, current_user(), "opened it")
            else:
                made = operations.incident(raised.incident)
            return self._now(operations, made.id)

    def show(self, incident: str) -> OnCall:
        """Return an incident as it is now."""
        with Opened(str(self.root)) as operations:
            return self._now(operations, incident)

    def act(self, incident: str, act: str, *, reason: str, until: str = "tomorrow") -> OnCall:
        """Do one of the safe acts, and record it with its time.

        Parameters
        ----------
        incident : str
        act : {"rollback", "baseline", "shadow", "silence"}
        reason : str
            Why; it is told in the account.
        until : str
            Of a silence: a day, such as ``monday`` or ``2d``.

        Raises
        ------
        WorkdayError
            If there is no such act, no reason, or the incident is closed.
        """
        if act not in ACTS:
            raise WorkdayError(f"'{act}' is no safe act; choose one of {', '.join(ACTS)}")
        if not reason.strip():
            raise WorkdayError("say why with --reason, for the account that is written in the end")
        with Opened(str(self.root)) as operations:
            found = operations.incident(incident)
            if found.status == "closed":
                raise WorkdayError(f"{found.id} is closed; a promise that breaks again reopens it")
            done = (
                _silence(operations, found, reason, until)
                if act == "silence"
                else self._release(act, operations)
            )
            operations.note_incident(found.id, current_user(), f"{act}: {done}, because {reason.strip()}")
            return self._now(operations, found.id)

    def note(self, incident: str, words: str) -> OnCall:
        """Write a remark into the history of an incident."""
        if not words.strip():
            raise WorkdayError("a remark needs words")
        with Opened(str(self.root)) as operations:
            operations.note_incident(operations.incident(incident).id, current_user(), words.strip())
            return self._now(operations, incident)

    def close(self, incident: str, words: str) -> OnCall:
        """Close an incident and write the account of it.

        Parameters
        ----------
        incident : str
        words : str
            What it was.
        """
        if not words.strip():
            raise WorkdayError("say what it was, for the account")
        with Opened(str(self.root)) as operations:
            found = operations.close_incident(operations.incident(incident).id, current_user(), words.strip())
            told = self._now(operations, found.id)
            path = self.root / _FOLDER / f"{found.at:%Y-%m-%d}-{found.id[-8:]}.md"
            write_atomic(path, "\n".join(_account(self.root, told)), mode=0o666)
            return OnCall(told.incident, told.alarms, told.history, (), str(path))

    def _now(self, operations: Operations, incident: str) -> OnCall:
        found = operations.incident(incident)
        alarms = tuple(each for each in operations.alarms() if each.incident == found.id)
        history = tuple(operations.incident_history(found.id))
        acts = () if found.status == "closed" else tuple(self._acts(operations, found))
        return OnCall(found, alarms, history, acts)

    def _acts(self, operations: Operations, incident: Incident) -> Iterator[Safe]:
        releases = self._releases(operations)
        can: dict[Act, Callable[[], object]] = {
            "rollback": releases.earlier,
            "baseline": releases.linear_run,
            "shadow": releases.challenger,
        }
        for act in ACTS:
            why_not = ""
            try:
                can.get(act, lambda: None)()
            except ModelwrightError as error:
                why_not = str(error)
            until = " --until monday" if act == "silence" else ""
            command = f"modelwright incident act {incident.id[-8:]} {act}{until} --reason '…'"
            yield Safe(act, _MEANT[act], command, why_not)

    def _release(self, act: str, operations: Operations) -> str:
        releases = self._releases(operations)
        if act == "shadow":
            deployed = releases.deploy(releases.challenger(), share=0.0)
            if deployed.release is None:
                raise ReleaseError(f"the gate refuses run {deployed.run[:8]}: {deployed.verdict.words}")
            return f"run {deployed.run[:8]} answers in the shadow as {deployed.release}"
        back = releases.rollback() if act == "rollback" else releases.fall_back()
        return f"run {back.run[:8]} answers in place of {back.replaced}"

    def _releases(self, operations: Operations) -> Releases:
        from modelwright.lifecycle import Folder, Releases
        from modelwright.problem import Brief

        folder = Folder.find(self.root)
        brief = Brief.read(folder.brief)
        return Releases(folder, brief, operations, folder.open_tracking(brief))


def _silence(operations: Operations, incident: Incident, reason: str, until: str) -> str:
    morning = datetime.combine(day(until), time()).astimezone(UTC)
    operations.add_silence(until=morning, by=current_user(), reason=reason.strip(), incident=incident.id)
    return f"nobody is told until {morning.astimezone():%Y-%m-%d %H:%M}"


def _words(alarm: Alarm) -> str:
    return str(alarm.evidence.get("words") or f"{alarm.promise} {alarm.column or ''}".strip())


def _account(root: Path, told: OnCall) -> Iterator[str]:
    """Write what happened, when, and what it was."""
    incident, closed = told.incident, told.history[-1]
    yield f"# {incident.title}"
    yield ""
    yield f"Project {Outline.read(root).name}, release {incident.release}, incident {incident.id}."
    yield ""
    began = incident.since or incident.at
    lasted = (closed.at - began).total_seconds() / 3600
    opened, ended = _when(incident.at), _when(closed.at)
    yield f"It began about {_when(began)}, was opened at {opened} and closed at {ended}: {lasted:.1f} hours."
    yield ""
    yield f"**What it was.** {closed.reason}"
    yield ""
    yield "## Evidence"
    yield ""
    for alarm in told.alarms:
        yield f"- {_when(alarm.at)} {_words(alarm)} ({alarm.id})"
        yield from (
            f"    - {key}: {_shown(value)}" for key, value in alarm.evidence.items() if key != "words"
        )
    yield ""
    yield "## What was done"
    yield ""
    yield "| when | who | what |"
    yield "| --- | --- | --- |"
    for event in told.history:
        words = (
            event.reason
            if event.act == "noted"
            else f"{event.act}{f': {event.reason}' if event.reason else ''}"
        )
        yield f"| {_when(event.at)} | {event.by} | {words.replace('|', '/')} |"
    yield ""
    yield "## What shall be different next time"
    yield ""
    yield "(to be written by whoever was there)"
    yield ""


def _shown(value: object) -> str:
    text = f"{value:.4g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 200 else f"{text[:199]}…"


def _when(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}"
