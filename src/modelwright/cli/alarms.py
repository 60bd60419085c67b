"""``alarms``: incidents, what is done about them, and who is told."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from modelwright.cli.output import JsonOption, ProjectOption, console, emit_result, table

if TYPE_CHECKING:
    from modelwright.monitoring import IncidentReport, Told
    from modelwright.store import Silence

IncidentArgument = Annotated[str, typer.Argument(help="The incident's id, or the end of it.")]
ByOption = Annotated[str, typer.Option(help="Who.", default_factory=getpass.getuser, show_default="you")]

alarms = typer.Typer(help="See incidents, acknowledge, close, silence them, and tell people.")


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    alarms.command("list")(list_incidents)
    alarms.command("silences")(list_silences)
    for command in (show, acknowledge, close, reopen, silence, unsilence, notify, resend):
        alarms.command()(command)
    app.add_typer(alarms, name="alarms")


def list_incidents(
    status: Annotated[
        Literal["open", "acknowledged", "closed"] | None, typer.Option(help="Only those.")
    ] = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """List incidents, oldest first: alarms that began together or share a cause."""
    from modelwright.project import Project

    found = Project(project).incidents(status)
    if as_json:
        emit_result(found)
    elif not found:
        console().print("There is no incident.")
    else:
        rows = [
            (each.id[-8:], each.status, each.severity, f"{each.at:%Y-%m-%d %H:%M}", each.title)
            for each in found
        ]
        console().print(table(["incident", "status", "severity", "opened (UTC)", "what"], rows))


def show(incident: IncidentArgument, project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """Show an incident: what broke, since when, how strongly, what it costs, what to do, who was told."""
    from modelwright.project import Project

    _say(Project(project).incident(incident), as_json=as_json)


def acknowledge(
    incident: IncidentArgument,
    by: ByOption,
    reason: Annotated[str, typer.Option(help="A remark.")] = "",
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Say that somebody works on an incident."""
    from modelwright.project import Project

    _say(Project(project).acknowledge(incident, by=by, reason=reason), as_json=as_json)


def close(
    incident: IncidentArgument,
    by: ByOption,
    reason: Annotated[str, typer.Option(help="What was done about it.")],
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Mark an incident as dealt with; what is broken still, or again, reopens it."""
    from modelwright.project import Project

    _say(Project(project).close_incident(incident, by=by, reason=reason), as_json=as_json)


def reopen(
    incident: IncidentArgument,
    by: ByOption,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Open a closed incident again."""
    from modelwright.project import Project

    _say(Project(project).reopen_incident(incident, by=by, reason=reason), as_json=as_json)


def silence(
    reason: Annotated[str, typer.Option(help="Why nobody needs to be told.")],
    lasting: Annotated[str, typer.Option("--for", help="How long, such as 4h or 7d.")],
    by: ByOption,
    incident: Annotated[str | None, typer.Option(help="Of this incident.")] = None,
    promise: Annotated[str | None, typer.Option(help="Of this promise, such as drift.")] = None,
    column: Annotated[str | None, typer.Option(help="Of this column.")] = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Tell nobody of some alarms for a while; they are raised and kept all the same."""
    from modelwright.project import Project

    made = Project(project).silence(
        by=by, reason=reason, lasting=lasting, incident=incident, promise=promise, column=column
    )
    if as_json:
        emit_result(made)
    else:
        console().print(f"{made.id}: silent until {made.until:%Y-%m-%d %H:%M} UTC.", markup=False)


def list_silences(project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """List silences, oldest first."""
    from modelwright.project import Project

    found = Project(project).silences()
    if as_json:
        emit_result(found)
        return
    rows = [(each.id, f"{each.until:%Y-%m-%d %H:%M}", _about(each), each.by, each.reason) for each in found]
    console().print(table(["silence", "until (UTC)", "of", "by", "reason"], rows))


def unsilence(
    silence: Annotated[str, typer.Argument(help="The silence's id.")],
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """End a silence now; what it held back is told at the next visit."""
    from modelwright.project import Project

    ended = Project(project).end_silence(silence)
    if as_json:
        emit_result(ended)
    else:
        console().print(f"{ended.id} has ended.", markup=False)


def notify(project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """Tell the channels of the brief what is due; `monitor` does so by itself."""
    from modelwright.project import Project

    _say_told(Project(project).notify(), as_json=as_json)


def resend(
    incident: IncidentArgument,
    channel: Annotated[str, typer.Option(help="webhook, email, alertmanager or file.")],
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Send once more what may not have arrived about an incident."""
    from modelwright.project import Project

    _say_told(Project(project).resend(incident, channel), as_json=as_json)


def _about(silence: Silence) -> str:
    named = (silence.incident, silence.promise, silence.column)
    return ", ".join(each for each in named if each is not None)


def _say(report: IncidentReport, *, as_json: bool) -> None:
    if as_json:
        emit_result(report)
        return
    out = console()
    out.print(f"{report.id}: {report.title}", markup=False, style="bold")
    out.print(report.words, markup=False)
    rows = [
        (f"{act.at:%Y-%m-%d %H:%M}", act.act, act.by, act.reason, "; ".join(act.told))
        for act in report.history
    ]
    out.print(table(["when (UTC)", "what", "who", "why", "told"], rows))


def _say_told(told: tuple[Told, ...], *, as_json: bool) -> None:
    if as_json:
        emit_result(told)
    else:
        console().print("\n".join(each.words for each in told) or "Nothing is due.", markup=False)
