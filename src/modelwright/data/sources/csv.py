"""CSV files, plain or compressed by gzip."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections import Counter
from pathlib import Path
from typing import ClassVar

import polars as pl

from modelwright.data.guess import LEADING_ZERO
from modelwright.errors import SourceError

_SEPARATORS = ",;\t|"
_HEAD_CHARACTERS = 100_000


class CsvSource:
    """CSV with a header, in UTF-8, separated by comma, semicolon, tab or bar; empty cells are missing.

    A column's type is decided by all of its rows. Whole numbers with leading zeros stay text: they are codes.
    """

    endings: ClassVar[tuple[str, ...]] = (".csv", ".csv.gz", ".tsv", ".tsv.gz")

    def read(self, path: Path) -> pl.DataFrame:
        """Read a file."""
        content = _content(path)
        separator = _separator(content, path)
        try:
            frame = pl.read_csv(content, separator=separator, infer_schema_length=None)
            return _with_codes(frame, content, separator)
        except pl.exceptions.PolarsError as error:
            reason = str(error).splitlines()[0]
            raise SourceError(
                f"{path}: can't be read as CSV with '{separator}' between columns: {reason}; "
                "give every row as many cells as the header has"
            ) from error


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise SourceError(f"{path}: the compressed file is damaged: {error}; copy it again") from error
    content = content.removeprefix(b"\xef\xbb\xbf")
    if not content.strip():
        raise SourceError(f"{path}: is empty; a CSV file starts with a line of column names")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SourceError(
            f"{path}: line {line} is not UTF-8; convert the file, e.g. `iconv -f WINDOWS-1252 -t UTF-8`"
        ) from error
    return content


def _separator(content: bytes, path: Path) -> str:
    """Return what separates the header's names, and refuse two columns of one name."""
    head = content[: 4 * _HEAD_CHARACTERS].decode("utf-8", errors="ignore")[:_HEAD_CHARACTERS]
    separator = max(_SEPARATORS, key=lambda each: len(_first_row(head, each)))
    names = Counter(_first_row(head, separator))
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        raise SourceError(f"{path}: the header names '{twice[0]}' twice; give each column its own name")
    return separator


def _first_row(head: str, separator: str) -> list[str]:
    return next(csv.reader(io.StringIO(head, newline=""), delimiter=separator), [])


def _with_codes(frame: pl.DataFrame, content: bytes, separator: str) -> pl.DataFrame:
    numbers = [name for name, dtype in frame.schema.items() if dtype.is_integer()]
    if not numbers:
        return frame
    texts = pl.read_csv(content, separator=separator, columns=numbers, infer_schema=False)
    codes = [each for each in texts if each.str.contains(LEADING_ZERO).any()]
    return frame.with_columns(codes)
