"""``privacy`` and ``encrypt``: what is personal in the data, what is done with it, and how it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from modelwright.cli.output import JsonOption, ProjectOption, console, emit_result, print_findings, table

if TYPE_CHECKING:
    from modelwright.lifecycle import Privacy


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(privacy)
    app.command()(encrypt)


def privacy(
    source: Annotated[str | None, typer.Argument(help="A file; by default the brief's source.")] = None,
    column: Annotated[str | None, typer.Option(help="The column to treat otherwise.")] = None,
    treatment: Annotated[
        str | None, typer.Option(help="drop, hash, generalise, keep, or none where it is not personal.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; needed to keep personal data.")] = "",
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Say which columns are personal data and what is done with them, or change it for one."""
    from modelwright.project import Project

    found = Project(project).privacy(source, column=column, treatment=treatment, reason=reason)
    if as_json:
        emit_result(found)
    else:
        _show(found)


def _show(found: Privacy) -> None:
    out = console()
    if not found.columns:
        out.print(f"{found.source}: no personal data found in {found.rows:,} rows.", soft_wrap=True)
        return
    rows = [
        (each.column, each.sensitive, each.treatment or "none yet", each.role, each.confidence)
        for each in found.columns
    ]
    out.print(table(["column", "what", "treatment", "role", "confidence"], rows))
    out.print()
    print_findings(out, found.findings)


def encrypt(project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """Encrypt the snapshots and held-out rows that are not yet, or not with the newest key."""
    from modelwright.project import Project

    done = Project(project).encrypt()
    if as_json:
        emit_result(done)
    else:
        console().print(
            f"{done.encrypted} files encrypted, {done.renewed} with the new key, {done.kept} were already.",
            soft_wrap=True,
        )
