"""A database: how it is opened, read and written; what it keeps is for others to say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from modelwright.errors import StoreError
from modelwright.store.engine import open_engine
from modelwright.store.migrate import migrate

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select, Table


class Database:
    """An open database with the newest schema.

    Parameters
    ----------
    url : str
        SQLAlchemy URL: ``sqlite:///PATH``, or ``postgresql+psycopg://...``.

    Raises
    ------
    StoreError
        If the database cannot be opened, or was written by a newer Modelwright.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        try:
            with self._errors():
                migrate(self._engine)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def check_writable(self) -> None:
        """Raise `StoreError` where the database cannot be written now."""
        with self._writing() as connection:
            connection.exec_driver_sql("SELECT 1")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _add(self, table: Table, row: dict[str, Any]) -> None:
        with self._writing() as connection:
            connection.execute(table.insert(), row)

    def _all(self, statement: Select[Any], table: Table) -> list[dict[str, Any]]:
        with self._reading() as connection:
            rows = connection.execute(statement.order_by(table.c.at, table.c.id)).mappings().all()
        return [dict(row) for row in rows]

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._errors(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._errors(), self._engine.connect().execution_options(reading=True) as connection:
            yield connection

    @contextmanager
    def _errors(self) -> Iterator[None]:
        from sqlalchemy.exc import DBAPIError

        try:
            yield
        except DBAPIError as error:
            where = self._engine.url.render_as_string(hide_password=True)
            raise StoreError(f"the operations database {where} cannot be used: {error.orig}") from error


def now() -> datetime:
    """Return this instant, in UTC."""
    return datetime.now(UTC)
