"""Open a database so that what was committed survives a kill."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from modelwright.errors import StoreError
from modelwright.store.files import make_private_file

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

_WAIT_SECONDS = 30.0


def open_engine(url: str) -> Engine:
    """Open a database by its URL.

    SQLite is set to write-ahead logging with a sync at every commit, and writers wait for each other.

    Parameters
    ----------
    url : str
        SQLAlchemy URL, such as ``sqlite:///operations.db`` or ``postgresql+psycopg://user@host/name``.

    Raises
    ------
    StoreError
        If the URL cannot be understood, or its driver isn't installed.
    """
    from sqlalchemy import create_engine, event, make_url
    from sqlalchemy.exc import ArgumentError

    try:
        address = make_url(url)
        _make_folder(address)
        engine = create_engine(
            address,
            hide_parameters=True,  # rows must not end up in a log
            json_serializer=lambda content: msgspec.json.encode(content).decode(),
            json_deserializer=msgspec.json.decode,
        )
    except ArgumentError as error:
        raise StoreError(
            "the database URL cannot be read; expected something like sqlite:///operations.db"
        ) from error
    except ModuleNotFoundError as error:
        raise StoreError(f"the database needs the driver '{error.name}'; pip install {error.name}") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(address: URL) -> None:
    if address.get_backend_name() == "sqlite" and address.database not in {None, "", ":memory:"}:
        # SQLite gives its log and its index the permissions of the database.
        make_private_file(Path(address.database))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where _begin_sqlite says
    connection.execute(f"PRAGMA busy_timeout={int(_WAIT_SECONDS * 1000)}")
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _write_ahead(connection: Any) -> None:
    """Switch to write-ahead logging; SQLite doesn't wait for others here, whatever its timeout says."""
    from sqlite3 import OperationalError

    until = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at the start: a reader that turned writer later could not wait for it."""
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
