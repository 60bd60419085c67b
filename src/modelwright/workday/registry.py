"""Which projects a person has: one small file for each, in the person's own data folder."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from modelwright.errors import ProjectError, StoreError
from modelwright.store import read_json, write_json

BRIEF = "modelwright.toml"
_PASSWORD = re.compile(r"(?<=://)[^@/\s]+(?=@)")


@dataclass(frozen=True)
class Visit:
    """A command that was typed in a project.

    Attributes
    ----------
    command : str
        As it was typed, without passwords in URLs.
    began : datetime
    ended : datetime or None
        None while it runs, and for ever where it was killed.
    code : int or None
        Its exit code.
    pid : int
        The process; 0 where nobody noted it.
    """

    command: str
    began: datetime
    ended: datetime | None = None
    code: int | None = None
    pid: int = 0


@dataclass(frozen=True)
class Known:
    """A project that a person has.

    Attributes
    ----------
    root : str
        Its folder, absolute; or the URL of a team's operations database.
    name : str
        Of the MLflow experiment, where only URLs are known; the brief says it otherwise.
    tracking : str
        MLflow tracking URI, where only URLs are known.
    last : Visit or None
        The last command.
    wrapped : datetime or None
        When this person last ended a day here.
    first : str
        What was to come first on the next day.
    """

    root: str
    name: str = ""
    tracking: str = ""
    last: Visit | None = None
    wrapped: datetime | None = None
    first: str = ""

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder, not a URL."""
        return "://" not in self.root

    @property
    def shown(self) -> str:
        """Where it is, without a password."""
        return without_passwords(self.root)


class Registry:
    """The projects of one person.

    Each has a file of its own, which is replaced as a whole: commands in several shells never lose each
    other's notes.

    Parameters
    ----------
    folder : Path, optional
        By default ``modelwright/projects`` in the person's data folder (``XDG_DATA_HOME``).
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or _data_home() / "modelwright" / "projects"

    def projects(self) -> list[Known]:
        """List the projects, by name of folder."""
        found = [_known(read_json(path)) for path in sorted(self.folder.glob("*.json"))]
        return sorted(found, key=lambda each: each.root)

    def find(self, root: str) -> Known | None:
        """Return what is known of a project, or None."""
        path = self._path(_absolute(root))
        return _known(read_json(path)) if path.is_file() else None

    def add(self, root: str, *, name: str = "", tracking: str = "") -> Known:
        """Take a project in.

        Parameters
        ----------
        root : str
            A project's folder, or the URL of a team's operations database.
        name, tracking : str
            Where it is a URL: the project's name in the tracking store, and where that is.

        Raises
        ------
        ProjectError
            If the folder is no project, or the URL has no name.
        """
        known = Known(_absolute(root), name, tracking)
        if known.is_folder and not Path(known.root, BRIEF).is_file():
            raise ProjectError(f"{known.root} is not a project: it has no {BRIEF}; name another folder")
        if not known.is_folder and not name:
            raise ProjectError("a store by URL needs --name: what the project is called in its brief")
        return self._keep(replace(self.find(root) or known, name=name, tracking=tracking))

    def remove(self, root: str) -> None:
        """Forget a project; nothing of it is removed.

        Raises
        ------
        ProjectError
            If it is unknown.
        """
        path = self._path(_absolute(root))
        if not path.is_file():
            raise ProjectError(
                f"{without_passwords(root)} is not known; `modelwright projects` lists those that are"
            )
        path.unlink()

    def note(self, root: str, visit: Visit) -> None:
        """Keep the last command of a project, which is known from now on."""
        known = self.find(root) or Known(_absolute(root))
        self._keep(replace(known, last=replace(visit, command=without_passwords(visit.command))))

    def wrapped(self, root: str, at: datetime, first: str) -> None:
        """Keep when the day ended, and what comes first on the next."""
        self._keep(replace(self.find(root) or Known(_absolute(root)), wrapped=at, first=first))

    def _keep(self, known: Known) -> Known:
        last = known.last
        visit = last and {
            "command": last.command,
            "began": last.began,
            "ended": last.ended,
            "code": last.code,
            "pid": last.pid,
        }
        kept = {
            "root": known.root,
            "name": known.name,
            "tracking": known.tracking,
            "last": visit,
            "wrapped": known.wrapped,
            "first": known.first,
        }
        write_json(self._path(known.root), kept)
        return known

    def _path(self, root: str) -> Path:
        return self.folder / f"{hashlib.sha256(root.encode()).hexdigest()[:20]}.json"


def without_passwords(text: str) -> str:
    """Return text without what stands before an ``@`` in its URLs."""
    return _PASSWORD.sub("***", text)


def _absolute(root: str) -> str:
    return root if "://" in root else str(Path(root).expanduser().resolve())


def _known(kept: dict[str, Any]) -> Known:
    try:
        last, wrapped = kept["last"], kept["wrapped"]
        visit = last and Visit(
            last["command"],
            datetime.fromisoformat(last["began"]),
            _instant(last["ended"]),
            last["code"],
            last.get("pid", 0),
        )
        return Known(
            kept["root"], kept["name"], kept["tracking"], visit or None, _instant(wrapped), kept["first"]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(
            f"a file of the list of projects is not as it was written ({error}); remove it from "
            f"{_data_home() / 'modelwright' / 'projects'}"
        ) from error


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _data_home() -> Path:
    stated = os.environ.get("XDG_DATA_HOME", "")
    return Path(stated) if stated else Path.home() / ".local" / "share"
