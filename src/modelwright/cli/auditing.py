"""``audit``: which columns or rows give the answer away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from modelwright.cli.output import JsonOption, ProjectOption, QueryOption, console, emit_result, finish

if TYPE_CHECKING:
    from modelwright.data import Audit


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(audit)


def audit(
    source: Annotated[str | None, typer.Argument(help="A file; by default the brief's source.")] = None,
    target: Annotated[
        str | None, typer.Option(help="The column to predict; without it, the project's brief says.")
    ] = None,
    time: Annotated[str | None, typer.Option(help="The column that says when a row was known.")] = None,
    group: Annotated[str | None, typer.Option(help="The column that says what a row is about.")] = None,
    task: Annotated[
        str | None, typer.Option(help="binary, multiclass or regression; inferred otherwise.")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(help="A column that is left out anyway; repeatable.")
    ] = None,
    query: QueryOption = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Say which columns or rows give the answer away; exit code 1 when a column is accused."""
    if target is not None:
        from modelwright.data import Origin
        from modelwright.lifecycle import audit as audit_source
        from modelwright.problem import ReadingOptions

        stated = {"time": time, "group": group, "ignore": ignore}
        roles: dict[str, Any] = {key: value for key, value in stated.items() if value}
        audited = audit_source(
            Origin(_given(source), ReadingOptions(query=query or "")),
            target,
            {"columns": roles, "problem": {"task": task} if task else {}},
        )
    else:
        from modelwright.project import Project

        _only_with_target(time=time, group=group, task=task, ignore=ignore)
        audited = Project(project).audit(source, query=query)
    if as_json:
        emit_result(audited)
    else:
        show_audit(audited)
    finish(held=audited.clean)


def _given(source: str | None) -> str:
    if source is None:
        raise typer.BadParameter("name a source to audit for --target", param_hint="SOURCE")
    return source


def _only_with_target(**options: object) -> None:
    for name, value in options.items():
        if value:
            raise typer.BadParameter(
                "only together with --target; in a project, the brief says it", param_hint=f"--{name}"
            )


def show_audit(audited: Audit) -> None:
    """Print what the audit found for people."""
    out = console()
    laid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=bool(audited.findings))
    for heading in ("strength", "code", "what was found"):
        laid.add_column(heading, header_style="dim", no_wrap=heading != "what was found")
    for at, leak in enumerate(audited.findings):
        named = ", ".join(leak.columns)
        found = Text.assemble((named, "bold"), ": " if named else "", leak.evidence)
        laid.add_row(
            Text(f"{leak.strength:.2f}", style="yellow" if leak.accuses else "dim"), leak.code, found
        )
        after = audited.findings[at + 1 : at + 2]
        if not after or (after[0].code, after[0].advice) != (leak.code, leak.advice):
            laid.add_row("", "", Text(f"→ {leak.advice}", style="dim"))
    if audited.findings:
        out.print(laid)
    accused = len(audited.accused)
    said = (
        f"{accused} column{'s' * (accused != 1)} may give it away" if accused else "no column gives it away"
    )
    out.print(Text.assemble(f"'{audited.target}': ", (said, "bold yellow" if accused else "green"), "."))
    out.print(f"Looked at: {audited.how}", style="dim", markup=False)
