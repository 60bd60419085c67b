"""``adopt``: a prototype becomes a working model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from modelwright.cli.output import (
    JsonOption,
    console,
    emit_result,
    finish,
    hanging,
    log,
    number,
    print_findings,
)

if TYPE_CHECKING:
    from modelwright.adoption import Prototype
    from modelwright.lifecycle import Adopted


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(adopt)


def adopt(
    prototype: Annotated[Path, typer.Argument(help="A notebook (.ipynb) or a script (.py).")],
    into: Annotated[
        Path | None,
        typer.Option(help="Folder of the project to write; by default named after the prototype."),
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Its data, where that is not beside it.")] = None,
    target: Annotated[str | None, typer.Option(help="The column to predict, where no name tells.")] = None,
    run: Annotated[
        bool, typer.Option("--run", help="Run it and its pipeline, and say what it earns on sealed rows.")
    ] = False,
    look: Annotated[bool, typer.Option("--look", help="Only read it; write no project.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Turn a prototype into a project, and say what flatters it (with --look: exit code 1 on an error)."""
    from modelwright.project import Project

    if look:
        found = Project.read_prototype(prototype)
        if as_json:
            emit_result(found)
        else:
            _show(found)
        finish(held=not any(each.severity == "error" for each in found.findings))
        return
    with log().status("reading, framing and writing" + (", running" if run else ""), spinner="line"):
        adopted = Project.adopt(prototype, into, data=data, target=target, run=run)
    if as_json:
        emit_result(adopted)
    else:
        _show(adopted.prototype)
        _show_adopted(adopted)


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
            f"{claim.metric} {number(claim.value)} ({claim.where})" if claim else "it shows no figure",
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


def _show_adopted(adopted: Adopted) -> None:
    out = console()
    proof = adopted.proof
    if proof is not None:
        same = f"the same for all {proof.rows:,} rows" if proof.holds else (
            f"another for {proof.different:,} of {proof.rows:,} rows"
        )  # fmt: skip
        out.print(f"\npipeline.py predicts {same}, beside the prototype itself.")
    if adopted.findings:
        print_findings(out, adopted.findings)
    if adopted.offline is False:
        out.print("It was run with network access: this system lets nobody take that away (unshare).")
    for each in adopted.not_done:
        out.print(f"not done: {each}", style="yellow", markup=False)
    out.print()
    out.print(adopted.words[:1].upper() + adopted.words[1:] + ".", style="bold", markup=False)
    written = ", ".join(("modelwright.toml", "contract.toml", *adopted.files))
    out.print(f"\nWritten: {adopted.project}/: {written}", soft_wrap=True)
    if not adopted.proof and not adopted.not_done:
        out.print(
            "Nothing was run; --run proves that the pipeline predicts the same, and seals rows to judge it."
        )
    out.print(f"Next: cd {Path(adopted.project).name} && modelwright build")
