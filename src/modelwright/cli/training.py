"""``build``, ``runs`` and ``report``: from data to candidates."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from modelwright.cli.output import (
    JsonOption,
    ProjectOption,
    RunArgument,
    console,
    emit_result,
    finish,
    log,
    number,
    print_findings,
    table,
)

if TYPE_CHECKING:
    from modelwright.lifecycle import Built
    from modelwright.project import Project
    from modelwright.training import Progress

INTERRUPTED = (
    "interrupted: finishing with the best so far; Ctrl-C again stops at once, and then "
    "`modelwright build --resume` goes on"
)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (build, runs, report):
        app.command()(command)


def build(
    time_limit: Annotated[str | None, typer.Option(help="Such as 90s or 5m; by default the brief's.")] = None,
    work: Annotated[
        int | None,
        typer.Option(help="A count of fits in place of time: the same data then gives the same predictions."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the build that was interrupted.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop where the leak audit accuses a column.")
    ] = False,
    replay: Annotated[
        str | None,
        typer.Option(
            metavar="RUN", help="Do the fits of a run again, and say whether they come to the same."
        ),
    ] = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Choose, train and evaluate: a candidate."""
    from modelwright.project import Project

    if replay is not None:
        if resume or strict or time_limit is not None or work is not None:
            raise typer.BadParameter(
                "does what the run did; leave out the other options", param_hint="--replay"
            )
        _replay(Project(project), replay, as_json=as_json)
        return
    with progress() as on_progress:
        built = Project(project).build(
            time_limit=time_limit, work=work, resume=resume, strict=strict, on_progress=on_progress
        )
    if as_json:
        emit_result(built)
    else:
        show_built(built)


def _replay(project: Project, run: str, *, as_json: bool) -> None:
    with log().status("doing the fits again", spinner="line"):
        replayed = project.replay(run)
    if as_json:
        emit_result(replayed)
    else:
        console().print(replayed.words, markup=False)
    finish(held=replayed.equal)


@contextmanager
def progress() -> Iterator[Callable[[Progress], None]]:
    """Show on standard error what is tried and the best score so far: a live line, or plain lines."""
    out = log()
    seen = {1}
    with out.status("preparing", spinner="line") as status:

        def show(now: Progress) -> None:
            if now.phase == "interrupted":
                out.print(INTERRUPTED, style="yellow", markup=False, soft_wrap=True)
            elif out.is_terminal:
                status.update(progress_line(now))
            elif now.phase == "fitted" and (now.fold == 1 or now.fold not in seen):
                seen.add(now.fold)
                out.print(progress_line(now), markup=False, soft_wrap=True)

        yield show


def progress_line(now: Progress) -> str:
    """Say where a build stands: what is tried and why, the best so far, what is held, and what is left."""
    score = f" {number(now.score)}" if now.score is not None else ""
    what = f"{now.candidate}{score} ({now.why})"
    best = ""
    if now.best is not None:
        low, high = now.interval or (None, None)
        limits = f" ({number(low)} to {number(high)})" if low is not None and high is not None else ""
        best = f", best {number(now.best)}{limits}"
    holds = ", ".join(f"{name} {weight:.0%}" for name, weight in now.holds.items())
    holding = f", would hold {holds}" if holds else ""
    return f"{what}, fold {now.fold} of {now.folds}{best}{holding}{_left(now)}"


def _left(now: Progress) -> str:
    if now.fits_left is not None:
        return f", {now.fits_left} fits left"
    return f", {now.seconds_left:.0f} s left" if now.seconds_left is not None else ""


def show_built(built: Built) -> None:
    """Print a candidate for people."""
    out = console()
    low, high = built.interval
    out.print(f"[bold]{built.name}[/]  run {built.run[:8]}, {built.seconds:.0f} s")
    out.print(
        f"{built.metric} on the vault: [bold]{number(built.score)}[/] "
        f"(95 % interval {number(low)} to {number(high)})"
    )
    out.print(f"best baseline ({built.baseline_name}): {number(built.baseline)}")
    out.print(f"The candidate is {built.choice}.", markup=False)
    if built.reading:
        print_findings(out, built.reading)
    rows = [(row.name, row.score, row.weight, row.folds, f"{row.seconds:.1f}") for row in built.leaderboard]
    out.print()
    out.print(table(["candidate", built.metric, "weight", "folds", "seconds"], rows))
    if built.tried < built.planned or built.ended == "interrupted":
        out.print(_ended(built), style="dim")
    out.print(f"\nreport   {built.report}\npackage  {built.package}", soft_wrap=True, markup=False)
    out.print("Next: modelwright deploy")


def _ended(built: Built) -> str:
    allowed = {"work": "The count of fits", "memory": "Memory"}.get(built.ended, "Time")
    tried = f"{built.tried} of {built.planned} planned candidates"
    if built.ended == "interrupted":
        return f"Interrupted: the best of {tried}."
    return f"{allowed} allowed {tried}."


def runs(project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """List the runs, newest first."""
    from modelwright.project import Project

    listed = Project(project).runs()
    if as_json:
        emit_result({"runs": listed})
        return
    rows = [
        (
            run.id[:8],
            run.name,
            run.status.lower(),
            f"{run.started:%Y-%m-%d %H:%M}",
            run.seconds,
            run.metrics.get("score"),
        )
        for run in listed
    ]
    console().print(table(["run", "name", "status", "started", "seconds", "score"], rows))


def report(
    run: RunArgument = None,
    card: Annotated[bool, typer.Option("--card", help="Print the model card, in Markdown.")] = False,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Show a run's evaluation and where its report lies; with --json, all that the report says."""
    from modelwright.project import Project

    shown = Project(project).report(run)
    if as_json:
        emit_result(shown)
        return
    if card:
        sys.stdout.write(Path(shown.card).read_text(encoding="utf-8"))
        return
    out = console()
    evaluated = shown.evaluation
    out.print(str(evaluated), markup=False)
    rows = [(evaluated.metric, str(evaluated.score))]
    rows += [
        (f"{evaluated.metric} of the {name}", str(figure)) for name, figure in evaluated.baselines.items()
    ]
    rows += [(figure.title, str(figure)) for figure in evaluated.figures[1:]]
    out.print(table(["on the vault", "value and 95 % interval"], rows))
    print_findings(out, evaluated.findings)
    out.print(shown.verdict.words, style="bold", markup=False)
    out.print(f"\nreport  {shown.path}\ncard    {shown.card}", soft_wrap=True, markup=False)
