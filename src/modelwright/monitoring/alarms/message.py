"""What people are told of an incident, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from modelwright.monitoring.alarms.report import IncidentReport
from modelwright.store import IncidentEvent

_HEADS = {"opened": "New", "worsened": "Worse", "reopened": "Again", "closed": "Closed"}


@dataclass(frozen=True)
class Message:
    """One act in the history of an incident, as it is told.

    Attributes
    ----------
    id : str
        The act; the same message has the same identifier on every channel and at every attempt.
    act : str
        ``opened``, ``worsened``, ``reopened`` or ``closed``.
    at : datetime
        When that was, in UTC.
    model : str
        Name of the model, as in the brief.
    report : IncidentReport
        The incident as it is when the message is written.
    reason : str
        Why, where a person acted.
    """

    id: str
    act: str
    at: datetime
    model: str
    report: IncidentReport
    reason: str = ""

    @classmethod
    def of(cls, event: IncidentEvent, model: str, report: IncidentReport) -> Message:
        """Tell of an act."""
        return cls(event.id, event.act, event.at, model, report, event.reason)

    @property
    def head(self) -> str:
        """One line: what happened to what."""
        return f"[{self.model}] {_HEADS[self.act]}: {self.report.title}"

    @property
    def body(self) -> str:
        """The rest, for people."""
        lines = [self.reason, ""] if self.reason else []
        return "\n".join([*lines, self.report.words])

    def to_dict(self) -> dict[str, Any]:
        """Return the message as JSON types."""
        return {
            "message": self.id,
            "act": self.act,
            "at": self.at.isoformat(),
            "model": self.model,
            "head": self.head,
            "reason": self.reason,
            "incident": self.report.model_dump(mode="json"),
        }
