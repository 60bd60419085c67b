"""DuckDB databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl

from modelwright.data.sources.source import Asked, Opened, by_scheme
from modelwright.data.sources.statement import quoted, reason, statement, unique_names
from modelwright.errors import SourceError

if TYPE_CHECKING:
    import duckdb

SCHEME = "duckdb:///"
_AS_NUMBER = ("HUGEINT", "UHUGEINT", "BIGNUM", "VARINT")
_AS_TEXT = ("UUID", "BIT", "INTERVAL", "TIME WITH TIME ZONE", "UNION", "MAP", "JSON", "VARIANT")


class DuckdbSource:
    """A table or query of a DuckDB file, opened read-only and streamed."""

    name: ClassVar[str] = "DuckDB"
    spellings: ClassVar[tuple[str, ...]] = (SCHEME,)
    takes_query: ClassVar[bool] = True

    def takes(self, asked: Asked) -> bool:
        """Whether the URL begins so."""
        return by_scheme(asked, self.spellings)

    def open(self, asked: Asked) -> Opened:
        """Ask for the columns."""
        asks = statement(asked)
        with _connected(asked) as connection:
            described = connection.execute(f"DESCRIBE {asks}").fetchall()
            names = unique_names([row[0] for row in described], asked)
            plain = ", ".join(_plain(name, row[1]) for name, row in zip(names, described, strict=True))
            asks = f"SELECT {plain} FROM ({asks}) AS asked"  # noqa: S608 - quoted
            schema = next(_parts(connection, f"{asks} LIMIT 0", 1)).schema

        def batches(rows: int) -> Iterator[pl.DataFrame]:
            with _connected(asked) as connection:
                yield from _parts(connection, asks, rows)

        return Opened(schema, batches)


@contextmanager
def _connected(asked: Asked) -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb

    path = Path(asked.text[len(SCHEME) :])
    if not path.is_file():
        raise SourceError(f"{asked.shown}: there is no such file; check the path")
    try:
        connection = duckdb.connect(str(path), read_only=True)
        try:
            yield connection
        finally:
            connection.close()
    except duckdb.Error as error:
        said = reason(error, asked)
        raise SourceError(f"{asked.shown}: {said}; check the table or the query") from error


def _plain(name: str, kind: str) -> str:
    """Return a column as a type that tables have."""
    if kind.startswith(_AS_NUMBER):
        return f"CAST({quoted(name)} AS DOUBLE) AS {quoted(name)}"
    if kind.startswith(_AS_TEXT):
        return f"CAST({quoted(name)} AS VARCHAR) AS {quoted(name)}"
    return quoted(name)


def _parts(connection: duckdb.DuckDBPyConnection, asks: str, rows: int) -> Iterator[pl.DataFrame]:
    """Yield an empty frame with the schema, then the rows."""
    relation: Any = connection.sql(asks)
    # What DuckDB 2 calls to_arrow_reader was fetch_record_batch before.
    stream = getattr(relation, "to_arrow_reader", None) or relation.fetch_record_batch
    reader = stream(rows)
    yield _frame(reader.schema.empty_table())
    for batch in reader:
        yield _frame(batch)


def _frame(table: Any) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table is a frame
    return frame
