"""The journal of a project: one Markdown file for each day, which people may edit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from modelwright.errors import WorkdayError
from modelwright.store import write_atomic
from modelwright.workday.looking import Outline
from modelwright.workday.registry import Registry

FOLDER = "journal"
_EDITED = 0o666


@dataclass(frozen=True)
class Found:
    """A line of a journal.

    Attributes
    ----------
    project : str
    day : str
        Such as ``2026-11-27``.
    heading : str
        Under which heading it stands.
    line : str
    """

    project: str
    day: str
    heading: str
    line: str


def write_day(root: Path, day: date, text: str) -> Path:
    """Add to the journal of a day; what stands there, people's words too, stays."""
    path = root / FOLDER / f"{day.isoformat()}.md"
    before = path.read_text(encoding="utf-8") if path.is_file() else f"# {day:%A, %d %B %Y}\n"
    write_atomic(path, f"{before.rstrip()}\n\n{text.strip()}\n", mode=_EDITED)
    return path


def search_journal(words: str, roots: Sequence[Path]) -> list[Found]:
    """Find the lines that have all words, the newest day first; upper and lower case are the same.

    Raises
    ------
    WorkdayError
        If there are no words.
    """
    wanted = words.casefold().split()
    if not wanted:
        raise WorkdayError("say what to look for: modelwright journal --search 'region'")
    found = [
        each
        for root in roots
        for each in _lines(root)
        if all(word in each.line.casefold() for word in wanted)
    ]
    return sorted(found, key=lambda each: each.day, reverse=True)


def newest_journal(root: Path) -> str:
    """Return the journal of the newest day; empty where none was written."""
    days = sorted((root / FOLDER).glob("*.md"))
    return days[-1].read_text(encoding="utf-8") if days else ""


def journals(registry: Registry | None = None) -> list[Path]:
    """Return the folders of all projects of a person that are still there."""
    known = (registry or Registry()).projects()
    return [Path(each.root) for each in known if each.is_folder and Path(each.root, FOLDER).is_dir()]


def _lines(root: Path) -> Iterator[Found]:
    name = Outline.read(root).name
    for path in sorted((root / FOLDER).glob("*.md")):
        heading = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                heading = line.lstrip("# ")
            elif line.strip():
                yield Found(name, path.stem, heading, line.strip())
