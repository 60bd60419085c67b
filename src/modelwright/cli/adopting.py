"""``adopt``: a prototype becomes a working model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from modelwright.cli.output import JsonOption, console, emit_result, finish, hanging, number, print_findings

if TYPE_CHECKING:
    from modelwright.adoption import Prototype


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(adopt)


def adopt(
    prototype: Annotated[Path, typer.Argument(help="A notebook (.ipynb) or a script (.py).")],
    as_json: JsonOption = False,
) -> None:
    """Say what would break in production or flatters a prototype's score (exit code 1 on an error)."""
    from modelwright.project import Project

    found = Project.read_prototype(prototype)
    if as_json:
        emit_result(found)
    else:
        _show(found)
    finish(held=not any(each.severity == "error" for each in found.findings))


def _show(found: Prototype) -> None:
    out, laid = console(), hanging(1)
    claim = found.claim
    said = [
        ("data", found.source or "not named by a constant"),
        ("target", found.target or "not named"),
        ("task", str(found.task or "not told by the code; the target's values will")),
        ("features", ", ".join(found.features) or "all columns but those left out"),
        ("left out", ", ".join(found.ignored) or "-"),
        ("held out", found.split),
        ("judged by", found.metric or "no figure"),
        ("model", found.estimator.rpartition(".")[2] or "none"),
        (
            "claims",
            f"{claim.metric} {number(claim.value)} ({claim.where})" if claim else "no figure is shown",
        ),
    ]
    for what, words in said:
        laid.add_row(Text(what, style="dim"), Text(words))
    out.print(Text(f"{found.path.name}: a {found.kind}", style="bold"))
    out.print(laid)
    if found.findings:
        out.print("\nWhat would break in production, or flatters the score", style="bold")
        print_findings(out, found.findings)
    else:
        out.print("\nNothing was found that would break in production or flatters the score.")
