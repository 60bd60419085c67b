"""``new`` and ``check``: what is asked, and whether the data holds to the contract."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from modelwright.cli.cleaning import print_steps
from modelwright.cli.output import (
    JsonOption,
    ProjectOption,
    QueryOption,
    console,
    emit_result,
    finish,
    log,
    print_findings,
    table,
)

if TYPE_CHECKING:
    from modelwright.lifecycle import Checked, Created


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(new)
    app.command()(check)


def new(
    name: Annotated[str, typer.Argument(help="Folder of the new project; its last part names the model.")],
    data: Annotated[
        str, typer.Option(help="A path, pattern, folder or URL of a file or database; FILE#SHEET, URL#TABLE.")
    ],
    target: Annotated[str, typer.Option(help="The column to predict.")],
    task: Annotated[
        str | None, typer.Option(help="binary, multiclass or regression; inferred otherwise.")
    ] = None,
    positive: Annotated[str | None, typer.Option(help="The label whose probability is asked for.")] = None,
    metric: Annotated[
        str | None, typer.Option(help="The figure that decides, such as roc_auc or rmse.")
    ] = None,
    request: Annotated[str | None, typer.Option(help="The request in the stakeholder's words.")] = None,
    stakeholder: Annotated[str | None, typer.Option(help="Who asks.")] = None,
    id_column: Annotated[str | None, typer.Option("--id", help="The column that identifies a row.")] = None,
    time: Annotated[
        str | None, typer.Option(help="The column that says when; splits go forward in time.")
    ] = None,
    group: Annotated[str | None, typer.Option(help="Rows of one group never straddle a split.")] = None,
    weight: Annotated[str | None, typer.Option(help="The column that says how much a row counts.")] = None,
    protected: Annotated[
        list[str] | None, typer.Option(help="A column of groups to be fair to; repeatable.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="A column not to learn from; repeatable.")] = None,
    increasing: Annotated[
        list[str] | None, typer.Option(help="A column with which the prediction never falls; repeatable.")
    ] = None,
    decreasing: Annotated[
        list[str] | None, typer.Option(help="A column with which the prediction never rises; repeatable.")
    ] = None,
    encrypt: Annotated[
        bool, typer.Option("--encrypt", help="Keep snapshots and held-out rows encrypted.")
    ] = False,
    query: QueryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Frame a problem: brief, contract, first look at the data."""
    from modelwright.project import Project

    stated = {
        "task": task, "positive": positive, "metric": metric, "request": request, "stakeholder": stakeholder,
        "id": id_column, "time": time, "group": group, "weight": weight, "protected": protected,
        "ignore": ignore, "increasing": increasing, "decreasing": decreasing,
        "encrypt": encrypt,
        "query": query,
    }  # fmt: skip
    given: dict[str, Any] = {key: value for key, value in stated.items() if value}
    with log().status("reading, profiling and framing", spinner="line"):
        created = Project.create(name, data=data, target=target, **given).framed
    assert created is not None  # noqa: S101 - create always frames
    if as_json:
        emit_result(created)
    else:
        _show_created(created, name)


def _show_created(created: Created, name: str) -> None:
    out = console()
    framing = created.framing
    out.print(f"[bold]{Path(created.project).name}[/]: {created.task} task, judged by {created.metric}\n")
    out.print("What the baselines earn (cross-validated, 95 % intervals)", style="bold")
    rows = [(baseline, str(earned)) for baseline, earned in created.baselines.items()]
    out.print(table(["baseline", created.metric], rows))
    out.print()
    for heading, words in framing.paragraphs():
        out.print(Text.assemble((heading, "bold"), " ", words))
    if created.findings:
        out.print("\nWhat the first look found", style="bold")
        print_findings(out, created.findings)
    if created.cleaning:
        out.print("\nHow the data is cleaned (switched in modelwright.toml)", style="bold")
        print_steps(out, created.cleaning)
    out.print(
        f"\nWritten: {created.project}/modelwright.toml (the brief) and contract.toml; edit them freely.",
        soft_wrap=True,
    )
    out.print(f"Next: cd {name} && modelwright build")


def check(
    source: Annotated[
        str | None, typer.Argument(help="A file, - for standard input; by default the brief's source.")
    ] = None,
    query: QueryOption = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Check data against the contract; exit code 1 when it is broken."""
    from modelwright.project import Project

    checked = Project(project).check(source, query=query)
    if as_json:
        emit_result(checked)
    else:
        _show_checked(checked)
    finish(held=checked.held)


def _show_checked(checked: Checked) -> None:
    out = console()
    print_findings(out, checked.findings)
    answer = "[green]holds to the contract[/]" if checked.held else "[bold red]breaks the contract[/]"
    out.print(f"{checked.source}: {checked.rows:,} rows, ", end="", markup=False, soft_wrap=True)
    out.print(answer)
