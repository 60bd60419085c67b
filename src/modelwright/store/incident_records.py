"""What the operations database keeps of incidents: alarms that belong together, and who was told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

IncidentStatus = Literal["open", "acknowledged", "closed"]
IncidentAct = Literal["opened", "joined", "worsened", "acknowledged", "closed", "reopened", "noted"]
DeliveryStatus = Literal["sending", "sent", "failed", "uncertain", "given up"]

TOLD: Final = ("opened", "worsened", "reopened", "closed")
"""The acts that people are told of; the others are theirs."""


@dataclass(frozen=True)
class Incident:
    """Alarms that began together or share a cause, and what people do about them.

    Attributes
    ----------
    id : str
    at : datetime
        When it was opened, in UTC.
    release : str
    title : str
        What is wrong, in one line.
    since : datetime or None
        When the trouble began, as estimated, in UTC.
    status : {"open", "acknowledged", "closed"}
        Nobody has seen it yet; somebody works on it; dealt with.
    owner : str
        Who acknowledged it; empty before.
    """

    id: str
    at: datetime
    release: str
    title: str
    since: datetime | None
    status: IncidentStatus = "open"
    owner: str = ""


@dataclass(frozen=True)
class IncidentEvent:
    """One act in the history of an incident.

    Attributes
    ----------
    id : str
    at : datetime
        When, in UTC.
    incident : str
    act : {"opened", "joined", "worsened", "acknowledged", "closed", "reopened", "noted"}
        ``joined``: more alarms; ``worsened``: more alarms, of a kind that is worse; ``noted``: a remark.
    by : str
        Who; ``modelwright`` for monitoring itself.
    reason : str
        Why, or what was remarked.
    alarms : list of str
        The alarms that came with it.
    """

    id: str
    at: datetime
    incident: str
    act: IncidentAct
    by: str
    reason: str
    alarms: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Silence:
    """For how long nobody is told of some alarms, and why. All that is given must match.

    Attributes
    ----------
    id : str
    at : datetime
        From when, in UTC.
    until : datetime
        Until when, in UTC.
    by : str
    reason : str
    incident, promise, column : str or None
        Which incident, which promise, which column.
    """

    id: str
    at: datetime
    until: datetime
    by: str
    reason: str
    incident: str | None = None
    promise: str | None = None
    column: str | None = None


@dataclass(frozen=True)
class Delivery:
    """One message about one act to one channel, reserved before it is sent.

    Attributes
    ----------
    notice : str
        The `IncidentEvent` that it tells of.
    channel : str
        Name of the channel.
    at : datetime
        When the newest attempt began, in UTC.
    status : {"sending", "sent", "failed", "uncertain", "given up"}
        ``failed`` is tried again; ``uncertain`` may have arrived, so that it is not.
    attempts : int
    due : datetime or None
        When it is tried again.
    error : str
        What went wrong at the newest attempt.
    """

    notice: str
    channel: str
    at: datetime
    status: DeliveryStatus
    attempts: int
    due: datetime | None = None
    error: str = ""
