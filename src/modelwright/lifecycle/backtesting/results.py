"""What a replay of history came to."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

EventKind = Literal["alarm", "retrained", "refused", "reverted"]


class Event(BaseModel):
    """Something that would have happened.

    Attributes
    ----------
    kind : {"alarm", "retrained", "refused", "reverted"}
        ``retrained`` is a challenger that was released, ``refused`` one that was not.
    row : int
        How many rows had come.
    at : datetime
        By the stream's clock; made up where it has no calendar.
    words : str
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: EventKind
    row: int
    at: datetime
    words: str


class PolicyResult(BaseModel):
    """How one policy would have fared.

    Attributes
    ----------
    name : {"never", "monthly", "ours", "forest"}
    words : str
        What it does.
    loss : float
        Mean over the steps, by their rows, of the metric's distance from its best figure; the predictions of
        a step were made before any of its labels was known.
    retrains : int
        How often a new model was learnt, whether or not it was released.
    alarms : int
        That monitoring would have raised.
    reverts : int
        How often a release gave way to the model before it.
    refused : int
        Challengers that were not released.
    fits : int
        Fits of learners, over all builds.
    money : float or None
        What its mistakes cost, in the brief's currency; None where the task is not binary.
    losses : tuple of float or None
        Of each step; None where the metric is not defined on it, such as ROC-AUC on a single class.
    events : tuple of Event
        Oldest first.
    seconds : float
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    words: str
    loss: float
    retrains: int
    alarms: int
    reverts: int
    refused: int
    fits: int
    money: float | None
    losses: tuple[float | None, ...]
    events: tuple[Event, ...]
    seconds: float


class Backtested(BaseModel):
    """The whole lifecycle over history, once for each policy.

    Attributes
    ----------
    source : str
    target, time : str
        ``time`` is empty where rows were taken in their order.
    task, metric : str
    rows, first : int
        Of the stream; that the first model learnt from.
    period : str
        What a period is, in words; the policy ``monthly`` retrains once in each.
    delay : str
        How long labels took, as stated; empty is not at all.
    candidates : int
        How many candidates of the plan a build tried, beside the linear model.
    currency : str
    steps : tuple of datetime
        When each step began.
    until : datetime
    policies : tuple of PolicyResult
    not_compared : tuple of str
        What could not be compared, and why.
    page : str or None
        The HTML page with the timeline.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    target: str
    time: str
    task: str
    metric: str
    rows: int
    first: int
    period: str
    delay: str
    candidates: int
    currency: str
    steps: tuple[datetime, ...]
    until: datetime
    policies: tuple[PolicyResult, ...]
    not_compared: tuple[str, ...] = ()
    page: str | None = None

    @property
    def words(self) -> str:
        """What came of it, in a sentence or two."""
        named = {each.name: each for each in self.policies}
        ours, monthly = named.get("ours"), named.get("monthly")
        best = min(self.policies, key=lambda each: each.loss)
        said = f"The least loss had {best.name} ({best.loss:.4g})."
        if ours is None or monthly is None:
            return said
        change = ours.loss / monthly.loss - 1 if monthly.loss else 0.0
        return (
            f"{said} The evidence-based policy would have lost {abs(change):.1%} "
            f"{'less' if change < 0 else 'more'} than a monthly schedule, with {ours.retrains} retrainings "
            f"against {monthly.retrains}."
        )
