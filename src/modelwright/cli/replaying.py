"""``replay``: the whole lifecycle over history."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from modelwright.cli.output import (
    JsonOption,
    ProjectOption,
    QueryOption,
    console,
    emit_result,
    log,
    table,
)

if TYPE_CHECKING:
    from modelwright.lifecycle import Backtested


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(replay)


def replay(
    stream: Annotated[str, typer.Argument(help="Labelled history: a file, folder, pattern or URL.")],
    time: Annotated[
        str | None, typer.Option(help="The column that says when; without it, rows are taken in their order.")
    ] = None,
    target: Annotated[
        str | None, typer.Option(help="The column to predict; without it, the project's brief says it.")
    ] = None,
    label_delay: Annotated[str, typer.Option(help="How long labels take, such as 7d or '500 rows'.")] = "",
    policy: Annotated[
        list[str] | None, typer.Option(help="never, monthly, ours or forest; repeatable. All by default.")
    ] = None,
    period: Annotated[
        str,
        typer.Option(
            help="What counts as a month, such as 30d or '500 rows'.", show_default="a calendar month"
        ),
    ] = "",
    first: Annotated[float, typer.Option(help="Share of the rows that the first model learns from.")] = 0.2,
    candidates: Annotated[
        int, typer.Option(help="Of the plan, that a build tries beside the linear model.", min=1)
    ] = 1,
    metric: Annotated[str | None, typer.Option(help="The figure that decides.")] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(help="A column that is not known in time; repeatable.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The page.", show_default="replay.html")
    ] = None,
    query: QueryOption = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Live through history as if live, and compare when to retrain: never, monthly, by evidence."""
    from modelwright.lifecycle import replay_history

    with log().status("reading", spinner="line") as status:
        lived = replay_history(
            stream,
            project=None if target is not None else project,
            target=target,
            time=time,
            policies=tuple(policy or ()),
            delay=label_delay,
            period=period,
            first=first,
            candidates=candidates,
            metric=metric,
            ignore=ignore,
            query=query,
            page=output or Path("replay.html"),
            on_policy=lambda name: status.update(f"living through history: {name}"),
        )
    if as_json:
        emit_result(lived)
    else:
        _show(lived)


def _show(lived: Backtested) -> None:
    out = console()
    headings = ["policy", "loss", "retrains", "alarms", "reverts", "not released", "fits"]
    has_money = any(each.money is not None for each in lived.policies)
    headings += [f"cost, {lived.currency}"] if has_money else []
    rows = [
        [each.name, each.loss, each.retrains, each.alarms, each.reverts, each.refused, each.fits]
        + ([each.money] if has_money else [])
        for each in lived.policies
    ]
    out.print(
        f"{lived.rows:,} rows, of which {lived.first:,} taught the first model; loss by {lived.metric}; "
        f"monthly is {lived.period}."
    )
    out.print(table(headings, rows))
    for each in lived.not_compared:
        out.print(f"Not compared: {each}.", style="yellow", markup=False)
    out.print(lived.words, style="bold", markup=False)
    out.print(f"\npage  {lived.page}", soft_wrap=True, markup=False)
