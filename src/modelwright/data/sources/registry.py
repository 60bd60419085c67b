"""The sources there are."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

from modelwright.data.sources.csv_files import CsvSource
from modelwright.data.sources.duckdb_files import DuckdbSource
from modelwright.data.sources.excel_files import ExcelSource
from modelwright.data.sources.json_files import JsonLinesSource
from modelwright.data.sources.locating import listed, located
from modelwright.data.sources.notes import Notes
from modelwright.data.sources.parquet_files import ParquetSource
from modelwright.data.sources.postgresql import PostgresqlSource
from modelwright.data.sources.remote import RemoteSource
from modelwright.data.sources.source import Asked, Opened, Source
from modelwright.data.sources.sqlite_files import SqliteSource
from modelwright.errors import SourceError
from modelwright.problem import ReadingOptions

SOURCES: tuple[Source, ...] = (
    CsvSource(),
    ParquetSource(),
    JsonLinesSource(),
    ExcelSource(),
    SqliteSource(),
    DuckdbSource(),
    PostgresqlSource(),
    RemoteSource(),
)
GROUP = "modelwright.sources"


@cache
def all_sources() -> tuple[Source, ...]:
    """Return every source: those that other packages add by an entry point first, then ours.

    Raises
    ------
    SourceError
        If an entry point names no source, or one whose name is in use.
    """
    found: list[Source] = []
    names = {source.name for source in SOURCES}
    for entry in entry_points(group=GROUP):
        source = entry.load()()
        if not all(hasattr(source, each) for each in ("name", "spellings", "takes_query", "takes", "open")):
            raise SourceError(
                f"entry point '{entry.name}' of {GROUP} is no source: {entry.value} lacks name, "
                "spellings, takes_query, takes or open; mend or remove the package that has it"
            )
        if source.name in names:
            raise SourceError(
                f"entry point '{entry.name}' of {GROUP} takes the name '{source.name}', which is in use"
            )
        names.add(source.name)
        found.append(source)
    return (*found, *SOURCES)


def open_source(text: str, options: ReadingOptions, notes: Notes) -> Opened:
    """Open what a source's text means.

    Raises
    ------
    SourceError
        If no source takes it, or it cannot be read.
    """
    every = all_sources()
    endings = tuple(text for source in every for text in source.spellings if text.startswith("."))
    asked = located(text, options, notes, endings)
    for source in every:
        if source.takes(asked):
            if options.query and not source.takes_query:
                raise SourceError(f"{asked.shown}: only databases take a query; leave it out")
            return source.open(asked)
    raise SourceError(_unknown(asked, every, endings))


def _unknown(asked: Asked, every: tuple[Source, ...], endings: tuple[str, ...]) -> str:
    kinds = sorted(
        {
            source.name
            for source in every
            for file in asked.files
            if file.name.lower().endswith(source.spellings)
        }
    )
    if len(kinds) > 1:
        several = ", ".join(kinds)
        return f"{asked.shown}: the files are of several kinds ({several}); name those of one, as in *.csv"
    if asked.files:
        return f"{asked.shown}: the ending names no known format; known are {listed(endings)}"
    schemes = ", ".join(text for source in every for text in source.spellings if "://" in text)
    return f"{asked.shown}: no source has URLs that begin so; known are {schemes}"
