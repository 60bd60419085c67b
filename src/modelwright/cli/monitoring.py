"""``feedback``, ``monitor``, ``drift``, ``retrain`` and ``trace``: what became of the predictions."""

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
    finish,
    print_verdict,
    table,
)
from modelwright.cli.training import progress

if TYPE_CHECKING:
    from modelwright.monitoring import Monitoring


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (feedback, monitor, drift, retrain, trace):
        app.command()(command)


def feedback(
    source: Annotated[
        str, typer.Argument(metavar="FILE", help="Labels that came later: columns id and label.")
    ],
    query: QueryOption = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Join labels that came later to the predictions, by prediction id."""
    from modelwright.project import Project

    joined = Project(project).feedback(source, query=query)
    if as_json:
        emit_result(joined)
    else:
        console().print(joined.words, markup=False)


def monitor(project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """Say which promises hold in production and which do not; exit code 1 on an alarm."""
    from modelwright.project import Project

    monitoring = Project(project).monitor()
    if as_json:
        emit_result(monitoring)
    else:
        show_monitoring(monitoring)
    finish(held=monitoring.holds)


def show_monitoring(monitoring: Monitoring) -> None:
    """Print what monitoring found for people."""
    console().print(monitoring.words, markup=False)


def drift(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="The table to compare.")],
    query: QueryOption = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Compare a table's columns with the training rows; exit code 1 where they are spread otherwise."""
    from modelwright.project import Project

    found = Project(project).drift(source, query=query)
    if as_json:
        emit_result(found)
    else:
        console().print(found.words, markup=False)
    finish(held=found.holds)


def retrain(
    if_needed: Annotated[
        bool, typer.Option("--if-needed", help="Only where monitoring calls for it.")
    ] = False,
    time_limit: Annotated[str | None, typer.Option(help="Such as 90s or 5m; by default the brief's.")] = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Build a challenger, and release it where it is better; kept, refused and released all end with 0."""
    from modelwright.project import Project

    with progress() as on_progress:
        retrained = Project(project).retrain(
            if_needed=if_needed, time_limit=time_limit, on_progress=on_progress
        )
    if as_json:
        emit_result(retrained)
        return
    out = console()
    out.print(Text.assemble((retrained.decision, "bold"), ": ", retrained.reason))
    if retrained.verdict is not None:
        print_verdict(out, retrained.verdict)


def trace(
    prediction: Annotated[str, typer.Argument(help="The id that the server answered with.")],
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Walk from a prediction back to the release, the run, the data and the request."""
    from modelwright.project import Project

    traced = Project(project).trace(prediction)
    if as_json:
        emit_result(traced)
    else:
        console().print(table(["what", "which"], traced.steps()))
