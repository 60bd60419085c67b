"""``compare``: runs on the same rows, or systems over many data sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from modelwright.cli.output import JsonOption, ProjectOption, console, emit_result, number, table

if TYPE_CHECKING:
    from modelwright.evaluation import Difference, FoldComparison
    from modelwright.lifecycle import Compared

LONGEST = 40
"""Characters of a value that are shown; --json has them all."""


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(compare)
    app.command()(diff)


def compare(
    runs: Annotated[
        list[str] | None, typer.Argument(help="Two or more runs: names, or the beginnings of their ids.")
    ] = None,
    across: Annotated[
        str | None,
        typer.Option(help="A CSV or JSON file of results (system, data set, score) to compare instead."),
    ] = None,
    lower_is_better: Annotated[
        bool, typer.Option("--lower-is-better", help="With --across: scores are losses.")
    ] = False,
    output: Annotated[
        str | None, typer.Option("--output", "-o", help="With --across: an .html file to draw them in.")
    ] = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Compare runs on the same held-out rows, or systems across data sets."""
    if across is not None:
        _across(across, lower_is_better=lower_is_better, output=output, as_json=as_json)
        return
    from modelwright.project import Project

    if not runs or len(runs) < 2:
        raise typer.BadParameter(
            "name two runs (`modelwright runs` lists them), or a file with --across", param_hint="RUNS"
        )
    compared = Project(project).compare(*runs)
    if as_json:
        emit_result(compared)
    else:
        show_compared(compared)


def diff(
    first: Annotated[str, typer.Argument(help="A run's name, or the beginning of its id.")],
    second: Annotated[str, typer.Argument(help="Another run.")],
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Say what differs between two runs: data, brief, contract, versions, plan, training and figures."""
    from modelwright.project import Project

    found = Project(project).diff(first, second)
    if as_json:
        emit_result(found)
        return
    out = console()
    rows = [(each.section, each.key, _short(each.first), _short(each.second)) for each in found.changes]
    out.print(table(["", "what", *found.names], rows) if rows else "Nothing differs.")
    if rows and found.same:
        out.print(f"The same: {', '.join(found.same)}.", style="dim")


def _short(value: object) -> object:
    if isinstance(value, int | float) or value is None:
        return value
    written = str(value)
    return written if len(written) <= LONGEST else f"{written[: LONGEST - 1]}…"


def show_compared(compared: Compared) -> None:
    """Print the differences for people, the size of each before its p-value."""
    out = console()
    out.print(compared.words, markup=False)
    out.print(f"Positive: the first is better. {compared.rows:,} held-out rows.", style="dim")
    pairs = list(dict.fromkeys((each.first, each.second) for each in compared.differences))
    for pair in pairs:
        found = [each for each in compared.differences if (each.first, each.second) == pair]
        out.print(f"\n{pair[0]} against {pair[1]}", style="bold", markup=False)
        columns = [
            "metric",
            "difference",
            "p (Holm)",
            *(["folds: better/same/worse"] if found[0].folds else []),
        ]
        out.print(table(columns, [_row(each, folds=len(columns) == 4) for each in found]))
    if compared.not_over_folds:
        out.print(f"Not compared over folds: {compared.not_over_folds}.", style="dim", markup=False)


def _row(each: Difference, *, folds: bool) -> tuple[str, ...]:
    what = f"{each.title}, {each.group}" if each.group else each.title
    row = (what, str(each.comparison), number(each.adjusted_p))
    return (*row, _shares(each.folds)) if folds else row


def _shares(folds: FoldComparison | None) -> str:
    return "" if folds is None else f"{folds.better:.2f} / {folds.equal:.2f} / {folds.worse:.2f}"


def _across(source: str, *, lower_is_better: bool, output: str | None, as_json: bool) -> None:
    from modelwright.evaluation import compare_across, read_results, write_ranks

    found = compare_across(read_results(source), greater_is_better=not lower_is_better)
    if output is not None:
        write_ranks(found, output)
    if as_json:
        emit_result(found)
        return
    out = console()
    out.print(found.words, markup=False)
    rows = [(name, f"{rank:.2f}", f"{mean:.4g}", letters) for name, rank, mean, letters in found.rows()]
    out.print(table(["system", "mean rank", "mean score", "not told apart"], rows))
    out.print(f"Critical difference of mean ranks (Nemenyi): {found.critical_difference:.2f}", style="dim")
    if output is not None:
        out.print(f"\nplot  {output}", soft_wrap=True, markup=False)
