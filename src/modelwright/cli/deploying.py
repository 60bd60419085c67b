"""``deploy``, ``trial``, ``rollback``, ``releases``, ``serve`` and ``score``: a model put to use."""

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
    table,
)

if TYPE_CHECKING:
    from datetime import datetime

    from modelwright.lifecycle import Deployed, Trial


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (deploy, trial, rollback, releases, serve, score):
        app.command()(command)


def deploy(
    run: RunArgument = None,
    shadow: Annotated[
        bool, typer.Option("--shadow", help="On trial: score beside the current release, answer nobody.")
    ] = False,
    canary: Annotated[
        str | None, typer.Option(metavar="SHARE", help="On trial: answer a share, such as 10%.")
    ] = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Release a candidate through the gate, or put it on trial; exit code 1 when it is refused."""
    from modelwright.project import Project

    deployed = Project(project).deploy(run, shadow=shadow, canary=canary)
    if as_json:
        emit_result(deployed)
    else:
        show_deployed(deployed)
    finish(held=deployed.release is not None)


def show_deployed(deployed: Deployed) -> None:
    """Print the gate's answer for people."""
    out = console()
    print_verdict(out, deployed.verdict)
    if deployed.release and deployed.kind == "deploy":
        out.print(f"release  {deployed.release}")
        out.print("Next: modelwright serve")
    elif deployed.release:
        out.print(f"on trial as a {deployed.kind}: {deployed.release}", soft_wrap=True)
        out.print("Next: modelwright trial")


def trial(project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """Judge the challenger on trial: promoted, or taken back (exit code 1), where that is decided."""
    from modelwright.project import Project

    judged = Project(project).trial()
    if as_json:
        emit_result(judged)
    else:
        show_trial(judged)
    finish(held=judged.status != "rolled back")


def show_trial(judged: Trial) -> None:
    """Print what is known of a challenger for people."""
    out, found = console(), judged.judgement
    share = f", answers {judged.share:.3g} of the keys" if judged.share else ""
    out.print(
        f"{judged.kind} {judged.release} beside {judged.champion}{share}: {judged.status}", soft_wrap=True
    )
    out.print(found.words, soft_wrap=True)
    evidence = f"evidence {found.e_better:.3g} that it is better, {found.e_worse:.3g} that it is worse"
    out.print(f"{evidence}; {found.threshold:g} decides", soft_wrap=True)
    for guard in found.guards:
        out.print(f"{'held  ' if guard.held else 'broken'}  {guard.words}", soft_wrap=True, markup=False)


def releases(project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """List what was in production or on trial, and when."""
    from modelwright.project import Project

    listed = Project(project).releases()
    if as_json:
        emit_result(listed)
        return
    rows = (
        (each.release, each.run[:8], each.kind, f"{each.share:.0%}", _instant(each.since),
         "now" if each.until is None else _instant(each.until), each.ended)
        for each in listed
    )  # fmt: skip
    console().print(table(["release", "run", "kind", "share", "since", "until", "ended"], rows))


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def rollback(project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """Take the challenger on trial back; without one, put the release before back to use."""
    from modelwright.project import Project

    back = Project(project).rollback()
    if as_json:
        emit_result(back)
    else:
        console().print(
            f"{back.replaced} is taken back; in production: run {back.run[:8]} as {back.release}",
            soft_wrap=True,
        )


def serve(
    host: Annotated[str, typer.Option(help="Address to bind to.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)] = 8000,
    socket: Annotated[str | None, typer.Option(help="A Unix socket in place of host and port.")] = None,
    tls_cert: Annotated[str | None, typer.Option(help="Certificate for HTTPS, a PEM file.")] = None,
    tls_key: Annotated[str | None, typer.Option(help="Its key, if that is in another file.")] = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Serve what is in production over HTTP until interrupted; releases and trials are followed."""
    from modelwright.project import Project

    def ready(url: str) -> None:
        if as_json:
            emit({"url": url})
        else:
            log().print(f"serving on {url}  (documentation: {url}/docs, stop: Ctrl-C)", soft_wrap=True)

    Project(project).serve(
        host=host, port=port, socket=socket, tls_certificate=tls_cert, tls_key=tls_key, on_ready=ready
    )


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
