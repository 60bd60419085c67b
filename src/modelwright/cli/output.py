"""How results leave: tables for people on standard output, or one JSON document; logs on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from modelwright.evaluation import Verdict
    from modelwright.lifecycle import Part
    from modelwright.problem import Finding

ProjectOption = Annotated[
    str, typer.Option("--project", "-p", help="The project's folder.", show_default="the current folder")
]
RunArgument = Annotated[
    str | None, typer.Argument(help="A run's name or the beginning of its id; the latest otherwise.")
]
QueryOption = Annotated[
    str | None, typer.Option(help="SQL, where the source is a database: its rows are the table.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

MOST_ALIKE = 8
"""Findings of one kind that are listed; the rest are counted."""

_SEVERITY_STYLE = {"error": "bold red", "warning": "yellow", "info": "dim"}


def console() -> Console:
    """Return a console for what people read."""
    return Console(highlight=False, soft_wrap=False)


def log() -> Console:
    """Return a console for what happens meanwhile; it writes to standard error."""
    return Console(stderr=True, highlight=False)


def emit(document: dict[str, Any] | list[Any]) -> None:
    """Print one JSON document on standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, default=str, allow_nan=False) + "\n")
    sys.stdout.flush()


def emit_result(result: Any) -> None:
    """Print a stage's result as one JSON document, by its fields; figures that are not finite are null."""
    from pydantic_core import to_json

    sys.stdout.write(to_json(result, inf_nan_mode="null", fallback=str).decode() + "\n")
    sys.stdout.flush()


def fail(error: Exception, *, as_json: bool) -> NoReturn:
    """Say what went wrong and end with exit code 1."""
    if as_json:
        emit({"error": {"type": type(error).__name__, "message": str(error)}})
    log().print(f"error: {error}", style="red", markup=False, soft_wrap=True)
    sys.exit(1)


def finish(*, held: bool) -> None:
    """End with exit code 1 where the answer is no."""
    if not held:
        raise typer.Exit(1)


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Table:
    """Lay rows out under headings; numbers align right."""
    laid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    listed = [[text(cell) for cell in row] for row in rows]
    for position, column in enumerate(columns):
        numeric = bool(listed) and all(_is_number(row[position]) for row in listed)
        laid.add_column(column, justify="right" if numeric else "left", header_style="dim", overflow="fold")
    for row in listed:
        laid.add_row(*map(Text, row))
    return laid


def print_findings(console: Console, findings: Iterable[Finding]) -> None:
    """Print findings, the worst first: where and what, which; for those alike once, why and what to do."""
    order = {"error": 0, "warning": 1, "info": 2}
    alike: dict[tuple[str, ...], list[Finding]] = {}
    for finding in sorted(findings, key=lambda one: order[one.severity]):
        of = (finding.severity, finding.code, finding.why, finding.advice)
        alike.setdefault(of, []).append(finding)
    laid = hanging(2)
    for (severity, code, why, advice), group in alike.items():
        head = (Text(severity, style=_SEVERITY_STYLE[severity]), code)
        for finding in group[:MOST_ALIKE]:
            laid.add_row(*head, Text(_where(finding) + finding.message))
            head = (Text(), "")
            if which := _which(finding):
                laid.add_row("", "", Text(which, style="dim"))
        more = len(group) - MOST_ALIKE
        rest = f"and {more:,} more; --json has them all" if more > 0 else ""
        for line in (rest, why, advice and f"→ {advice}"):
            if line:
                laid.add_row("", "", Text(line, style="dim"))
    console.print(laid)


def _where(finding: Finding) -> str:
    """Name the column, unless the message does."""
    column = finding.column
    if not column or finding.message.startswith(column) or f"'{column}'" in finding.message:
        return ""
    return f"{column}: "


def _which(finding: Finding) -> str:
    """Say which rows and values a finding is about, the first few."""
    more = ", …" if finding.count and finding.count > len(finding.rows) else ""
    rows = f"in rows {', '.join(map(str, finding.rows))}{more} (from 0)" if finding.rows else ""
    examples = f"such as {', '.join(map(repr, finding.examples))}" if finding.examples else ""
    return "; ".join(part for part in (rows, examples) if part)


def print_verdict(console: Console, verdict: Verdict) -> None:
    """Print what the gate looked at, whether it held, and what decided."""
    laid = hanging(2)
    for rule in verdict.rules:
        mark = Text("held", style="green") if rule.held else Text("broken", style="bold red")
        laid.add_row(mark, rule.code, Text(rule.words))
    console.print(laid)
    console.print()
    console.print(verdict.words, style="bold", markup=False)
    console.print(f"Decided by {verdict.decided_by}.", style="dim")


def print_parts(console: Console, parts: Iterable[Part]) -> None:
    """Print what was examined, and whether it is healthy."""
    laid = hanging(2)
    for part in parts:
        mark = Text("ok", style="green") if part.healthy else Text("bad", style="bold red")
        laid.add_row(mark, part.name, Text(part.words, overflow="fold"))
    console.print(laid)


def hanging(leading: int) -> Table:
    """Return a grid whose last column wraps under itself."""
    laid = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(leading):
        laid.add_column(no_wrap=True)
    laid.add_column()
    return laid


def text(cell: Any) -> str:
    """Write a cell: figures with four significant digits, nothing for what is not there."""
    if cell is None:
        return "-"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return number(cell)
    return str(cell)


def number(value: float) -> str:
    """Write a figure with four significant digits and thousands apart."""
    if value != value:  # noqa: PLR0124 - NaN is the one value that differs from itself
        return "not defined"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def _is_number(cell: str) -> bool:
    return cell == "-" or cell.replace(",", "").replace(".", "").replace("-", "").replace("e", "").isdigit()
