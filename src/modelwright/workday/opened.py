"""The operations database of a project, opened for a moment."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from modelwright.store import Operations
from modelwright.workday.looking import Outline


class Opened:
    """A context that opens a project's operations database, and closes it in the end.

    Parameters
    ----------
    project : str
        Its folder, or the URL of its operations database.
    """

    def __init__(self, project: str) -> None:
        self.project = project

    def __enter__(self) -> Operations:
        """Open it."""
        self._operations = Operations(database_of(self.project))
        return self._operations

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self._operations.close()


def database_of(project: str) -> str:
    """Return the URL of a project's operations database."""
    if "://" in project:
        return project
    return Outline.read(root_of(project)).database


def root_of(project: str) -> Path:
    """Return a project's folder, absolute."""
    return Path(project).expanduser().resolve()
