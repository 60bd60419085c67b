"""``contract``: what new data shows otherwise, taken in by a person; and the contract for other tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from modelwright.cli.output import (
    JsonOption,
    ProjectOption,
    QueryOption,
    console,
    emit_result,
    hanging,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from modelwright.data import Change
    from modelwright.lifecycle import Accepted, Differences

SourceArgument = Annotated[
    str | None, typer.Argument(help="A file, - for standard input; by default the brief's source.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    for command in (diff, accept, history, export):
        group.command()(command)
    app.add_typer(group, name="contract", help="Compare the contract with new data, change it, export it.")


def diff(
    source: SourceArgument = None,
    query: QueryOption = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Compare the contract with what would be inferred from new data."""
    from modelwright.project import Project

    found = Project(project).contract_diff(source, query=query)
    if as_json:
        emit_result(found)
    else:
        _show_differences(found)


def accept(
    source: SourceArgument = None,
    query: QueryOption = None,
    only: Annotated[list[str] | None, typer.Option(help="Only this column's part; repeatable.")] = None,
    by: Annotated[str, typer.Option(help="Who accepts.", show_default="the user of this machine")] = "",
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Take what new data shows into contract.toml, and record who did."""
    from modelwright.project import Project

    accepted = Project(project).contract_accept(source, query=query, only=only or (), by=by)
    if as_json:
        emit_result(accepted)
    else:
        _show_accepted(accepted)


def history(project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """List what was taken into the contract, by whom and when."""
    from modelwright.project import Project

    events = Project(project).contract_history()
    if as_json:
        emit_result({"accepted": events})
        return
    rows = [
        (f"{event.at:%Y-%m-%d %H:%M}", event.body["by"], change["code"], change["column"], change["act"])
        for event in events
        for change in event.body["changes"]
    ]
    listed = table(["when (UTC)", "who", "code", "column", "act"], rows)
    console().print(listed if rows else "Nothing was accepted yet.")


def export(
    to: Annotated[str, typer.Option(help="pandera or json-schema.")],
    output: Annotated[
        str | None, typer.Option("--output", "-o", help="File to write; standard output otherwise.")
    ] = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Write the contract for pandera or as JSON Schema."""
    from modelwright.project import Project

    exported = Project(project).contract_export(to, output)
    if as_json:
        emit_result(exported)
    elif output is None:
        typer.echo(exported.text, nl=False)
    else:
        console().print(f"the contract is written for {to} into {output}", soft_wrap=True, markup=False)


def _show_differences(found: Differences) -> None:
    out = console()
    _print_changes(found.changes)
    rows = f"{found.source}: {found.rows:,} rows, "
    if not found.changes:
        out.print(f"{rows}nothing that the contract does not say", markup=False, soft_wrap=True)
        return
    count = len(found.changes)
    out.print(f"{rows}{count} difference{'s' if count > 1 else ''}", markup=False, soft_wrap=True)
    if found.breaks:
        out.print(f"The model in production ({found.released}) refuses rows of this data.", style="bold red")
    if any(change.act != "none" for change in found.changes):
        out.print("Next: modelwright contract accept, with --only COLUMN for some of it")


def _show_accepted(accepted: Accepted) -> None:
    out = console()
    _print_changes(accepted.changes)
    if accepted.left:
        out.print("\nLeft as it was", style="bold")
        _print_changes(accepted.left)
    if accepted.changes:
        out.print(f"\nWritten: {accepted.contract}, accepted by {accepted.by}", markup=False, soft_wrap=True)
    out.print(accepted.words, markup=False)


def _print_changes(changes: Iterable[Change]) -> None:
    laid = hanging(2)
    for change in changes:
        style = "bold red" if change.breaks else "dim" if change.act == "none" else "yellow"
        said = f"{change.column}: {change.message}"
        laid.add_row(Text("breaks" if change.breaks else change.act, style=style), change.code, Text(said))
        laid.add_row("", "", Text(f"→ {change.advice}", style="dim"))
    console().print(laid)
