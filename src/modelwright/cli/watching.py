"""``watch``, ``approve`` and ``reject``: the loop that runs by itself, and the person who may stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from modelwright.cli.output import JsonOption, ProjectOption, console, emit_result

if TYPE_CHECKING:
    from modelwright.lifecycle import Retrained, Visited


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (watch, approve, reject):
        app.command()(command)


def watch(
    every: Annotated[str, typer.Option(help="Between two visits, such as 10m or 1h.")] = "10m",
    retrain: Annotated[
        bool, typer.Option("--retrain", help="Retrain, too, where the brief's policy calls for it.")
    ] = False,
    visits: Annotated[
        int | None, typer.Option(help="How many; without it, until asked to stop.", min=1)
    ] = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Monitor again and again, one process for a project; with --json one document a visit."""
    from modelwright.project import Project

    def tell(visited: Visited) -> None:
        if as_json:
            emit_result(visited)
        else:
            console().print(f"{visited.at:%Y-%m-%d %H:%M:%S} {visited.words}", markup=False, soft_wrap=True)

    Project(project).watch(every=every, retrain=retrain, visits=visits, on_visit=tell)


def approve(
    run: Annotated[str, typer.Argument(help="The challenger's run: a name or the beginning of its id.")],
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Release a challenger that awaits approval, if the gate still lets it through."""
    from modelwright.project import Project

    _show(Project(project).approve(run), as_json=as_json)


def reject(
    run: Annotated[str, typer.Argument(help="The challenger's run: a name or the beginning of its id.")],
    reason: Annotated[str, typer.Option(help="Why; kept with the decision.")] = "",
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Refuse a challenger that awaits approval."""
    from modelwright.project import Project

    _show(Project(project).reject(run, reason), as_json=as_json)


def _show(decided: Retrained, *, as_json: bool) -> None:
    if as_json:
        emit_result(decided)
    else:
        console().print(f"{decided.decision}: {decided.reason}", markup=False)
