"""One thing to deal with."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Any, Literal

Section = Literal["stopped", "happened", "due"]


class Urgency(IntEnum):
    """How soon something wants to be dealt with, where no money says it."""

    ALARM = 0
    FAILED = 1
    OVERDUE = 2
    SOON = 3
    WAITS = 4
    OPEN = 5
    NEWS = 6


@dataclass(frozen=True)
class Item:
    """One thing to deal with, or to know.

    Attributes
    ----------
    key : str
        What it is about, the same on every day: ``alarm:ID``, ``todo_ID``, ``build:RUN``.
    project : str
        Name of the project.
    section : {"stopped", "happened", "due"}
        Where work stopped, what happened since, what is due.
    words : str
        What it is.
    command : str
        The one command that deals with it.
    urgency : Urgency
    at : datetime or None
        When it came up, in UTC.
    due : date or None
    cost_a_day : float or None
        What a day without dealing with it is expected to cost, in `currency`; None where nobody knows.
    currency : str
    person : bool
        Whether a person noted it; it then stays until it is done. What the state raises goes by itself.
    """

    key: str
    project: str
    section: Section
    words: str
    command: str
    urgency: Urgency
    at: datetime | None = None
    due: date | None = None
    cost_a_day: float | None = None
    currency: str = ""
    person: bool = False

    @property
    def short(self) -> str:
        """Six letters to call it by."""
        return self.short_of(self.key)

    @staticmethod
    def short_of(key: str) -> str:
        """Return the six letters that a key is called by."""
        return hashlib.sha256(key.encode()).hexdigest()[:6]

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON, with its short name."""
        return {**vars(self), "short": self.short, "urgency": self.urgency.name.lower()}

    def rank(self) -> tuple[object, ...]:
        """Return by what items are put in order: the dearest first, then the most urgent, then the oldest."""
        cost = self.cost_a_day or 0.0
        due = self.due or date.max
        at = self.at.timestamp() if self.at else 0.0
        return (self.urgency == Urgency.NEWS, -cost, self.urgency, due, at, self.key)
