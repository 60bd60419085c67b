"""From the text of a source to what is asked for: files of this machine, or a URL."""

from __future__ import annotations

import glob
import os
import shutil
import tempfile
import weakref
from pathlib import Path

from modelwright.data.sources.notes import Notes
from modelwright.data.sources.source import Asked
from modelwright.data.sources.text import COMPRESSIONS
from modelwright.errors import SourceError
from modelwright.problem import ReadingOptions, expanded, is_url, masked

_PATTERN = "*?["


def located(text: str, options: ReadingOptions, notes: Notes, endings: tuple[str, ...]) -> Asked:
    """Find out what a source's text means.

    Parameters
    ----------
    text : str
        A path, a pattern, a folder or a URL, with ``#PART`` for a sheet or a table.
    options : ReadingOptions
    notes : Notes
    endings : tuple of str
        Of the files that are known; in a folder, others are passed over.

    Raises
    ------
    SourceError
        If there is nothing.
    """
    shown = masked(text)
    if is_url(text):
        whole, _, part = expanded(text).partition("#")
        return Asked(whole, shown, part=part, options=options, notes=notes)
    if "\0" in text:
        raise SourceError(f"{text!r}: a path has no NUL bytes; check the path")
    path = Path(text).expanduser()
    part = ""
    if not path.exists() and "#" in text:
        before, _, part = text.rpartition("#")
        path = Path(before).expanduser()
    files = _files(path, endings)
    return Asked(str(path), shown, part=part, files=files, options=options, notes=notes)


def _files(path: Path, endings: tuple[str, ...]) -> tuple[Path, ...]:
    if path.is_file():
        return (path,)
    if path.is_dir():
        found = _within(path, endings)
        if not found:
            raise SourceError(
                f"{path}: is a folder without files of a known format; known are {listed(endings)}"
            )
        return found
    if any(mark in str(path) for mark in _PATTERN):
        matched = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 - absolute patterns too
        if not matched:
            raise SourceError(f"{path}: no file is named so; check the pattern")
        return tuple(file for name in matched for file in _matched(Path(name), endings))
    raise SourceError(f"{path}: there is no such file; check the path")


def _matched(path: Path, endings: tuple[str, ...]) -> tuple[Path, ...]:
    return _within(path, endings) if path.is_dir() else (path,)


def _within(folder: Path, endings: tuple[str, ...]) -> tuple[Path, ...]:
    """Return the files of known formats in a folder and below it, without hidden ones."""
    found = []
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
        found += [
            Path(place, name)
            for name in sorted(files)
            if not name.startswith((".", "_")) and name.lower().endswith(endings)
        ]
    return tuple(sorted(found))


def listed(endings: tuple[str, ...]) -> str:
    """Name endings for people."""
    plain = [ending for ending in endings if not ending.endswith(COMPRESSIONS)]
    return f"{', '.join(plain)} (texts also with {', '.join(COMPRESSIONS)})"


def scratch(owner: object) -> Path:
    """Return a folder that is gone when its owner is."""
    folder = Path(tempfile.mkdtemp(prefix="modelwright-"))
    weakref.finalize(owner, shutil.rmtree, folder, ignore_errors=True)
    return folder
