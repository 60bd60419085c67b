"""``explain``: why an answer is as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.padding import Padding
from rich.text import Text

from modelwright.cli.output import JsonOption, ProjectOption, console, emit_result, number, table

if TYPE_CHECKING:
    from modelwright.lifecycle import Explained


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(explain)


def explain(
    what: Annotated[
        str, typer.Argument(metavar="ROW", help="The id of a prediction, or a file with the row.")
    ],
    row: Annotated[int, typer.Option("--row", help="Which row of the file, from 0.")] = 0,
    run: Annotated[
        str | None,
        typer.Option("--run", help="Explain with this run's candidate; the current release otherwise."),
    ] = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Say what each column adds to an answer."""
    from modelwright.project import Project

    explained = Project(project).explain(what, row=row, run=run)
    if as_json:
        emit_result(explained)
    else:
        show_explained(explained)


def show_explained(explained: Explained) -> None:
    """Print an explanation for people."""
    out, why = console(), explained.explanation
    prediction = explained.prediction
    answer = number(prediction) if isinstance(prediction, float) else prediction
    chance = explained.probabilities.get(why.label)
    about = f" (probability of '{why.label}': {chance:.3f})" if chance is not None else ""
    out.print(Text.assemble((answer, "bold"), about, f", {explained.about}"))
    for reason in why.reasons:
        out.print(Padding(Text(reason), (0, 0, 0, 2)))
    unit = f"log-odds of '{why.label}'" if why.scale == "log-odds" else "value"
    rows = [("(usual answer)", why.base), *why.columns.items(), ("(this answer)", why.output)]
    out.print()
    out.print(table(["column", f"adds, in {unit}"], rows))
