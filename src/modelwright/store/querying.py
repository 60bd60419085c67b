"""A database read by plain SQL: SQLite files by Python's own driver, others by SQLAlchemy."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from modelwright.errors import StoreError
from modelwright.store.migrate import HEAD

Query = Callable[..., list[dict[str, Any]]]

_SQLITE = "sqlite:///"


@contextmanager
def opened(url: str, what: str) -> Iterator[Query]:
    """Open a database to read it; what is handed out takes a statement and its named values.

    Raises
    ------
    StoreError
        If it can't be read.
    """
    try:
        with _sqlite(url) if _is_file(url) else _by_sqlalchemy(url) as query:
            yield query
    except sqlite3.Error as error:
        raise StoreError(f"the {what} {url} cannot be read: {error}") from error


@contextmanager
def _sqlite(url: str) -> Iterator[Query]:
    path = quote(str(Path(url.removeprefix(_SQLITE)).absolute()))
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5.0)
    connection.row_factory = sqlite3.Row
    try:
        yield lambda sql, **given: [dict(row) for row in connection.execute(sql, given)]
    finally:
        connection.close()


@contextmanager
def _by_sqlalchemy(url: str) -> Iterator[Query]:
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    from modelwright.store.engine import open_engine

    engine = open_engine(url)
    try:
        with engine.connect().execution_options(reading=True) as connection:
            yield lambda sql, **given: [
                dict(row) for row in connection.execute(text(sql), given).mappings().all()
            ]
    except SQLAlchemyError as error:
        where = engine.url.render_as_string(hide_password=True)
        raise StoreError(f"{where} cannot be read: {error.args[0]}") from error
    finally:
        engine.dispose()


def bring_up_to_date(url: str) -> None:
    """Bring an operations database to the newest schema; one that is there already costs two queries."""
    if _is_file(url):
        with opened(url, "operations database") as query:
            known = query("SELECT name FROM sqlite_master WHERE name = 'alembic_version'")
            if known and query("SELECT version_num AS n FROM alembic_version") == [{"n": HEAD}]:
                return
    from modelwright.store.operations import Operations

    Operations(url).close()


def _is_file(url: str) -> bool:
    return url.startswith(_SQLITE) and "?" not in url


def exists(url: str) -> bool:
    """Whether there is anything to read: a project's own files are made when they are first needed."""
    return not _is_file(url) or Path(url.removeprefix(_SQLITE)).is_file()
