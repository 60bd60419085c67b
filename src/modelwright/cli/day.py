"""``today``, ``projects`` and ``todo``: what there is to do, over all projects."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from modelwright.cli.output import (
    JsonOption,
    ProjectOption,
    console,
    emit,
    emit_result,
    hanging,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from modelwright.workday import Item, Today

MOST_SHOWN = 15
MOST_NEWS = 8
_STYLES = {"ALARM": "bold red", "FAILED": "bold red", "OVERDUE": "red", "SOON": "yellow", "WAITS": "yellow"}


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(today)
    group = typer.Typer(rich_markup_mode=None, invoke_without_command=True)
    group.callback()(list_projects)
    group.command("add")(add_project)
    group.command("remove")(remove_project)
    app.add_typer(group, name="projects", help="List the projects that `today` looks at.")
    todos = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    todos.command("add")(add_todo)
    todos.command("list")(list_todos)
    todos.command("done")(finish_todo)
    todos.command("snooze")(snooze)
    todos.command("export")(export_todos)
    todos.command("import")(import_todos)
    app.add_typer(todos, name="todo", help="What is to do: what you note stays until it is done.")


def today(
    since: Annotated[
        str | None,
        typer.Option(help="Such as 2d, 12h or 2026-11-20.", show_default="the last wrap"),
    ] = None,
    only: Annotated[
        str | None, typer.Option("--project", "-p", help="Look at this project alone.", show_default="all")
    ] = None,
    html: Annotated[str | None, typer.Option(help="Write the same as a page to this file.")] = None,
    everything: Annotated[bool, typer.Option("--all", help=f"Show more than {MOST_SHOWN}.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show over all projects where work stopped, what happened since and what is due, the dearest first."""
    from modelwright import workday

    day = workday.today(since=since, only=only, here=Path.cwd())
    if html is not None:
        workday.write_today(day, Path(html))
    if as_json:
        emit_result(day.as_dict())
        return
    _show_today(day, everything=everything)
    if html is not None:
        console().print(f"\npage  {html}", soft_wrap=True, markup=False)


def _show_today(day: Today, *, everything: bool) -> None:
    out = console()
    out.print(day.words, style="bold", markup=False)
    for each in day.first:
        out.print(f"First today, {each}", markup=False)
    out.print()
    print_items(day.items if everything else day.items[:MOST_SHOWN])
    if (more := len(day.items) - MOST_SHOWN) > 0 and not everything:
        out.print(f"and {more} more: modelwright today --all", style="dim")
    if day.news:
        out.print("\nTo know", style="bold")
        _print_news(day.news if everything else day.news[:MOST_NEWS])
        if (more := len(day.news) - MOST_NEWS) > 0 and not everything:
            out.print(f"and {more} more: modelwright today --all", style="dim")
    if day.put_off:
        out.print(f"{day.put_off} put off until later.", style="dim")


def print_items(items: Iterable[Item]) -> None:
    """Print what there is to deal with, each with its command."""
    laid = hanging(3)
    for place, item in enumerate(items, 1):
        laid.add_row(
            str(place),
            Text(item.short, style="dim"),
            Text(item.project),
            Text(item.words, style=_STYLES.get(item.urgency.name, "")),
        )
        laid.add_row("", "", "", Text(f"→ {item.command}", style="dim"))
    console().print(laid)


def _print_news(items: Iterable[Item]) -> None:
    laid = hanging(1)
    for item in items:
        laid.add_row(Text(item.project), Text.assemble(item.words, (f"  → {item.command}", "dim")))
    console().print(laid)


# ---- projects


def list_projects(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the projects that `today` looks at; add one, forget one."""
    if context.invoked_subcommand is not None:
        return
    from modelwright.workday import Registry

    known = Registry().projects()
    if as_json:
        emit_result({"projects": [{**vars(each), "root": each.shown} for each in known]})
        return
    rows = [(each.shown, each.last.command if each.last else None) for each in known]
    console().print(table(["project", "last command"], rows))


def add_project(
    root: Annotated[
        str,
        typer.Argument(metavar="FOLDER|URL", help="A project's folder, or a team's database."),
    ],
    name: Annotated[str, typer.Option(help="For a URL: the project's name in its brief.")] = "",
    tracking: Annotated[str, typer.Option(help="For a URL: the MLflow tracking URI.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Have `today` look at a project too; those in which you type a command are known already."""
    from modelwright.workday import Registry

    known = Registry().add(root, name=name, tracking=tracking)
    if as_json:
        emit({"project": known.shown})
    else:
        console().print(f"known: {known.shown}", soft_wrap=True, markup=False)


def remove_project(
    root: Annotated[str, typer.Argument(metavar="FOLDER|URL", help="As `projects` lists it.")],
    as_json: JsonOption = False,
) -> None:
    """Forget a project; nothing of it is removed."""
    from modelwright.workday import Registry, without_passwords

    Registry().remove(root)
    if as_json:
        emit({"forgotten": without_passwords(root)})
    else:
        console().print(f"forgotten: {without_passwords(root)}", soft_wrap=True, markup=False)


# ---- to-dos

WhichArgument = Annotated[str, typer.Argument(metavar="ITEM", help="The six letters that stand before it.")]


def add_todo(
    words: Annotated[str, typer.Argument(help="What is to do.")],
    due: Annotated[str | None, typer.Option(help="Such as 2026-12-01, tomorrow, friday, 3d.")] = None,
    link: Annotated[str, typer.Option(help="A run, an alarm, a request or a release it is about.")] = "",
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Note something to do; it stays until it is done."""
    from modelwright.workday import Item, Todos

    made = Todos(project).add(words, due=due, link=link)
    if as_json:
        emit_result(made)
    else:
        until = f", due {made.due}" if made.due else ""
        console().print(f"{Item.short_of(made.id)}  {made.words}{until}", soft_wrap=True, markup=False)


def list_todos(project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """List what is to do in a project: what people noted, and what its state raises."""
    from modelwright.workday import Todos

    items = Todos(project).listed()
    if as_json:
        emit_result({"items": [each.as_dict() for each in items]})
    elif items:
        print_items(items)
    else:
        console().print("nothing to do")


def finish_todo(which: WhichArgument, project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """Mark something that a person noted as done; what the state raises goes by itself."""
    from modelwright.workday import Todos

    done = Todos(project).done(which)
    if as_json:
        emit_result(done)
    else:
        console().print(f"done: {done.words}", soft_wrap=True, markup=False)


def snooze(
    which: WhichArgument,
    until: Annotated[str, typer.Option(help="A day, such as 2026-12-01, monday or 3d.")] = "tomorrow",
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Put an item off until the morning of a day."""
    from modelwright.workday import Todos

    item, morning = Todos(project).snooze(which, until)
    if as_json:
        emit_result({"key": item.key, "until": morning})
    else:
        console().print(f"put off until {morning:%A, %Y-%m-%d}: {item.words}", soft_wrap=True, markup=False)


def export_todos(
    path: Annotated[str, typer.Argument(metavar="FILE", help="A .md (checkboxes) or .ics (iCalendar) file.")],
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Write what is to do as Markdown checkboxes or as iCalendar."""
    from modelwright.workday import Todos

    n = Todos(project).export(Path(path))
    if as_json:
        emit({"path": path, "written": n})
    else:
        console().print(f"{n} written to {path}", soft_wrap=True, markup=False)


def import_todos(
    path: Annotated[str, typer.Argument(metavar="FILE", help="A .md (checkboxes) or .ics (iCalendar) file.")],
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Take in to-dos from a file: new ones are added, those checked off are done, none is removed."""
    from modelwright.workday import Todos

    came = Todos(project).take_in(Path(path))
    if as_json:
        emit_result(came)
    else:
        console().print(f"{came.added} added, {came.finished} done, {came.known} known already")
