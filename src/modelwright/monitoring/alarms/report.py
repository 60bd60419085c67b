"""An incident as people read it: what broke, since when, how strongly, why, what it costs and what to do."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

Severity = Literal["critical", "warning"]

RANKS = {"performance": 0, "score": 1, "label": 1, "missing": 2, "unseen": 2, "out of range": 2, "drift": 3}
"""How bad a broken promise is: what follows from mistakes first, then what may lead to some."""


class Driver(BaseModel):
    """A group of rows in which the change is concentrated.

    Attributes
    ----------
    column : str
    value : str or None
        Which group; None where the column is protected.
    share_of_rows : float
    share_of_change : float
        How much of the change is due to these rows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    value: str | None
    share_of_rows: float
    share_of_change: float

    @property
    def words(self) -> str:
        """The same for people."""
        which = "one of its groups" if self.value is None else f"'{self.value}'"
        return (
            f"{100 * self.share_of_change:.0f} % of the change is in rows whose '{self.column}' is {which}, "
            f"which are {100 * self.share_of_rows:.0f} % of the rows"
        )


class Effect(BaseModel):
    """What changed in the labelled rows from before to after the trouble began.

    Attributes
    ----------
    measure : {"accuracy", "mean absolute error", "cost"}
    before, after : float
        Mean per row.
    low, high : float
        Limits at 95 % of `after` less `before`, for the estimated beginning.
    rows_before, rows_after : int
        Labelled rows.
    per_day : float
        `after` less `before`, times the predictions of a day.
    words : str
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    measure: Literal["accuracy", "mean absolute error", "cost"]
    before: float
    after: float
    low: float
    high: float
    rows_before: int
    rows_after: int
    per_day: float
    words: str


class AlarmReport(BaseModel):
    """One alarm of an incident.

    Attributes
    ----------
    id, code, promise, column, since, at, status
        As in the alarm.
    words : str
        Which promise broke and how strongly.
    evidence : float
        E-value against "nothing has changed" when it was raised; the alarm took `threshold`.
    threshold : float
    drivers : tuple of Driver
    effects : tuple of Effect
    advice : str
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    code: str
    promise: str
    column: str | None
    since: datetime | None
    at: datetime
    status: str
    words: str
    evidence: float
    threshold: float
    drivers: tuple[Driver, ...] = ()
    effects: tuple[Effect, ...] = ()
    advice: str = ""


class Act(BaseModel):
    """One line of the history of an incident.

    Attributes
    ----------
    at : datetime
    act, by, reason : str
    told : tuple of str
        What became of the messages about it, by channel.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime
    act: str
    by: str
    reason: str
    told: tuple[str, ...] = ()


class IncidentReport(BaseModel):
    """An incident with its alarms and its history.

    Attributes
    ----------
    id, release, title, status, owner, since, at
        As in the incident.
    severity : {"critical", "warning"}
        Critical where the model's own loss is above its promise.
    alarms : tuple of AlarmReport
        The worst first.
    silenced : str
        Until when nobody is told, and why; empty where somebody is.
    history : tuple of Act
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    release: str
    title: str
    status: str
    owner: str
    since: datetime | None
    at: datetime
    severity: Severity
    alarms: tuple[AlarmReport, ...]
    silenced: str = ""
    history: tuple[Act, ...] = ()

    @property
    def words(self) -> str:
        """What people need to know, from what broke to what to do."""
        since = "" if self.since is None else f"Since about {self.since:%Y-%m-%d %H:%M} UTC. "
        lines = [f"{since}{self._state}"]
        for alarm in self.alarms:
            lines.append(f"{alarm.code} {alarm.words}")
            lines += [f"  {each.words}" for each in alarm.drivers]
            lines += [f"  {each.words}" for each in alarm.effects]
        for advice in dict.fromkeys(alarm.advice for alarm in self.alarms if alarm.advice):
            lines.append(f"What to do: {advice}")
        return "\n".join(lines)

    @property
    def _state(self) -> str:
        state = (
            f"Acknowledged by {self.owner}." if self.status == "acknowledged" else f"{self.status.title()}."
        )
        return f"{state} Silenced {self.silenced}." if self.silenced else state
