"""A to-do as a file has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Noted:
    """One to-do in a file.

    Attributes
    ----------
    key : str
        Its identifier; empty where the file gives none.
    words : str
    due : date or None
    done : datetime or None
        When it was done; None while it is open.
    at : datetime
        When it was noted.
    """

    key: str
    words: str
    due: date | None
    done: datetime | None
    at: datetime
