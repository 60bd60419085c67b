"""What the operations database keeps, one frozen record per table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

ReleaseKind = Literal["deploy", "rollback"]
AlarmStatus = Literal["open", "closed"]


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
        The release that was current before.
    kind : {"deploy", "rollback"}
        Through the gate, or back to an earlier one.
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
    """

    id: str
    at: datetime
    release: str
    promise: str
    column: str | None
    since: datetime | None
    status: AlarmStatus
    evidence: dict[str, Any] = field(default_factory=dict)


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
