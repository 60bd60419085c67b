"""``sign``, ``key`` and ``log``: who vouches for a package, who may ask the server, and who changed what."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from modelwright.cli.output import (
    JsonOption,
    ProjectOption,
    RunArgument,
    console,
    emit,
    emit_result,
    finish,
    log,
    table,
)


class KeyScope(StrEnum):
    """What a key opens."""

    PREDICT = "predict"
    FEEDBACK = "feedback"
    ADMIN = "admin"


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(sign)
    keys = typer.Typer(
        no_args_is_help=True, help="API keys of the server: add, list, revoke.", rich_markup_mode=None
    )
    for command, name in ((add, "add"), (list_keys, "list"), (revoke, "revoke")):
        keys.command(name)(command)
    app.add_typer(keys, name="key")
    logs = typer.Typer(
        no_args_is_help=True,
        help="Who changed what is in production, or who may ask it.",
        rich_markup_mode=None,
    )
    logs.command("show")(show)
    logs.command("verify")(verify)
    app.add_typer(logs, name="log")


def sign(
    run: RunArgument = None,
    key: Annotated[str | None, typer.Option(metavar="FILE", help="Private key to sign with.")] = None,
    new_key: Annotated[str | None, typer.Option(metavar="FILE", help="Write a new private key here.")] = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Sign a run's package, so that a server can ask for it; or make a key to sign with."""
    from modelwright.deployment import new_signing_key
    from modelwright.project import Project

    if (key is None) == (new_key is None):
        raise typer.BadParameter("give --key to sign a package, or --new-key to make a key")
    public = Project(project).sign(key, run) if key else new_signing_key(Path(str(new_key)))
    if as_json:
        emit({"key": public})
    else:
        console().print(f"public key {public}", soft_wrap=True)


def add(
    name: Annotated[str, typer.Argument(help="Whose key it is.")],
    scope: Annotated[list[KeyScope] | None, typer.Option(help="What it opens; repeatable.")] = None,
    days: Annotated[float | None, typer.Option(help="How long it opens anything.", min=0)] = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Make an API key; from the first one on, the server asks for one. It is shown once."""
    from modelwright.project import Project

    made, text = Project(project).add_key(name, *(each.value for each in scope or ()), days=days)
    if as_json:
        emit({"id": made.id, "name": made.name, "scopes": list(made.scopes), "key": text})
        return
    log().print(
        f"key {made.id} of {name} opens {', '.join(made.scopes)}; it is kept nowhere, so note it now:"
    )
    console().print(text, soft_wrap=True, markup=False)


def list_keys(project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """List the API keys that ever were."""
    from modelwright.project import Project

    listed = Project(project).keys()
    if as_json:
        hidden = ("id", "at", "name", "scopes", "expires", "revoked")
        emit([{each: getattr(key, each) for each in hidden} for key in listed])
        return
    rows = [
        (key.id, key.name, ", ".join(key.scopes), f"{key.at:%Y-%m-%d}",
         "revoked" if key.revoked else f"until {key.expires:%Y-%m-%d}" if key.expires else "in force")
        for key in listed
    ]  # fmt: skip
    console().print(table(["key", "name", "opens", "since", "state"], rows))


def revoke(
    key: Annotated[str, typer.Argument(help="The key's id, as `key list` shows it.")],
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Let a key open nothing from now on; a running server notices within a second."""
    from modelwright.project import Project

    Project(project).revoke_key(key)
    if as_json:
        emit({"revoked": key})
    else:
        console().print(f"key {key} is revoked")


def show(project: ProjectOption = ".", as_json: JsonOption = False) -> None:
    """List who changed what is in production, or who may ask it, oldest first."""
    from modelwright.project import Project

    entries = Project(project).log()
    if as_json:
        emit_result(entries)
        return
    rows = (
        (str(each.seq), f"{each.at:%Y-%m-%d %H:%M:%S}", each.who, each.act,
         ", ".join(f"{key} {value}" for key, value in each.body.items()))
        for each in entries
    )  # fmt: skip
    console().print(table(["no.", "at", "who", "what", "which"], rows))


def verify(
    expect: Annotated[
        str | None, typer.Option(metavar="HASH", help="A hash noted earlier that must be in the log.")
    ] = None,
    project: ProjectOption = ".",
    as_json: JsonOption = False,
) -> None:
    """Say whether the log is as it was written; exit code 1 where it is not."""
    from modelwright.project import Project

    verified = Project(project).verify_log(expect)
    if as_json:
        emit_result(verified)
    elif verified.fault is None:
        console().print(f"{verified.entries:,} entries, as they were written")
        console().print(f"newest: {verified.head}", soft_wrap=True)
    else:
        console().print(f"the log is not as it was written: {verified.fault}", soft_wrap=True)
    finish(held=verified.holds)
