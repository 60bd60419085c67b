"""``deploy``, ``rollback``, ``serve`` and ``score``: a model put to use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from modelwright.cli.output import (
    JsonOption,
    ProjectOption,
    QueryOption,
    RunArgument,
    console,
    emit,
    emit_result,
    finish,
    log,
    print_verdict,
)

if TYPE_CHECKING:
    from modelwright.lifecycle import Deployed


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (deploy, rollback, serve, score):
        app.command()(command)


def deploy(
    run: RunArgument = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Release a candidate through the gate; exit code 1 when it is refused."""
    from modelwright.project import Project

    deployed = Project(project).deploy(run)
    if as_json:
        emit_result(deployed)
    else:
        show_deployed(deployed)
    finish(held=deployed.held)


def show_deployed(deployed: Deployed) -> None:
    """Print the gate's answer for people."""
    out = console()
    print_verdict(out, deployed.verdict)
    if deployed.release:
        out.print(f"release  {deployed.release}")
        out.print("Next: modelwright serve")


def rollback(project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """Put the release before the current one back to use."""
    from modelwright.project import Project

    back = Project(project).rollback()
    if as_json:
        emit_result(back)
    else:
        console().print(
            f"{back.replaced} is taken back; in use again: run {back.run[:8]} as {back.release}",
            soft_wrap=True,
        )


def serve(
    host: Annotated[str, typer.Option(help="Address to bind to.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)] = 8000,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Serve the current release over HTTP until interrupted."""
    from modelwright.project import Project

    def ready(url: str) -> None:
        if as_json:
            emit({"url": url})
        else:
            log().print(f"serving on {url}  (documentation: {url}/docs, stop: Ctrl-C)", soft_wrap=True)

    Project(project).serve(host=host, port=port, on_ready=ready)


def score(
    source: Annotated[str, typer.Argument(metavar="INPUT", help="A path, pattern, folder or URL.")],
    output: Annotated[str, typer.Option("--output", "-o", help="A .csv or .parquet file to write.")],
    interval: Annotated[
        list[float] | None,
        typer.Option(help="A level such as 0.9: intervals or sets that hold the truth so often. Repeatable."),
    ] = None,
    abstain_below: Annotated[
        float | None,
        typer.Option(help="Least probability of the label for a firm answer; by default the brief's."),
    ] = None,
    query: QueryOption = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Score a file with the current release."""
    from modelwright.deployment import Asked
    from modelwright.project import Project

    asked = Asked(tuple(interval or ()), abstain_below=abstain_below)
    scored = Project(project).score(source, output, asked, query=query)
    if as_json:
        emit_result(scored)
    else:
        console().print(f"{scored.rows:,} rows scored into {scored.output}", soft_wrap=True, markup=False)
