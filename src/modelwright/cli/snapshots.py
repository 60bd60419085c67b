"""``snapshots``: the data that was kept, what needs it, and taking away what nothing needs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from modelwright.cli.output import JsonOption, ProjectOption, console, emit_result, table

if TYPE_CHECKING:
    from modelwright.lifecycle import KeptSnapshot


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    group = typer.Typer(rich_markup_mode=None, invoke_without_command=True)
    group.callback()(snapshots)
    group.command()(prune)
    app.add_typer(group, name="snapshots")


def snapshots(context: typer.Context, project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """List the snapshots of the data, with the runs that need each."""
    if context.invoked_subcommand is not None:
        return
    from modelwright.project import Project

    listed = Project(project).snapshots()
    if as_json:
        emit_result(listed)
    elif listed.snapshots:
        _show(listed.snapshots)
    else:
        console().print("There are no snapshots; `modelwright build` takes one.", markup=False)


def prune(
    yes: Annotated[bool, typer.Option("--yes", help="Remove them; without it, they are only named.")] = False,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Name the snapshots that no run needs, and remove them with --yes."""
    from modelwright.project import Project

    pruned = Project(project).prune_snapshots(remove=yes)
    if as_json:
        emit_result(pruned)
        return
    out = console()
    count = len(pruned.snapshots)
    said = f"{count:,} snapshot{'s' * (count != 1)} of {pruned.bytes / 1e6:,.1f} MB"
    if not count:
        out.print("Every snapshot is needed by a run, or was taken within the last hour.")
        return
    _show(pruned.snapshots)
    if pruned.removed:
        out.print(f"\n{said} removed.")
    else:
        out.print(f"\n{said} would be removed: modelwright snapshots prune --yes", soft_wrap=True)


def _show(listed: Iterable[KeptSnapshot]) -> None:
    rows = [
        (
            each.hash[:12],
            each.at[:16].replace("T", " "),
            f"{each.rows:,}",
            f"{each.bytes / 1e6:,.1f}",
            ", ".join(run[:8] for run in each.runs) or "-",
            f"{each.source} ({each.query})" if each.query else each.source,
        )
        for each in listed
    ]
    console().print(table(["snapshot", "when (UTC)", "rows", "MB", "runs", "source"], rows))
