"""``errors``: which outcomes of a run are wrong, why, and where they are many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from modelwright.cli.output import JsonOption, ProjectOption, RunArgument, console, emit_result, table, text

if TYPE_CHECKING:
    from modelwright.evaluation import Outcomes, Stability
    from modelwright.lifecycle import IncorrectOutcomes

_MOST_ROWS = 5
_MOST_DISTURBANCES = 8


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(errors)


def errors(run: RunArgument = None, project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """Say which outcomes of a run are wrong, why, where they are many, and what makes more of them."""
    from modelwright.project import Project

    found = Project(project).errors(run)
    if as_json:
        emit_result(found)
    else:
        show_errors(found)


def show_errors(shown: IncorrectOutcomes) -> None:
    """Print incorrect outcomes for people."""
    out, found = console(), shown.outcomes
    out.print(f"Run {shown.run[:8]}, {shown.rows:,} held-out rows")
    _show_slices(out, found)
    _show_worst(out, found)
    if found.confusions:
        out.print("\nWhat is taken for what", style="bold")
        rows = [(pair.truth, pair.predicted, pair.rows, f"{pair.share:.1%}") for pair in found.confusions]
        out.print(table(["true", "predicted", "rows", "of that label"], rows))
    if found.doubts is not None:
        out.print("\nLabels that may be wrong", style="bold")
        out.print(
            f"{found.doubts.found:,} of {found.doubts.rows:,} held-out labels are doubted, and "
            f"{found.doubts.training_found:,} of {found.doubts.training_rows:,} of training "
            "(`modelwright labels`)."
        )
    if found.stability is not None:
        _show_stability(out, found.stability, shown.metric)


def _show_slices(out: Console, found: Outcomes) -> None:
    search = found.slices
    out.print("\nWeak slices", style="bold")
    out.print(
        f"{search.tested:,} were searched, {len(search.slices)} found, {len(search.confirmed)} confirmed on "
        f"{search.kept_rows:,} other rows."
    )
    for each in search.slices:
        mark = Text("confirmed    ", style="yellow") if each.confirmed else Text("not confirmed", style="dim")
        loss = "too few rows" if each.excess is None else f"excess loss {each.excess}, {each.rows:,} rows"
        sure = "; surer there than it may be" if each.overconfident else ""
        out.print(Padding(Text.assemble(mark, "  ", f"{each.words}: {loss}{sure}"), (0, 0, 0, 2)))


def _show_worst(out: Console, found: Outcomes) -> None:
    out.print(f"\nThe worst rows (the first {_MOST_ROWS} of {len(found.worst)})", style="bold")
    for each in found.worst[:_MOST_ROWS]:
        suspect = "; suspect label" if each.suspected else ""
        head = f"row {each.row}: {text(each.truth)}, predicted {text(each.predicted)}{suspect}"
        out.print(Padding(Text(head), (0, 0, 0, 2)))
        for reason in each.reasons:
            out.print(Padding(Text(reason, style="dim"), (0, 0, 0, 4)))


def _show_stability(out: Console, stability: Stability, metric: str) -> None:
    out.print("\nStability", style="bold")
    costly = sorted(stability.disturbances, key=lambda each: -each.loss.value)[:_MOST_DISTURBANCES]
    rows = [(each.words, str(each.loss)) for each in costly]
    out.print(table(["what was done to the rows", f"loss in {metric}"], rows))
    for words in stability.not_applicable:
        out.print(f"Not applicable: {words}.", style="dim", markup=False)
