"""SQLite databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

import polars as pl

from modelwright.data.sources.source import Asked, Opened, by_scheme
from modelwright.data.sources.statement import quoted, reason, statement, unique_names
from modelwright.errors import SourceError
from modelwright.problem import Finding

SCHEME = "sqlite:///"


class SqliteSource:
    """A table or query of a SQLite file, opened read-only.

    SQLite lets each cell have a type of its own, so the type of a column is decided by all of its cells.
    """

    name: ClassVar[str] = "SQLite"
    spellings: ClassVar[tuple[str, ...]] = (SCHEME,)
    takes_query: ClassVar[bool] = True

    def takes(self, asked: Asked) -> bool:
        """Whether the URL begins so."""
        return by_scheme(asked, self.spellings)

    def open(self, asked: Asked) -> Opened:
        """Ask for the columns and the types of their cells."""
        asks = statement(asked)
        with _connected(asked) as connection:
            schema = _schema(connection, asks, asked)
        names = schema.names()

        def batches(rows: int) -> Iterator[pl.DataFrame]:
            with _connected(asked) as connection:
                cursor = connection.execute(asks)
                while part := cursor.fetchmany(rows):
                    cells = zip(*part, strict=True)
                    yield pl.DataFrame(
                        [
                            _series(name, list(each), schema[name])
                            for name, each in zip(names, cells, strict=True)
                        ]
                    )

        return Opened(schema, batches)


class _connected:  # noqa: N801 - reads as a verb where it is used
    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._path = Path(asked.text[len(SCHEME) :])

    def __enter__(self) -> sqlite3.Connection:
        if not self._path.is_file():
            raise SourceError(f"{self._asked.shown}: there is no such file; check the path")
        try:
            self._connection = sqlite3.connect(f"file:{quote(str(self._path.resolve()))}?mode=ro", uri=True)
        except sqlite3.Error as error:
            raise SourceError(f"{self._asked.shown}: {reason(error, self._asked)}; check the file") from error
        self._connection.text_factory = lambda text: text.decode("utf-8", errors="replace")
        return self._connection

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        with closing(self._connection):
            if isinstance(error, sqlite3.Error):
                raise SourceError(
                    f"{self._asked.shown}: {reason(error, self._asked)}; check the table or the query"
                ) from error


def _schema(connection: sqlite3.Connection, asks: str, asked: Asked) -> pl.Schema:
    described = connection.execute(f"SELECT * FROM ({asks}) LIMIT 0").description  # noqa: S608 - the user's own
    names = unique_names([each[0] for each in described], asked)
    found: dict[str, pl.DataType] = {}
    at_once = 400  # SQLite takes 2,000 columns in a statement
    for start in range(0, len(names), at_once):
        part = names[start : start + at_once]
        kinds = ", ".join(f"group_concat(DISTINCT typeof({quoted(name)}))" for name in part)
        row = connection.execute(f"SELECT {kinds} FROM ({asks})").fetchone()  # noqa: S608 - quoted
        for name, listed in zip(part, row, strict=True):
            found[name] = _dtype(name, set((listed or "").split(",")) - {"", "null"}, asked)
    return pl.Schema(found)


def _dtype(name: str, kinds: set[str], asked: Asked) -> pl.DataType:
    if kinds == {"integer"}:
        return pl.Int64()
    if kinds and kinds <= {"integer", "real"}:
        return pl.Float64()
    if kinds == {"blob"}:
        return pl.Binary()
    if len(kinds) > 1:
        asked.notes.remark(
            Finding(
                code="MW-S013",
                severity="warning",
                column=name,
                message=f"{asked.shown}, column '{name}': values of several types are read as text",
                advice="Give the column one type at the source.",
            )
        )
    return pl.String()


def _series(name: str, cells: list[Any], dtype: pl.DataType) -> pl.Series:
    if dtype == pl.String:
        cells = [_text(cell) for cell in cells]
    return pl.Series(name, cells, dtype=dtype, strict=False)


def _text(cell: Any) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    return cell.decode("utf-8", errors="replace") if isinstance(cell, bytes) else str(cell)
