"""From any source to frames: whole, or in parts of one schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from modelwright.data.origin import Origin, shown
from modelwright.data.sources import Notes, from_table, open_source
from modelwright.data.tidying import Tidying
from modelwright.errors import SourceError
from modelwright.problem import Finding, ReadingOptions

ROWS = 65_536
_CELLS = 4_000_000
"""Most cells of a part: very wide tables come in fewer rows at a time."""


class Batches(Iterator[pl.DataFrame]):
    """The rows of a source, some at a time; it can be walked once.

    Parameters
    ----------
    schema : polars.Schema
        Of every part.
    parts : iterable of polars.DataFrame
    notes : Notes, optional
        What was noticed.

    Attributes
    ----------
    schema : polars.Schema
    notes : Notes
        Its findings are complete once all parts are read.
    """

    def __init__(self, schema: pl.Schema, parts: Iterable[pl.DataFrame], notes: Notes | None = None) -> None:
        self.schema = schema
        self.notes = notes or Notes()
        self._parts = iter(parts)

    def __next__(self) -> pl.DataFrame:
        return next(self._parts)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed so far: rows that were put aside, guesses about how the source is written, ..."""
        return self.notes.findings

    def whole(self) -> pl.DataFrame:
        """Return the rest as one frame."""
        parts = list(self)
        return pl.concat(parts) if parts else pl.DataFrame(schema=self.schema)


def batches(
    source: Any,
    *,
    rows: int = ROWS,
    query: str | None = None,
    options: ReadingOptions | None = None,
    quarantine: Path | None = None,
) -> Batches:
    """Read a source in parts, in memory that does not grow with it.

    Parameters
    ----------
    source : str, Path, Origin or table
        As for `read`.
    rows : int, default 65,536
        Most rows of a part; very wide tables have fewer.
    query : str, optional
        SQL, for databases; in place of the options' own.
    options : ReadingOptions, optional
        How it is to be read; by default that is found out.
    quarantine : Path, optional
        A file for the rows that cannot be read, as JSON lines; by default they are in ``notes.rows``.

    Returns
    -------
    Batches
        An iterator of frames with one schema; a source without rows gives none.

    Raises
    ------
    SourceError
        If it cannot be read; the message says what to do.
    """
    keeps_text = True
    if isinstance(source, Origin):
        options, quarantine = options or source.options, quarantine or source.quarantine
        source, keeps_text = source.text, source.keeps_text
    notes = Notes(quarantine, keeps_text=keeps_text)
    if not isinstance(source, str | Path):
        if query or (options is not None and options.query):
            raise SourceError("a table in memory takes no query; leave it out")
        frame = from_table(source)
        return _checked("the table", frame.schema, frame.iter_slices, notes, rows)
    options = options or ReadingOptions()
    if query:
        options = options.model_copy(update={"query": query})
    opened = open_source(str(source), options, notes)
    return _checked(shown(source), opened.schema, opened.batches, notes, rows)


def read(
    source: Any,
    *,
    query: str | None = None,
    options: ReadingOptions | None = None,
    quarantine: Path | None = None,
) -> pl.DataFrame:
    """Read a source whole.

    Parameters
    ----------
    source : str, Path, Origin or table
        A file, a pattern, a folder, or the URL of a file, table or database; or a pandas, Polars or Arrow
        table, or a DuckDB relation.
    query, options, quarantine
        As for `batches`.

    Returns
    -------
    polars.DataFrame
        The columns as they are, but NaN is null, and so are dates beyond the years 1 to 9999.

    Raises
    ------
    SourceError
        If it cannot be read; the message says what to do.

    Warns
    -----
    SourceWarning
        If rows were put aside.
    """
    parts = batches(source, rows=1 << 20, query=query, options=options, quarantine=quarantine)
    frame = parts.whole()
    parts.notes.warn()
    return frame


def _checked(shown: str, schema: pl.Schema, parts: Any, notes: Notes, rows: int) -> Batches:
    if not len(schema):
        raise SourceError(f"{shown} has no columns; hand over a table with a target and features")
    if "" in schema:
        raise SourceError(f"{shown} has a column without a name; give each column a name")
    broken = next((name for name in schema if "\0" in name), None)
    if broken is not None:
        raise SourceError(f"{shown}: the name of column {broken!r} has a NUL byte; rename it")
    pattern = next((name for name in schema if name.startswith("^") and name.endswith("$")), None)
    if pattern is not None:
        raise SourceError(f"{shown}: the name of column {pattern!r} reads as a pattern (^…$); rename it")
    tidying = Tidying(shown, schema, notes)
    most = max(1, min(rows, _CELLS // len(schema)))
    return Batches(schema, _tidied(partial(parts, most), tidying), notes)


def _tidied(parts: Any, tidying: Tidying) -> Iterator[pl.DataFrame]:
    for part in parts():
        if part.height:
            yield tidying.tidy(part)
