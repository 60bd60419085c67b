"""``incident``: on call, from an alarm to the written account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from modelwright.cli.output import JsonOption, ProjectOption, console, emit_result, hanging, table

if TYPE_CHECKING:
    from modelwright.workday import OnCall

WhichArgument = Annotated[str, typer.Argument(metavar="INCIDENT", help="The end of its identifier.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    group.command("open")(open_incident)
    group.command("list")(list_incidents)
    group.command("show")(show_incident)
    group.command("act")(act_on_incident)
    group.command("note")(note_incident)
    group.command("close")(close_incident)
    app.add_typer(
        group, name="incident", help="On call: from an alarm over the safe acts to the written account."
    )


def open_incident(
    alarm: Annotated[str, typer.Argument(help="The alarm's identifier, or the end of it.")],
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Open an incident from an alarm, with its evidence and the safe acts."""
    from modelwright.workday import Incidents

    _show(Incidents(project).open(alarm), as_json=as_json)


def list_incidents(project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """List the incidents, oldest first."""
    from modelwright.workday import Incidents

    listed = Incidents(project).listed()
    if as_json:
        emit_result({"incidents": listed})
        return
    rows = [
        (each.id[-8:], f"{each.at:%Y-%m-%d %H:%M}", each.status, each.owner, each.title) for each in listed
    ]
    console().print(table(["incident", "opened (UTC)", "status", "owner", "what"], rows))


def show_incident(which: WhichArgument, project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """Show an incident: its evidence, what was done, and what may be done."""
    from modelwright.workday import Incidents

    _show(Incidents(project).show(which), as_json=as_json)


def act_on_incident(
    which: WhichArgument,
    act: Annotated[str, typer.Argument(help="rollback, baseline, shadow or silence.")],
    reason: Annotated[str, typer.Option(help="Why; it is told in the account.")],
    until: Annotated[str, typer.Option(help="Of a silence: a day, such as monday or 2d.")] = "tomorrow",
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Do one of the safe acts; it is recorded with its time."""
    from modelwright.workday import Incidents

    _show(Incidents(project).act(which, act, reason=reason, until=until), as_json=as_json)


def note_incident(
    which: WhichArgument,
    words: Annotated[str, typer.Argument(help="The remark.")],
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Write a remark into the history of an incident."""
    from modelwright.workday import Incidents

    _show(Incidents(project).note(which, words), as_json=as_json)


def close_incident(
    which: WhichArgument,
    words: Annotated[str, typer.Argument(help="What it was.")],
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Close an incident, and write the account of it."""
    from modelwright.workday import Incidents

    _show(Incidents(project).close(which, words), as_json=as_json)


def _show(told: OnCall, *, as_json: bool) -> None:
    if as_json:
        emit_result(told)
        return
    out, incident = console(), told.incident
    out.print(Text.assemble((incident.title, "bold"), f"\nincident {incident.id[-8:]}, {incident.status}"))
    out.print("\nEvidence", style="bold")
    for alarm in told.alarms:
        out.print(
            f"{alarm.at:%Y-%m-%d %H:%M} UTC  {alarm.evidence.get('words', alarm.promise)}", markup=False
        )
        if advice := alarm.evidence.get("advice"):
            out.print(f"→ {advice}", style="dim", markup=False)
    out.print("\nWhat was done", style="bold")
    done = hanging(3)
    for event in told.history:
        done.add_row(f"{event.at:%H:%M:%S}", event.by, event.act, Text(event.reason))
    out.print(done)
    if told.acts:
        _show_acts(told)
    if told.account is not None:
        out.print(f"\naccount  {told.account}", soft_wrap=True, markup=False)


def _show_acts(told: OnCall) -> None:
    console().print("\nSafe acts", style="bold")
    laid = hanging(1)
    for act in told.acts:
        laid.add_row(act.act, act.words)
        laid.add_row("", Text(f"not now: {act.why_not}" if act.why_not else f"→ {act.command}", style="dim"))
    laid.add_row("close", "when it is over")
    laid.add_row("", Text(f"→ modelwright incident close {told.incident.id[-8:]} 'what it was'", style="dim"))
    console().print(laid)
