"""Bring the operations database to the newest schema, once, however many processes open it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from modelwright.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

HEAD = "0006"

_SCRIPTS = Path(__file__).with_name("migrations")
_upgrading = threading.Lock()  # Alembic's environment is one for the whole process
_ADVISORY_LOCK = 0x4D6F64656C777269  # "Modelwri", the name of our lock in PostgreSQL


def migrate(engine: Engine) -> None:
    """Run the migrations that are missing, in one transaction under a lock.

    A database that is up to date costs one query, and Alembic isn't imported.

    Parameters
    ----------
    engine : Engine
        Its transactions take the write lock at once where the database is SQLite.

    Raises
    ------
    StoreError
        If the database was written by a newer Modelwright.
    """
    with engine.connect().execution_options(reading=True) as connection:
        if _version(connection) == HEAD:
            return
    with _upgrading, engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
        if _version(connection) != HEAD:  # another process may have been first
            _upgrade(connection)


def _version(connection: Connection) -> str | None:
    from sqlalchemy import inspect, text

    if not inspect(connection).has_table("alembic_version"):
        return None
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if version is None else str(version)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            f"the operations database has schema {_version(connection)}, but this Modelwright knows only "
            f"up to {HEAD}; install the newer Modelwright that wrote it"
        ) from error
