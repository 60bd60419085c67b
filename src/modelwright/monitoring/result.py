"""What monitoring found: which promises hold, which don't, since when, and what to do."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from modelwright.evaluation import Interval
from modelwright.monitoring.alarms.told import Told
from modelwright.monitoring.estimating import Estimate


class Watched(BaseModel):
    """One promise that is watched.

    Attributes
    ----------
    code : str
        Stable code of the promise, such as ``MW-M001``.
    promise : {"performance", "score", "label", "drift", "missing", "unseen", "out of range", \
"estimated performance", "cost", "outcomes above", "outcomes below", "latency"}
        The loss; the distribution of the score, of the predicted label or of a column; a breach of the
        contract; the loss that is to be expected before labels come; what mistakes cost; calibration; the
        time of an answer.
    column : str or None
        The column concerned.
    expected : float
        The promised loss, or the largest share that is no news.
    observed : float or None
        The same figure over the last few hundred rows; None before the first.
    evidence : float
        E-value against "nothing has changed".
    threshold : float
        The e-value that takes an alarm; it falls as time passes and the false-alarm budget becomes due.
    holds : bool
        Whether the evidence has never reached the threshold.
    since : datetime or None
        When the change began, as estimated; None while the promise holds.
    words : str
        What was found.
    advice : str
        What to do about it; empty while the promise holds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    promise: str
    column: str | None
    expected: float
    observed: float | None
    evidence: float
    threshold: float
    holds: bool
    since: datetime | None
    words: str
    advice: str


class RaisedAlarm(BaseModel):
    """A promise that no longer holds, as it was first raised for this release.

    Attributes
    ----------
    id : str
    code : str
        Stable code of the promise, such as ``MW-M001``.
    promise : str
        As in `Watched`.
    column : str or None
        The column concerned.
    at : datetime
        When it was raised.
    since : datetime or None
        When the change began, as estimated.
    status : {"open", "closed"}
    new : bool
        Whether this visit raised it.
    words : str
        What was found when it was raised.
    advice : str
        What to do about it.
    incident : str or None
        The incident that it belongs to.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    code: str
    promise: str
    column: str | None
    at: datetime
    since: datetime | None
    status: str
    new: bool
    words: str
    advice: str
    incident: str | None = None


class Labels(BaseModel):
    """The labels that have come for a release, and what they say of the model.

    Attributes
    ----------
    predictions : int
        Predictions given.
    arrived : int
        Predictions whose label has come.
    metric : str
        Name of the brief's metric.
    rows : int
        Labelled rows that the score is computed on, the newest.
    score : Interval or None
        The metric with its interval; None where it is not defined yet.
    words : str
        The same for people.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    predictions: int
    arrived: int
    metric: str
    rows: int = 0
    score: Interval | None = None
    words: str = ""


class Monitoring(BaseModel):
    """What monitoring found in a release.

    Attributes
    ----------
    release : str
    watched_since : datetime
        When the release was put to use.
    new : int
        Predictions that came since the last visit.
    holds : bool
        Whether no alarm is open.
    alarms : tuple of RaisedAlarm
        Every alarm of the release, oldest first.
    watched : tuple of Watched
        Every promise that is watched.
    labels : Labels
    false_alarms_per_year : float
        The budget, over everything that is watched.
    not_watched : tuple of str
        What is not watched, and why.
    told : tuple of Told
        Messages that were sent, or tried, after this visit.
    estimated : Estimate or None
        What the metric is likely to be where no label has come yet.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    release: str
    watched_since: datetime
    new: int
    holds: bool
    alarms: tuple[RaisedAlarm, ...]
    watched: tuple[Watched, ...]
    labels: Labels
    false_alarms_per_year: float
    not_watched: tuple[str, ...] = Field(default=())
    told: tuple[Told, ...] = ()
    estimated: Estimate | None = None

    @property
    def open_alarms(self) -> tuple[RaisedAlarm, ...]:
        """The alarms that nobody has closed."""
        return tuple(alarm for alarm in self.alarms if alarm.status == "open")

    @property
    def words(self) -> str:
        """What was found, for people."""
        if self.labels.predictions == 0:
            return f"Nothing to watch yet: release {self.release} has given no prediction."
        n_hold = sum(each.holds for each in self.watched)
        lines = [
            f"{self.labels.predictions:,} predictions of release {self.release} watched, {self.new:,} new.",
            f"{n_hold} of {len(self.watched)} promises hold. {self.labels.words}",
        ]
        if self.estimated is not None:
            lines.append(self.estimated.words)
        for alarm in self.open_alarms:
            since = "" if alarm.since is None else f" (since about {alarm.since:%Y-%m-%d %H:%M} UTC)"
            lines += ["", f"ALARM {alarm.code} {alarm.words}{since}", f"  What to do: {alarm.advice}"]
        return "\n".join(lines)
