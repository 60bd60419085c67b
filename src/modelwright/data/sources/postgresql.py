"""PostgreSQL, as a stream of Arrow batches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import polars as pl

from modelwright.data.sources.source import Asked, Opened, by_scheme
from modelwright.data.sources.statement import quoted, reason, statement, unique_names
from modelwright.errors import SourceError

_PLAIN = frozenset(
    {"bool", "int2", "int4", "int8", "float4", "float8", "text", "varchar", "bpchar", "name", "bytea", "date"}
    | {"time", "timestamp", "timestamptz"}
)
_NUMBER = frozenset({"numeric", "money"})
_BYTES = 8 << 20
"""Of a batch as the driver makes it."""


class PostgresqlSource:
    """A table or query of a PostgreSQL server, in a read-only transaction and streamed.

    ``numeric`` and ``money`` become float64, arrays lists, times with a zone UTC, and whatever no table has a
    type for (``json``, ``uuid``, ``interval``, ranges, ...) its text.
    """

    name: ClassVar[str] = "PostgreSQL"
    spellings: ClassVar[tuple[str, ...]] = ("postgresql://", "postgres://")
    takes_query: ClassVar[bool] = True

    def takes(self, asked: Asked) -> bool:
        """Whether the URL begins so."""
        return by_scheme(asked, self.spellings)

    def open(self, asked: Asked) -> Opened:
        """Ask for the columns."""
        asks = statement(asked)
        with _cursor(asked) as cursor:
            described = cursor.adbc_execute_schema(f"SELECT * FROM (\n{asks}\n) AS asked LIMIT 0")  # noqa: S608
            unique_names(described.names, asked)
            plain = ", ".join(_plain(field) for field in described)
            asks = f"SELECT {plain or 'NULL'} FROM (\n{asks}\n) AS asked"  # noqa: S608 - quoted
            cursor.execute(f"{asks} LIMIT 0")
            schema = _frame(cursor.fetch_arrow_table()).schema

        def batches(rows: int) -> Iterator[pl.DataFrame]:
            with _cursor(asked) as cursor:
                cursor.adbc_statement.set_options(**{"adbc.postgresql.batch_size_hint_bytes": _BYTES})
                cursor.execute(asks)
                for batch in cursor.fetch_record_batch():
                    yield from _frame(batch).iter_slices(rows)

        return Opened(schema, batches)


@contextmanager
def _cursor(asked: Asked) -> Iterator[Any]:
    import pyarrow as pa
    from adbc_driver_manager import Error
    from adbc_driver_postgresql import dbapi

    try:
        with dbapi.connect(asked.text) as connection, connection.cursor() as cursor:
            # What a person asks for is run as it is, so the server itself must refuse to change anything.
            cursor.execute("SET TRANSACTION READ ONLY")
            try:
                yield cursor
            finally:
                connection.rollback()
    except (Error, pa.ArrowException) as error:
        said = reason(error, asked)
        raise SourceError(f"{asked.shown}: {said}; check the server, the table or the query") from error


def _plain(field: Any) -> str:
    """Return a column as a type that tables have."""
    name, kind = quoted(field.name), _kind(field)
    if kind.removeprefix("_") in _PLAIN:
        return name
    if kind.removeprefix("_") in _NUMBER:
        through = f"{name}::numeric" if kind == "money" else name
        return f"{through}::float8{'[]' if kind.startswith('_') else ''} AS {name}"
    return f"{name}::text{'[]' if kind.startswith('_') else ''} AS {name}"


def _kind(field: Any) -> str:
    """Return PostgreSQL's own name of a column's type; an array's begins with ``_``."""
    stated = (field.metadata or {}).get(b"POSTGRESQL:type", b"")
    return str(stated.decode())


def _frame(table: Any) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table is a frame
    return frame
