"""``request`` and ``update``: what stakeholders asked, and what they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from modelwright.cli.output import JsonOption, ProjectOption, console, emit_result, table

if TYPE_CHECKING:
    from modelwright.store import Request

WhichArgument = Annotated[
    str, typer.Argument(metavar="REQUEST", help="The six letters that stand before it.")
]
_DIFF_STYLES = {"+": "green", "-": "red", "@": "dim"}


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    group.command("add")(add_request)
    group.command("list")(list_requests)
    group.command("accept")(accept_request)
    group.command("answer")(answer_request)
    app.add_typer(
        group, name="request", help="What stakeholders asked, in their words, and what became of it."
    )
    app.command()(update)


def add_request(
    words: Annotated[str, typer.Argument(help="What was asked, in their words.")],
    who: Annotated[str, typer.Option(help="Who asked.")],
    due: Annotated[str | None, typer.Option(help="Such as 2026-12-01, friday, 2w.")] = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Keep what somebody asked, in their words."""
    from modelwright.workday import Item, Requests

    made = Requests(project).add(words, who=who, due=due)
    if as_json:
        emit_result(made)
    else:
        until = f", due {made.due}" if made.due else ""
        console().print(
            f"{Item.short_of(made.id)}  {made.who}: {made.words}{until}", soft_wrap=True, markup=False
        )


def list_requests(project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """List what was asked, and what became of it."""
    from modelwright.workday import Item, Requests

    listed = Requests(project).listed()
    if as_json:
        emit_result({"requests": [{**vars(each), "status": each.status} for each in listed]})
        return
    rows = [
        (Item.short_of(each.id), f"{each.at:%Y-%m-%d}", each.who, each.words, each.due, _status(each))
        for each in listed
    ]
    console().print(table(["request", "asked", "who", "words", "due", "status"], rows))


def _status(request: Request) -> str:
    if request.status != "answered":
        return request.status
    answer = request.answer
    return f"no: {answer['words']}" if answer["kind"] == "no" else f"{answer['kind']} {answer['which']}"


def accept_request(
    which: WhichArgument,
    change: Annotated[
        list[str] | None,
        typer.Option("--set", help="A key of the brief, such as costs.false_negative=500; repeatable."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask whether the diff is right.")] = False,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Take a request on: shows what it changes in the brief, and changes it once you agree."""
    from modelwright.workday import Requests

    requests = Requests(project)
    proposal = requests.propose(which, change or ())
    if proposal.diff and not as_json:
        for line in proposal.diff.splitlines():
            console().print(Text(line, style=_DIFF_STYLES.get(line[0], "")))
    if proposal.diff and not yes and not typer.confirm("Change the brief so?", err=True):
        raise typer.Exit(1)
    taken = requests.accept(proposal)
    if as_json:
        emit_result(taken)
    else:
        console().print(f"accepted: {taken.words}", soft_wrap=True, markup=False)


def answer_request(
    which: WhichArgument,
    run: Annotated[str, typer.Option(help="The run that answers it.")] = "",
    release: Annotated[str, typer.Option(help="The release that answers it.")] = "",
    no: Annotated[str, typer.Option(help="Why it will not be done.")] = "",
    words: Annotated[str, typer.Option(help="What to say besides.")] = "",
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Answer a request: by a run, by a release, or by a reasoned no."""
    from modelwright.workday import Requests

    answered = Requests(project).answer(which, run=run, release=release, no=no, words=words)
    if as_json:
        emit_result(answered)
    else:
        console().print(f"answered ({_status(answered)}): {answered.words}", soft_wrap=True, markup=False)


def update(
    audience: Annotated[str, typer.Option("--for", help="For whom, such as 'retention team'.")],
    output: Annotated[
        list[str] | None, typer.Option("--output", "-o", help="A .html, .md or .pdf file; repeatable.")
    ] = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Write the page for the next meeting: what was asked, what changed, plain figures, what to decide."""
    from modelwright.workday import write_update

    written = write_update(project, audience, output or ())
    if as_json:
        emit_result(written)
        return
    out = console()
    for path in written.paths:
        out.print(path, soft_wrap=True, markup=False)
