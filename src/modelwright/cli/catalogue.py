"""``algorithms``: the cards of the catalogue, and whether somebody's algorithm fits in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from modelwright.cli.output import JsonOption, console, emit_result, finish, hanging, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from modelwright.lifecycle import Catalogued, Conformance


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(algorithms)


def algorithms(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="An algorithm, for its whole card; or check, to try a class."),
    ] = None,
    place: Annotated[
        str | None, typer.Argument(metavar="[CLASS]", help="After check: package.module:Class.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List what a build can choose from, show a card, or check a class (exit code 1 where it lacks any)."""
    from modelwright.lifecycle import check_algorithm_class, list_algorithms

    if name == "check":
        if place is None:
            raise typer.BadParameter("check needs a class: modelwright algorithms check package.module:Class")
        found = check_algorithm_class(place)
        if as_json:
            emit_result(found)
        else:
            _show_conformance(found)
        finish(held=found.holds)
        return
    if place is not None:
        raise typer.BadParameter(f"'{place}' belongs behind check: modelwright algorithms check {place}")
    listed = list_algorithms(name)
    if as_json:
        emit_result({"algorithms": listed} if name is None else listed[0])
    elif name is None:
        _show_list(listed)
    else:
        _show_card(listed[0])


def _show_list(listed: Sequence[Catalogued]) -> None:
    rows = [(each.name, _tasks(each), each.style, each.good_for, each.cost) for each in listed]
    console().print(table(["name", "tasks", "style", "good for", "cost"], rows))


def _show_card(card: Catalogued) -> None:
    out, laid = console(), hanging(1)
    out.print(Text.assemble((card.title, "bold"), f" ({card.name})"))
    said = [("good for", card.good_for)]
    said += [("for", each) for each in card.strengths] + [("against", each) for each in card.weaknesses]
    said += [("cost", card.cost), ("tasks", _tasks(card)), ("style", card.style)]
    said += [("weights", "taken" if card.takes_weights else "not taken")]
    said += [("directions", "kept to" if card.keeps_monotone else "not kept to"), ("paper", card.paper)]
    for what, statement in said:
        laid.add_row(Text(what, style="dim"), Text(statement))
    out.print(laid)


def _tasks(card: Catalogued) -> str:
    from modelwright.problem import Task

    return "every" if len(card.tasks) == len(Task) else ", ".join(card.tasks)


def _show_conformance(found: Conformance) -> None:
    out, laid = console(), hanging(1)
    for answer in found.answers:
        mark = Text("lacks", style="bold red") if answer.lacks else Text("holds", style="green")
        laid.add_row(mark, Text(answer.promise))
        if answer.lacks:
            laid.add_row("", Text(answer.lacks, style="dim"))
    out.print(laid)
    lacking = sum(bool(answer.lacks) for answer in found.answers)
    verdict = f"lacks {lacking} of {len(found.answers)}" if lacking else "fits into the catalogue"
    out.print(f"{found.name} {verdict}", style="bold", markup=False)
    for each in found.costs:
        out.print(f"It costs: {each}.", markup=False)
