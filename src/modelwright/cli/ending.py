"""``wrap`` and ``journal``: how the day ends, and what is written of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from modelwright.cli.output import JsonOption, ProjectOption, console, emit, emit_result, hanging

if TYPE_CHECKING:
    from modelwright.workday import Wrapped


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(wrap)
    app.command()(journal)


def wrap(
    note: Annotated[str, typer.Option(help="What to remember of the day.")] = "",
    first: Annotated[
        str, typer.Option(help="What comes first tomorrow.", show_default="the first of what waits")
    ] = "",
    pause: Annotated[
        bool, typer.Option("--pause", help="Stop the builds that run here; build --resume goes on with them.")
    ] = False,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """End the day: say what keeps running, write the journal, and name what comes first tomorrow."""
    from modelwright.workday import wrap as end_the_day

    wrapped = end_the_day(project, note=note, first=first, pause=pause)
    if as_json:
        emit_result(wrapped)
    else:
        _show_wrapped(wrapped)


def _show_wrapped(wrapped: Wrapped) -> None:
    out = console()
    out.print(wrapped.text, markup=False)
    out.print(f"\njournal  {wrapped.journal}", soft_wrap=True, markup=False)


def journal(
    search: Annotated[str | None, typer.Option(help="Words that a line must have.")] = None,
    everywhere: Annotated[bool, typer.Option("--all", help="Search all projects that you have.")] = False,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Show the journal of the newest day, or search all days."""
    from modelwright.workday import journals, newest_journal, search_journal

    if search is None:
        text = newest_journal(Path(project))
        if as_json:
            emit({"text": text})
        else:
            console().print(text or "no day was wrapped yet; `modelwright wrap` ends one", markup=False)
        return
    found = search_journal(search, journals() if everywhere else [Path(project).resolve()])
    if as_json:
        emit_result({"found": found})
        return
    laid = hanging(2)
    for each in found:
        laid.add_row(each.day, each.project, each.line)
    console().print(laid)
