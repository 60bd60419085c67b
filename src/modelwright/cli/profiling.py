"""``profile``: what a table holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

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
    from modelwright.data import ColumnProfile, Profile
    from modelwright.problem import Finding

_RAMP = " ▁▂▃▄▅▆▇█"
_MOST_COLUMNS = 60
_MOST_OF_A_KIND = 3


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(profile)


def profile(
    source: Annotated[
        str | None,
        typer.Argument(
            help="A file, folder, pattern or URL; without one, the project's data, by its brief and contract."
        ),
    ] = None,
    target: Annotated[str | None, typer.Option(help="The column to relate all others to.")] = None,
    time: Annotated[
        str | None, typer.Option(help="The column that says when; without it, change is along the rows.")
    ] = None,
    query: QueryOption = None,
    hide: Annotated[
        list[str] | None, typer.Option(help="A column whose values are not shown; repeatable.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a self-contained HTML page.")
    ] = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Say what a table holds: types as meant, missing, distributions, relations, change."""
    with log().status("reading and profiling", spinner="line"):
        found = _profiled(source, target, time, query, hide, project)
    if output is not None:
        from modelwright.data import write_profile

        write_profile(found, output)
    if as_json:
        emit_result(found)
        return
    _show(found)
    if output is not None:
        console().print(f"Written: {output}", soft_wrap=True, markup=False)


def _profiled(
    source: str | None,
    target: str | None,
    time: str | None,
    query: str | None,
    hide: list[str] | None,
    project: str,
) -> Profile:
    if source is not None:
        from modelwright.data import profile as profile_table

        return profile_table(source, target=target, time=time, query=query, hidden=hide or ())
    from modelwright.project import Project

    for name, value in (("target", target), ("time", time), ("query", query), ("hide", hide)):
        if value:
            raise typer.BadParameter(
                "only together with SOURCE; in a project, brief and contract say it", param_hint=f"--{name}"
            )
    return Project(project).profile(query=query)


def _show(found: Profile) -> None:
    out = console()
    headings = ["column", "meant as", "missing", "distinct", "distribution"]
    headings += [f"with {found.target}"] if found.target else []
    rows = [
        [
            _short(column.name),
            column.meaning,
            _percent(column.missing / found.rows),
            f"{column.distinct:,}",
            _bars(column),
            *([_strength(column)] if found.target else []),
        ]
        for column in found.columns[:_MOST_COLUMNS]
    ]
    out.print(table(headings, rows))
    if len(found.columns) > _MOST_COLUMNS:
        out.print(f"and {len(found.columns) - _MOST_COLUMNS:,} more columns; --json and -o have them all")
    out.print()
    _show_findings(out, found)
    for note in found.notes:
        out.print(Text(note, style="dim"))
    out.print(
        f"{found.source}: {found.rows:,} rows, {len(found.columns)} columns", markup=False, soft_wrap=True
    )


def _show_findings(out: Console, found: Profile) -> None:
    """Print findings of one kind together, with what to do about them once."""
    groups: dict[str, list[Finding]] = {}
    for finding in found.findings:
        groups.setdefault(finding.code, []).append(finding)
    laid = Table.grid(padding=(0, 2, 0, 0))
    for group in groups.values():
        for at, finding in enumerate(group[:_MOST_OF_A_KIND]):
            where = f"{finding.column}: " if finding.column else ""
            head = (group[0].severity, group[0].code) if at == 0 else ("", "")
            laid.add_row(*head, Text(where + finding.message))
        more = f"and {len(group) - _MOST_OF_A_KIND} more. " if len(group) > _MOST_OF_A_KIND else ""
        laid.add_row("", "", Text(f"{more}→ {group[0].advice}", style="dim"))
    if groups:
        out.print(laid)
        out.print()


def _short(name: str) -> str:
    return name if len(name) <= 24 else name[:23] + "…"


def _percent(share: float) -> str:
    return "-" if not share else f"{100 * share:.1f} %"


def _bars(column: ColumnProfile) -> str:
    if column.numbers is not None:
        fine = [bar.share for bar in column.numbers.histogram]
        shares = fine if len(fine) <= 12 else [sum(fine[at : at + 2]) for at in range(0, len(fine), 2)]
    else:
        shares = [float(each.count) for each in column.top]
    most = max(shares, default=0.0)
    bars = (
        "".join(_RAMP[1 + round(7 * share / most)] if share else " " for share in shares[:12]) if most else ""
    )
    return bars or ("not shown" if column.hidden else "-")


def _strength(column: ColumnProfile) -> str:
    return "-" if column.target is None else f"{column.target:.2f}"
