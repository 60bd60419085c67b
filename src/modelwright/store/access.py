"""Who may ask, and who did what: keys that are kept as hashes, and a log whose entries hang together."""

from __future__ import annotations

import getpass
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from modelwright.errors import StoreError
from modelwright.store.access_records import ApiKey, LogEntry, Scope, Verified
from modelwright.store.database import Database, now

if TYPE_CHECKING:
    from sqlalchemy import Connection

_PREFIX = "mw"
_SECRET_BYTES = 32  # 256 bits of chance: a fast hash is enough, since none can be guessed
_START = "0" * 64
_encoder = msgspec.json.Encoder(order="sorted")


class AccessRecords(Database):
    """API keys and the log."""

    def add_key(
        self, name: str, scopes: Sequence[Scope], expires: datetime | None = None
    ) -> tuple[ApiKey, str]:
        """Make an API key.

        Parameters
        ----------
        name : str
            Whose it is; several keys may have one name, so that one can take over from the other.
        scopes : sequence of {"predict", "feedback", "admin"}
        expires : datetime, optional

        Returns
        -------
        tuple of ApiKey and str
            What is kept, and the key itself, which is kept nowhere.
        """
        from modelwright.store.schema import api_key

        identity = secrets.token_hex(8)
        text = f"{_PREFIX}_{identity}_{secrets.token_urlsafe(_SECRET_BYTES)}"
        made = ApiKey(identity, now(), name, tuple(sorted(set(scopes))), key_hash(text), expires)
        with self._writing() as connection:
            connection.execute(api_key.insert(), asdict(made))
            log(connection, "key added", {"key": identity, "name": name, "scopes": list(made.scopes)})
        return made, text

    def revoke_key(self, identity: str) -> None:
        """Let a key open nothing from now on.

        Raises
        ------
        StoreError
            If there is no such key in force.
        """
        from modelwright.store.schema import api_key

        this = (api_key.c.id == identity) & api_key.c.revoked.is_(None)
        with self._writing() as connection:
            done = connection.execute(api_key.update().where(this).values(revoked=now()))
            if not done.rowcount:
                raise StoreError(f"no key in force is called '{identity}'; `modelwright key list` lists them")
            log(connection, "key revoked", {"key": identity})

    def list_keys(self) -> list[ApiKey]:
        """List all keys that ever were, oldest first."""
        from modelwright.store.schema import api_key

        rows = self._all(api_key.select(), api_key)
        return [ApiKey(**row | {"scopes": tuple(row["scopes"])}) for row in rows]

    # ---- the log

    def add_log(self, act: str, body: dict[str, Any]) -> None:
        """Write down who did what."""
        with self._writing() as connection:
            log(connection, act, body)

    def log_entries(self) -> list[LogEntry]:
        """List the log, oldest first."""
        from modelwright.store.schema import log_entry

        with self._reading() as connection:
            rows = connection.execute(log_entry.select().order_by(log_entry.c.seq)).mappings().all()
        return [LogEntry(**row) for row in rows]

    def verify_log(self, expected: str | None = None) -> Verified:
        """Say whether the log is as it was written.

        Parameters
        ----------
        expected : str, optional
            The hash of an entry that was noted elsewhere. The chain alone can't show that its newest entries
            were cut off, or that all of it was written anew.
        """
        before, entries = _START, self.log_entries()
        for place, each in enumerate(entries, start=1):
            if each.seq != place:
                return Verified(len(entries), before, f"entry {place} is missing")
            if each.previous != before or each.hash != _hash(each):
                return Verified(len(entries), before, f"entry {place} ({each.act}, {each.at}) was changed")
            before = each.hash
        if expected is not None and expected not in {each.hash for each in entries}:
            return Verified(len(entries), before, f"no entry has the hash {expected}")
        return Verified(len(entries), before, None)


def log(connection: Connection, act: str, body: dict[str, Any]) -> None:
    """Write down who did what, in the transaction that does it."""
    from modelwright.store.schema import log_entry

    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        connection.exec_driver_sql("LOCK TABLE log_entry IN EXCLUSIVE MODE")
    newest = (
        connection.execute(log_entry.select().order_by(log_entry.c.seq.desc()).limit(1)).mappings().first()
    )
    seq, before = (1, _START) if newest is None else (newest["seq"] + 1, newest["hash"])
    made = LogEntry(seq, now(), _who(), act, body, before, "")
    connection.execute(log_entry.insert(), asdict(made) | {"hash": _hash(made)})


def key_hash(text: str) -> str:
    """Return what is kept of an API key."""
    return hashlib.sha256(text.encode()).hexdigest()


def key_identity(text: str) -> str | None:
    """Return which key a text claims to be, or None where it is none."""
    parts = text.split("_", 2)
    return parts[1] if len(parts) == 3 and parts[0] == _PREFIX else None


def _hash(entry: LogEntry) -> str:
    stated = [entry.seq, entry.at.isoformat(), entry.who, entry.act, entry.body, entry.previous]
    return hashlib.sha256(_encoder.encode(stated)).hexdigest()


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
