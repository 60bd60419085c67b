"""A stream that comes once, put into a file that can be read as often as needed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from modelwright.errors import SourceError

_HEAD = 1 << 16


@contextmanager
def spooled(stream: BinaryIO) -> Iterator[Path]:
    """Put a stream into a file, private to its owner, that is removed in the end.

    The type of a CSV column is decided by all of its rows, so a stream is walked twice. On its way it is in
    memory a piece at a time.

    Parameters
    ----------
    stream : binary file
        CSV (also compressed by gzip), JSON lines or Parquet; its first bytes tell which.

    Raises
    ------
    SourceError
        If nothing comes.
    """
    head = stream.read(_HEAD)
    if not head.strip():
        raise SourceError("standard input is empty; pipe CSV with a header, or JSON lines, into the command")
    with tempfile.TemporaryDirectory(prefix="modelwright-") as folder:
        path = Path(folder, f"standard-input{_ending(head)}")
        with path.open("wb") as file:
            file.write(head)
            shutil.copyfileobj(stream, file)
        yield path


def _ending(head: bytes) -> str:
    if head.startswith(b"PAR1"):
        return ".parquet"
    if head.startswith(b"\x1f\x8b"):
        return ".csv.gz"
    return ".jsonl" if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{") else ".csv"
