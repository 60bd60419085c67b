"""Which command was typed in which project, noted while it runs."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from modelwright.errors import StoreError
from modelwright.workday.registry import BRIEF, Registry, Visit

_LOOKS = frozenset(
    {"today", "todo", "projects", "journal", "wrap", "request", "update", "incident", "--help", "--version"}
)
"""What is about the day is no work of its own: it is not where work stopped."""
_OPTIONS = ("--project", "-p")


@contextmanager
def noted_visit(argv: Sequence[str], registry: Registry | None = None) -> Iterator[None]:
    """Note a command in the person's list of projects, when it begins and with its exit code when it ends.

    A project is known from the first command that is typed in it. Where the list can't be written, a command
    does its work all the same.

    Parameters
    ----------
    argv : sequence of str
        The program's name, and what was typed after it.
    registry : Registry, optional
        This person's by default.
    """
    words = argv[1:]
    if not words or words[0] in _LOOKS or "--help" in words:
        yield
        return
    registry = registry or Registry()
    visit = Visit(shlex.join(["modelwright", *words]), datetime.now(UTC), pid=os.getpid())
    _note(registry, words, visit)
    try:
        yield
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
        _note(registry, words, replace(visit, ended=datetime.now(UTC), code=code))
        raise
    except KeyboardInterrupt:
        _note(registry, words, replace(visit, ended=datetime.now(UTC), code=130))
        raise
    except Exception:
        _note(registry, words, replace(visit, ended=datetime.now(UTC), code=1))
        raise
    _note(registry, words, replace(visit, ended=datetime.now(UTC), code=0))


def _note(registry: Registry, words: Sequence[str], visit: Visit) -> None:
    with suppress(OSError, StoreError):  # a command's own work does not fail for want of a note
        if (root := project_of(words)) is not None:
            registry.note(str(root), visit)


def project_of(words: Sequence[str], here: Path | None = None) -> Path | None:
    """Return the project that a command is about: the one it names, else the current folder."""
    here = here or Path.cwd()
    for option, value in pairwise(words):
        if option in _OPTIONS:
            return _project(here / value)
    stated = [word.removeprefix("--project=") for word in words if word.startswith("--project=")]
    if stated:
        return _project(here / stated[0])
    named = (_project(here / word) for word in words[1:] if not word.startswith("-") and "://" not in word)
    return next((each for each in named if each is not None), None) or _project(here)


def _project(folder: Path) -> Path | None:
    return folder.resolve() if (folder / BRIEF).is_file() else None
