"""What a page tells its reader to type.

Blocks fenced as ``bash`` are typed as they are; of blocks fenced as ``console``, the lines after ``$`` (and
``>`` for a command that goes on). A comment right above a block changes how it is taken::

    <!-- exit: 1 -->              its last command ends with this exit code
    <!-- skip: needs a token -->  it is not run, because ...

A page that goes on from what another one leaves names it in a comment of its own::

    <!-- after: ../tutorial.md -->
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(
    r"""
    ^(?:<!--[ ](?P<word>exit|skip):[ ]*(?P<value>.+?)[ ]*-->\n+)?
    (?P<fence>`{3,})(?P<kind>bash|console)\n
    (?P<text>.*?)
    ^(?P=fence)$
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)

AFTER = re.compile(r"^<!-- after: (.+?) -->$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """One fenced block of commands.

    Attributes
    ----------
    line : int
        Where it begins in the page, from 1.
    commands : tuple of str
        What is typed, in order.
    exit_code : int
        With what the last command ends; the others end with 0.
    skipped : str
        Why it is not run; empty where it is.
    """

    line: int
    commands: tuple[str, ...]
    exit_code: int = 0
    skipped: str = ""


def blocks(page: str) -> list[Block]:
    """Return the blocks of commands in a Markdown page, in order."""
    return [
        Block(
            line=page.count("\n", 0, found.start("fence")) + 1,
            commands=typed(found["text"]) if found["kind"] == "console" else (found["text"].rstrip(),),
            exit_code=int(found["value"]) if found["word"] == "exit" else 0,
            skipped=found["value"] if found["word"] == "skip" else "",
        )
        for found in BLOCK.finditer(page)
    ]


def before(page: Path) -> Path | None:
    """Return the page whose commands are typed before those of this one, if there is one."""
    found = AFTER.search(page.read_text())
    return (page.parent / found[1]).resolve() if found else None


def typed(text: str) -> tuple[str, ...]:
    """Return the commands of a console session, without what they print."""
    commands: list[str] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            commands.append(line[2:])
        elif commands and (line.startswith("> ") or commands[-1].endswith("\\")):
            commands[-1] += "\n" + line.removeprefix("> ")
    return tuple(commands)


def script(page: Path) -> str:
    """Return one shell script that types what a page says, and stops at the first wrong exit code."""
    lines = ["set -u"]
    for block in blocks(page.read_text()):
        if block.skipped:
            continue
        for command in block.commands:
            expected = block.exit_code if command is block.commands[-1] else 0
            lines += [
                command,
                f'came=$?; [ "$came" = {expected} ] || {{ {complaint(page, block, expected)}; exit 1; }}',
            ]
    return "\n".join(lines) + "\n"


def complaint(page: Path, block: Block, expected: int) -> str:
    """Return the shell command that says which block went wrong."""
    return f'echo "{page.name}:{block.line}: exit code $came instead of {expected}" >&2'
