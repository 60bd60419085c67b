"""What the operations database keeps, one frozen record per table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal

ReleaseKind = Literal["deploy", "rollback", "promote", "shadow", "canary"]
RolloutStatus = Literal["running", "promoted", "rolled back", "withdrawn", "superseded"]
AlarmStatus = Literal["open", "closed"]

IN_FULL: Final = ("deploy", "rollback", "promote")
"""Kinds of releases that answer in production; the others stand beside one of these."""


@dataclass(frozen=True)
class Look:
    """One opening of the vault.

    Attributes
    ----------
    id : str
    at : datetime
        When, in UTC.
    snapshot : str
        Hash of the snapshot whose vault was opened.
    run : str
        The run for which it was opened.
    reason : str
        Why.
    """

    id: str
    at: datetime
    snapshot: str
    run: str
    reason: str


@dataclass(frozen=True)
class Release:
    """A package put to use.

    Attributes
    ----------
    id : str
    at : datetime
        When, in UTC.
    run : str
        The run that built the package.
    package : str
        Folder of the package.
    version : int or None
        Version in the model registry.
    verdict : dict
        What the gate said, as JSON.
    replaced : str or None
        The release that was current before; None for a trial.
    kind : {"deploy", "rollback", "promote", "shadow", "canary"}
        Through the gate, back to an earlier one, or after a trial; or on trial, in the shadow of the current
        release or for a part of its requests.
    """

    id: str
    at: datetime
    run: str
    package: str
    version: int | None
    verdict: dict[str, Any]
    replaced: str | None
    kind: ReleaseKind


@dataclass(frozen=True)
class Rollout:
    """A challenger on trial beside the release in production.

    Attributes
    ----------
    release : str
        The challenger's release.
    at : datetime
        Since when, in UTC.
    champion : str
        The release that it stands beside.
    share : float
        Of the keys, for the challenger; 0 in the shadow, where it answers nobody.
    key : str
        Column whose value decides who answers; empty for the whole row.
    status : {"running", "promoted", "rolled back", "withdrawn", "superseded"}
        Ended by evidence for it or against it, by a person, or by another release.
    ended : datetime or None
        When, in UTC.
    reason : str
        Why it ended.
    state : dict
        What is known of it so far, as JSON.
    """

    release: str
    at: datetime
    champion: str
    share: float
    key: str
    status: RolloutStatus = "running"
    ended: datetime | None = None
    reason: str = ""
    state: dict[str, Any] = field(default_factory=dict)

    @property
    def is_shadow(self) -> bool:
        """Whether the challenger answers nobody."""
        return self.share == 0


@dataclass(frozen=True)
class ShadowScore:
    """What a challenger in the shadow would have answered.

    Attributes
    ----------
    prediction_id : str
        The prediction that was given instead.
    release : str
        The challenger's.
    prediction : str or float
    probabilities : dict of str to float, or None
    latency_ms : float
        Time inside the scorer, in milliseconds.
    """

    prediction_id: str
    release: str
    prediction: str | float
    probabilities: dict[str, float] | None
    latency_ms: float


@dataclass(frozen=True)
class Observation:
    """One prediction that was given, with its label once that is known.

    Attributes
    ----------
    id : str
        Identifier of the prediction.
    at : datetime
        When, in UTC.
    release : str
        The release that gave it.
    row : dict
        The row as it was asked.
    prediction : str or float
        The label or the value.
    probabilities : dict of str to float, or None
        Probability of every label; None for regression.
    latency_ms : float
        Time inside the server, in milliseconds.
    label : str, float or None
        The latest label that came later.
    labelled_at : datetime or None
        When that came, in UTC.
    """

    id: str
    at: datetime
    release: str
    row: dict[str, Any]
    prediction: str | float
    probabilities: dict[str, float] | None
    latency_ms: float
    label: str | float | None = None
    labelled_at: datetime | None = None


@dataclass(frozen=True)
class Label:
    """What turned out to be true for one prediction.

    Attributes
    ----------
    prediction_id : str
    value : str or float
        A label, or a value for regression.
    """

    prediction_id: str
    value: str | float


@dataclass(frozen=True)
class Alarm:
    """A monitored promise that no longer holds.

    Attributes
    ----------
    id : str
    at : datetime
        When it was raised, in UTC.
    release : str
    promise : str
        What was promised, such as ``loss`` or ``contract``.
    column : str or None
        The column concerned.
    since : datetime or None
        Since when it no longer holds, as estimated, in UTC.
    status : {"open", "closed"}
    evidence : dict
        The figures, as JSON.
    incident : str or None
        The incident that it belongs to; None until it is grouped.
    """

    id: str
    at: datetime
    release: str
    promise: str
    column: str | None
    since: datetime | None
    status: AlarmStatus
    evidence: dict[str, Any] = field(default_factory=dict)
    incident: str | None = None


@dataclass(frozen=True)
class Decision:
    """Whether to retrain, and why.

    Attributes
    ----------
    id : str
    at : datetime
        When, in UTC.
    decision : str
    reason : str
    run : str or None
        The run that followed.
    release : str or None
        The release it is about.
    evidence : dict
        The figures, as JSON.
    """

    id: str
    at: datetime
    decision: str
    reason: str
    run: str | None
    release: str | None
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """Anything else worth keeping, in the order it happened.

    Attributes
    ----------
    id : str
    at : datetime
        When, in UTC.
    kind : str
    body : dict
        As JSON.
    """

    id: str
    at: datetime
    kind: str
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Todo:
    """Something that a person means to do.

    Attributes
    ----------
    id : str
    at : datetime
        When it was noted, in UTC.
    by : str
        Who noted it.
    words : str
    due : date or None
    link : str
        What it is about: a run, an alarm, a request or a release; empty where nothing is named.
    done : datetime or None
        When it was done, in UTC.
    """

    id: str
    at: datetime
    by: str
    words: str
    due: date | None
    link: str
    done: datetime | None = None


@dataclass(frozen=True)
class Request:
    """What a stakeholder asked, and what became of it.

    Attributes
    ----------
    id : str
    at : datetime
        When it was asked, in UTC.
    by : str
        Who noted it.
    who : str
        Who asked.
    words : str
        What was asked, in their words.
    due : date or None
    accepted : datetime or None
        When it was taken on, in UTC.
    diff : str
        What it changed in the brief, as a unified diff; empty where nothing.
    answered : datetime or None
        When it was answered, in UTC.
    answer : dict
        ``kind`` (``run``, ``release`` or ``no``), ``which`` (its identifier) and ``words``; empty before.
    """

    id: str
    at: datetime
    by: str
    who: str
    words: str
    due: date | None
    accepted: datetime | None = None
    diff: str = ""
    answered: datetime | None = None
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """``open``, ``accepted`` or ``answered``."""
        if self.answered is not None:
            return "answered"
        return "open" if self.accepted is None else "accepted"
