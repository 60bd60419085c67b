"""``doctor`` and ``demo``: whether everything is in place, and what it looks like when it is."""

from __future__ import annotations

from typing import Annotated

import typer

from modelwright.cli.output import JsonOption, ProjectOption, console, emit_result, finish, log, print_parts


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(doctor)
    app.command()(demo)


def doctor(project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """Say what is installed, reachable and healthy; exit code 1 when something is not."""
    from modelwright.lifecycle import examine

    examined = examine(project)
    if as_json:
        emit_result(examined)
    else:
        print_parts(console(), examined.parts)
    finish(held=examined.healthy)


def demo(
    folder: Annotated[str, typer.Argument(help="Folder of the demo's project; made anew.")] = "demo-project",
    time_limit: Annotated[str, typer.Option(help="How long the build may take.")] = "30s",
    as_json: JsonOption = False,
) -> None:
    """Walk the whole loop on a real data set that ships with the package."""
    from modelwright.demo import run_demo

    told = run_demo(folder, time_limit=time_limit, out=log() if as_json else console())
    if as_json:
        emit_result(told)
