"""What is kept of keys and of the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Scope = Literal["predict", "feedback", "admin"]


@dataclass(frozen=True)
class ApiKey:
    """A key to the server; the key itself is kept nowhere.

    Attributes
    ----------
    id : str
        Part of the key, to find it by.
    at : datetime
        When it was made, in UTC.
    name : str
        Whose it is.
    scopes : tuple of {"predict", "feedback", "admin"}
        What it opens; ``admin`` opens all.
    hash : str
        SHA-256 of the key.
    expires, revoked : datetime or None
        When it opens nothing any more, in UTC.
    """

    id: str
    at: datetime
    name: str
    scopes: tuple[Scope, ...]
    hash: str
    expires: datetime | None = None
    revoked: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Say whether it opens anything at an instant."""
        return self.revoked is None and (self.expires is None or at < self.expires)


@dataclass(frozen=True)
class LogEntry:
    """Who did what; each entry holds the hash of the one before.

    Attributes
    ----------
    seq : int
        Place in the log, from 1.
    at : datetime
        In UTC.
    who : str
        The user of the operating system.
    act : str
    body : dict
        As JSON.
    previous, hash : str
        SHA-256 of the entry before, and of this one with that.
    """

    seq: int
    at: datetime
    who: str
    act: str
    body: dict[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True)
class Verified:
    """Whether the log is as it was written.

    Attributes
    ----------
    entries : int
    head : str
        Hash of the newest entry that is as it was written; note it elsewhere.
    fault : str or None
        What is not as it was written.
    """

    entries: int
    head: str
    fault: str | None

    @property
    def holds(self) -> bool:
        """Whether all of it is."""
        return self.fault is None
