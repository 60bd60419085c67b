"""``vault``: which rows are sealed, and who has looked at them."""

from __future__ import annotations

import typer

from modelwright.cli.output import JsonOption, ProjectOption, console, emit_result, finish, table


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(vault)


def vault(project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """List the sealed rows and every look at them; exit code 1 when sealed rows were changed."""
    from modelwright.project import Project

    listed = Project(project).vault()
    if as_json:
        emit_result(listed)
    else:
        out = console()
        if not listed.vaults:
            out.print("Nothing is sealed yet; `modelwright build` seals the held-out rows.", markup=False)
        for sealed in listed.vaults:
            state = "whole" if sealed.whole else "CHANGED OR MISSING"
            looks = len(sealed.looks)
            out.print(
                f"\n{sealed.name}: {sealed.rows:,} rows of snapshot {sealed.snapshot[:8]}, {state}",
                markup=False,
            )
            out.print(
                f"{looks} look{'s' * (looks != 1)}; the next one's intervals are drawn at "
                f"{sealed.next_confidence:.2%}, so that all looks together hold at 95 %.",
                style="dim",
                markup=False,
            )
            rows = [(f"{look.at:%Y-%m-%d %H:%M}", look.run[:8], look.reason) for look in sealed.looks]
            if rows:
                out.print(table(["when (UTC)", "run", "why"], rows))
    finish(held=all(sealed.whole for sealed in listed.vaults))
