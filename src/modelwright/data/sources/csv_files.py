"""CSV files: any delimiter, quotes, encoding and marks of numbers; plain or compressed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import polars as pl

from modelwright.data.sources.csv_dialect import Dialect, dialect_of
from modelwright.data.sources.csv_records import Records
from modelwright.data.sources.csv_types import CsvTypes
from modelwright.data.sources.files import absent_columns
from modelwright.data.sources.source import Asked, Opened, by_ending
from modelwright.data.sources.text import COMPRESSIONS, SINGLE_BYTE, blocks, encoding_of, head
from modelwright.errors import SourceError
from modelwright.problem import Finding

_HELD = 32 << 20
"""Bytes of text that are kept rather than parsed twice."""
_MOST_BROKEN = 0.5
_PutRow = Callable[[str, int, str, str], None]
_KINDS = (".csv", ".tsv", ".txt")


class CsvSource:
    """CSV. A column's type is decided by all of its rows, so a file is read twice unless it is small.

    Whole numbers with leading zeros, and those of more than 18 digits, stay text: they are codes.
    """

    name: ClassVar[str] = "CSV"
    spellings: ClassVar[tuple[str, ...]] = tuple(
        kind + compression for kind in _KINDS for compression in ("", *COMPRESSIONS)
    )
    takes_query: ClassVar[bool] = False

    def takes(self, asked: Asked) -> bool:
        """Whether the names of the files end so."""
        return by_ending(asked, self.spellings)

    def open(self, asked: Asked) -> Opened:
        """Learn the dialect and the types."""
        files = [_File(path, asked) for path in asked.files]
        names = absent_columns({file.shown: file.names for file in files}, asked.notes)
        types = CsvTypes(names, asked.options)
        held: list[pl.DataFrame] | None = []
        size = rows = 0
        for file in files:
            for frame in file.frames(names, asked.notes.put):
                types.learn(frame)
                rows += frame.height
                size += int(frame.estimated_size())
                held = [*held, frame] if held is not None and size <= _HELD else None
        _refuse_mostly_broken(rows, asked)
        schema = types.decide(asked.shown, asked.notes)

        def batches(most: int) -> Iterator[pl.DataFrame]:
            again = (frame for file in files for frame in file.frames(names, _passed_over))
            for frame in again if held is None else held:
                yield from types.typed(frame).iter_slices(most)

        return Opened(schema, batches)


class _File:
    """One CSV file."""

    def __init__(self, path: Path, asked: Asked) -> None:
        self.path = path
        self.shown = str(path)
        self._encoding = asked.options.encoding or encoding_of(path)
        if self._encoding == SINGLE_BYTE and not asked.options.encoding:
            asked.notes.remark(_single_byte(self.shown))
        self._dialect: Dialect = dialect_of(
            head(path, self._encoding), path, self.shown, asked.options, asked.notes
        )
        self.names = self._dialect.names

    def frames(self, names: tuple[str, ...], put_aside: _PutRow) -> Iterator[pl.DataFrame]:
        """Yield frames of text with the columns of all files, by position."""
        records = Records(self._dialect, lambda line, code, text: put_aside(self.shown, line, code, text))
        place = {name: str(at) for at, name in enumerate(self.names)}
        for frame in records.frames(blocks(self.path, self._encoding)):
            if names == self.names:
                yield frame
            else:
                yield frame.select(
                    (pl.col(place[name]) if name in place else pl.lit(None, pl.String)).alias(str(at))
                    for at, name in enumerate(names)
                )


def _passed_over(file: str, line: int, code: str, text: str) -> None:
    """Pass over a row that was put aside before."""


def _refuse_mostly_broken(rows: int, asked: Asked) -> None:
    broken = asked.notes.put_aside
    if broken > _MOST_BROKEN * (rows + broken):
        worst = asked.notes.findings[0]
        raise SourceError(
            f"{asked.shown}: {broken:,} of {rows + broken:,} rows can't be read: {worst.message}. Look at "
            "the file, or state delimiter, quote and encoding under [data] in modelwright.toml"
        )


def _single_byte(shown: str) -> Finding:
    return Finding(
        code="MW-S006",
        severity="info",
        message=f"{shown} is not UTF-8 and is read as Windows-1252",
        advice="State another encoding under [data] in modelwright.toml if letters look wrong.",
    )
