"""A quick look at one project: its brief, its databases, its builds and its repository."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tomllib
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from modelwright.errors import BriefError, ModelwrightError, ProjectError
from modelwright.store import Glance, glance_at, read_json
from modelwright.workday.registry import BRIEF, Known

_STATE = ".modelwright"
_PATIENCE = 0.5
"""Seconds to wait for git: what it says is worth no more at the start of a day."""


@dataclass(frozen=True)
class Outline:
    """What of a brief is needed at a glance; checking the whole brief would take longer than all the rest.

    Attributes
    ----------
    name, currency, database, tracking : str
        As in the brief.
    """

    name: str
    currency: str
    database: str
    tracking: str

    @classmethod
    def read(cls, root: Path) -> Outline:
        """Read it from a project's folder.

        Raises
        ------
        ProjectError
            If the folder is no project any more.
        BriefError
            If the brief is no TOML, or has no name.
        """
        try:
            said: dict[str, Any] = tomllib.loads((root / BRIEF).read_text(encoding="utf-8"))
            store, state = said.get("store", {}), root / _STATE
            return cls(
                name=str(said["problem"]["name"]),
                currency=str(said.get("costs", {}).get("currency", "EUR")),
                database=store.get("database") or f"sqlite:///{state / 'operations.db'}",
                tracking=store.get("tracking") or f"sqlite:///{state / 'mlflow.db'}",
            )
        except FileNotFoundError as error:
            raise ProjectError(f"{root} is no project any more: {BRIEF} is gone") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
            raise BriefError(f"{root / BRIEF} cannot be read: {error}") from error


@dataclass(frozen=True)
class UnfinishedBuild:
    """The newest build that did not come to its end.

    Attributes
    ----------
    run, name : str
    began : datetime
    running : bool
        Whether a process of this machine works on it now.
    pid : int or None
        That process.
    fits : int
        How many fits are kept already.
    """

    run: str
    name: str
    began: datetime
    running: bool
    pid: int | None
    fits: int


@dataclass(frozen=True)
class Looked:
    """A project as it is now.

    Attributes
    ----------
    known : Known
    name : str
    currency : str
    glance : Glance
    unfinished : tuple of UnfinishedBuild
        Newest first.
    uncommitted : int
        Files that git has not committed.
    refused : str
        Why the gate refuses the newest run; empty where it doesn't, or was not asked.
    trouble : str
        Why it could not be looked at; empty where it could.
    """

    known: Known
    name: str
    currency: str = ""
    glance: Glance = field(default_factory=Glance)
    unfinished: tuple[UnfinishedBuild, ...] = ()
    uncommitted: int = 0
    refused: str = ""
    trouble: str = ""


def look(known: Known, since: datetime, now: datetime) -> Looked:
    """Look at a project; what can't be read is said, and spoils nothing else."""
    if not known.is_folder:
        return _at_url(known, since, now)
    root = Path(known.root)
    git = _ask_git(root)
    try:
        outline = Outline.read(root)
        glance = glance_at(outline.database, outline.tracking, outline.name, since, now)
        return Looked(
            known,
            outline.name,
            outline.currency,
            glance,
            unfinished_builds(root),
            _answer(git),
            _refused(root, glance),
        )
    except ModelwrightError as error:
        _answer(git)
        return Looked(known, root.name, trouble=str(error))


def _at_url(known: Known, since: datetime, now: datetime) -> Looked:
    try:
        return Looked(known, known.name, glance=glance_at(known.root, known.tracking, known.name, since, now))
    except ModelwrightError as error:
        return Looked(known, known.name, trouble=str(error))


def unfinished_builds(root: Path) -> tuple[UnfinishedBuild, ...]:
    """List the builds that have begun and not come to their end, newest first."""
    runs = root / _STATE / "runs"
    if not runs.is_dir():
        return ()
    with os.scandir(runs) as entries:
        places = [each.path for each in entries if not os.path.exists(f"{each.path}/built.json")]  # noqa: PTH110
    found = []
    for place in map(Path, places):
        if (start := place / "start.json").is_file():
            began = datetime.fromtimestamp(start.stat().st_mtime, UTC)
            pid = builder_of(place)
            fits = len(list((place / "checkpoint").glob("*-fold*.json")))
            found.append(
                UnfinishedBuild(place.name, read_json(start)["name"], began, pid is not None, pid, fits)
            )
    return tuple(sorted(found, key=lambda each: each.began, reverse=True))


def builder_of(place: Path) -> int | None:
    """Return the process of this machine that builds a run now, or None."""
    try:
        with (place / "lock").open() as file:
            written = file.read().split()
            if len(written) != 2 or written[1] != os.uname().nodename or not is_alive(int(written[0])):
                return None
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(written[0])
    except FileNotFoundError:
        pass
    return None


def is_alive(pid: int) -> bool:
    """Say whether there is such a process on this machine."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True


def _refused(root: Path, glance: Glance) -> str:
    newest = glance.newest
    if newest is None or (glance.current is not None and glance.current.at >= newest.started):
        return ""
    path = root / _STATE / "runs" / newest.id / "verdict.json"
    if not path.is_file():
        return ""
    verdict = read_json(path)["verdict"]
    return "" if verdict["held"] else str(verdict["words"])


def _ask_git(root: Path) -> subprocess.Popen[bytes] | None:
    git = shutil.which("git")
    if git is None or not root.is_dir():
        return None
    return subprocess.Popen(  # noqa: S603 - the arguments are ours
        [git, "-C", str(root), "--no-optional-locks", "status", "--porcelain", "--", "."],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _answer(git: subprocess.Popen[bytes] | None) -> int:
    """Count what git lists; nothing where there is no repository, or it takes too long."""
    if git is None:
        return 0
    try:
        out, _ = git.communicate(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        git.kill()
        with suppress(subprocess.TimeoutExpired):
            git.communicate(timeout=_PATIENCE)
        return 0
    return len(out.splitlines()) if git.returncode == 0 else 0
