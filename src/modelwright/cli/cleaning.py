"""``clean``: what the steps of cleaning change, and what else the data calls for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from modelwright.cli.output import (
    JsonOption,
    ProjectOption,
    QueryOption,
    RunArgument,
    console,
    emit_result,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from modelwright.data import Effect
    from modelwright.lifecycle import Cleaned
    from modelwright.problem import CleaningStep

MOST_NAMED = 4


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(clean)
    app.command()(labels)


def clean(
    source: Annotated[str | None, typer.Argument(help="A file; by default the brief's source.")] = None,
    query: QueryOption = None,
    write: Annotated[str | None, typer.Option(help="Write the cleaned table to this Parquet file.")] = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Show what the brief's steps of cleaning change on data, and propose more."""
    from modelwright.project import Project

    cleaned = Project(project).clean(source, query=query, output=write)
    if as_json:
        emit_result(cleaned)
    else:
        _show(cleaned)


def labels(
    run: RunArgument = None,
    write: Annotated[
        str | None, typer.Option(help="Write all doubtful rows to this CSV or Parquet file.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="How many to list.")] = 20,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """List the training labels that a run's learners doubt, for review; nothing is changed."""
    from modelwright.project import Project

    reviewed = Project(project).labels(run, most=most, output=write)
    if as_json:
        emit_result(reviewed)
        return
    out = console()
    out.print(
        f"{reviewed.code}  {reviewed.found:,} of {reviewed.rows:,} labels are doubtful: {reviewed.how}."
    )
    if reviewed.labels:
        rows = [(each.row, each.label, each.suggested, each.quality) for each in reviewed.labels]
        out.print(table(["row", "label", "suggested", "quality"], rows))
        out.print(
            "A doubted label is often right, and its row rare: look before you correct it at the source."
        )
    if reviewed.output:
        out.print(f"Written: {reviewed.output}", markup=False, soft_wrap=True)
    if reviewed.left_out:
        named = ", ".join(reviewed.left_out)
        out.print(f"Left out, personal or protected: {named}; rows are told by doubtful_row.", markup=False)


def _show(cleaned: Cleaned) -> None:
    out = console()
    if cleaned.steps:
        out.print("What the steps of modelwright.toml change", style="bold")
        print_effects(out, cleaned.steps)
    if not cleaned.steps and not cleaned.proposed:
        out.print("modelwright.toml declares no step of cleaning, and this data calls for none.")
    if cleaned.proposed:
        out.print("\nWhat else the data calls for; to have it done, add it to modelwright.toml", style="bold")
        print_steps(out, cleaned.proposed)
    out.print(
        f"{cleaned.source}: {cleaned.rows:,} rows, of which {cleaned.kept:,} are learned from.",
        markup=False,
        soft_wrap=True,
    )
    if cleaned.output:
        out.print(f"Written: {cleaned.output}", markup=False, soft_wrap=True)


def print_effects(out: Console, effects: Iterable[Effect]) -> None:
    """Print what each declared step changes."""
    laid = _grid()
    for effect in effects:
        would = "changes" if effect.enabled else "would change"
        words = f"{effect.step}{_named(effect.columns)}: {would} {effect.changes:,} {effect.of}"
        laid.add_row(_switch(enabled=effect.enabled), effect.code, Text(words))
        if effect.examples:
            laid.add_row("", "", Text("; ".join(effect.examples), style="dim"))
    out.print(laid)


def print_steps(out: Console, steps: Iterable[CleaningStep]) -> None:
    """Print proposed steps, each with its evidence."""
    laid = _grid()
    for step in steps:
        words = Text(f"{step.step}{_named(step.columns)}: {step.evidence}")
        laid.add_row(_switch(enabled=step.enabled), step.code, words)
    out.print(laid)


def _grid() -> Table:
    laid = Table.grid(padding=(0, 2, 0, 0))
    laid.add_column(no_wrap=True)
    laid.add_column(no_wrap=True)
    laid.add_column(overflow="fold")
    return laid


def _switch(*, enabled: bool) -> Text:
    return Text("on", style="green") if enabled else Text("off", style="yellow")


def _named(columns: tuple[str, ...]) -> str:
    more = f" and {len(columns) - MOST_NAMED} more" if len(columns) > MOST_NAMED else ""
    return f" ({', '.join(columns[:MOST_NAMED])}{more})" if columns else ""
