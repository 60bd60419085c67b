"""Whether to retrain, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from modelwright.monitoring.freshness import Freshness
from modelwright.problem import Gap, RetrainingSection

LONGEST_WAIT = 4  # intervals, where retraining has proved not to be worth it
RISE = 0.02  # of the loss: so much is no noise of bookkeeping
CURABLE = frozenset({"performance", "score", "label", "drift", "unseen"})
"""Promises whose alarms a new model can cure; the others are cured at their source."""
_ADVANCE = 0.5  # of a retraining that a year allows, for what cannot wait in the beginning
_YEAR = timedelta(days=365.25)


class Decision(BaseModel):
    """Whether to retrain.

    Attributes
    ----------
    decision : {"retrain", "keep"}
    reason : str
        Why, in words.
    evidence : dict
        The figures, as JSON.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision: Literal["retrain", "keep"]
    reason: str
    evidence: dict[str, Any]


@dataclass(frozen=True)
class Situation:
    """What is known when it is decided whether to retrain.

    Attributes
    ----------
    now : datetime
    since : datetime
        When the first release was put to use.
    retrained : tuple of datetime
        When there were retrainings, oldest first, whatever became of the challengers.
    labels : int
        That came since the last retraining, or since the first release.
    alarms : tuple of (promise, words, id)
        Open alarms of the current release.
    freshness : Freshness or None
        What the last retraining was worth; None where nobody knows.
    """

    now: datetime
    since: datetime
    retrained: tuple[datetime, ...] = ()
    labels: int = 0
    alarms: tuple[tuple[str, str, str], ...] = ()
    freshness: Freshness | None = None

    @property
    def last(self) -> datetime:
        """When the model was last learnt."""
        return self.retrained[-1] if self.retrained else self.since

    @property
    def interval(self) -> timedelta:
        """Between the last two times that a model was learnt."""
        before = (self.since, *self.retrained)
        return before[-1] - before[-2] if len(before) > 1 else timedelta(0)

    def evidence(self) -> dict[str, Any]:
        """Return the figures as JSON."""
        return {
            "alarms": [alarm for promise, _, alarm in self.alarms if promise in CURABLE],
            "labels": self.labels,
            "retrainings": len(self.retrained),
            "last": self.last.isoformat(),
            "freshness": None if self.freshness is None else self.freshness.model_dump(),
        }


def decide_retrain(found: Situation, policy: RetrainingSection, *, if_needed: bool) -> Decision:
    """Decide whether to retrain.

    Parameters
    ----------
    found : Situation
    policy : RetrainingSection
        Of the brief.
    if_needed : bool
        Whether to retrain only for a reason: an alarm that new labels can cure, or that it is due; and never
        with too few new labels, too soon, or beyond what a year may have.
    """
    evidence = found.evidence() | {"policy": policy.model_dump(mode="json"), "if_needed": if_needed}
    if not if_needed:
        return Decision(decision="retrain", reason="Retraining was asked for.", evidence=evidence)
    called, why = _called_for(found, policy)
    obstacle = _obstacle(found, policy) if called else None
    decision: Literal["retrain", "keep"] = "retrain" if called and obstacle is None else "keep"
    reason = why if obstacle is None else f"{why} But {obstacle}"
    return Decision(decision=decision, reason=reason, evidence=evidence)


def _called_for(found: Situation, policy: RetrainingSection) -> tuple[bool, str]:
    curable = [(promise, words) for promise, words, _ in found.alarms if promise in CURABLE]
    # While it is not due, other alarms than of the loss say that inputs have changed, not that answers have.
    waits = bool(span(policy.every))
    urgent = [words for promise, words in curable if promise == "performance" or not waits]
    if urgent and not (waits and _as_good_as_ever(found)):
        more = f" (and {len(urgent) - 1} more alarms)" if len(urgent) > 1 else ""
        return True, f"{urgent[0]}{more}."
    due, why = _due(found, policy)
    if due:
        return True, why
    if curable:
        return False, f"What comes in has changed, but nothing says that the answers are worse. {why}"
    if found.alarms:
        return False, (
            f"The open alarms ({len(found.alarms)}) are about the data's source; "
            f"a new model can't cure them. {why}"
        )
    return False, f"Every promise holds. {why}"


def _as_good_as_ever(found: Situation) -> bool:
    return found.freshness is not None and found.freshness.rise <= RISE


def _due(found: Situation, policy: RetrainingSection) -> tuple[bool, str]:
    """Say whether it is time; where the last retraining was not worth it, the wait doubles."""
    every = span(policy.every)
    if not every:
        return False, "No schedule is stated."
    passed, fresh = found.now - found.last, found.freshness
    idle = fresh is not None and not fresh.was_worth(policy.cost)
    wait = min(max(2 * found.interval, every), LONGEST_WAIT * every) if idle else every
    learnt = f"The model was learnt {_days(passed)} ago"
    told = "" if fresh is None else f"; {fresh.words}"
    if passed >= wait:
        return True, f"{learnt}, and every {_days(wait)} it is due{told}."
    if idle and passed >= every and fresh is not None and fresh.rise > RISE:
        return True, f"{learnt}, and its loss has risen by {fresh.rise:.1%} since{told}."
    waits = f", so that the next waits for {_days(wait)}" if idle else f"; it is due every {_days(every)}"
    return False, f"{learnt}{told}{waits}."


def _obstacle(found: Situation, policy: RetrainingSection) -> str | None:
    if found.labels < policy.least_labels:
        return f"only {found.labels} labels have come to learn from; {policy.least_labels} are needed."
    passed = found.now - found.last
    if passed < span(policy.cooldown):
        return f"the last was {_days(passed)} ago; at least {_days(span(policy.cooldown))} lie between two."
    saved = _ADVANCE + (found.now - found.since) / _YEAR * policy.per_year
    if len(found.retrained) + 1 > saved:
        return (
            f"there were {len(found.retrained)} retrainings in {_days(found.now - found.since)}; "
            f"{policy.per_year:g} a year are allowed."
        )
    return None


def span(text: str) -> timedelta:
    """Return a span of the brief as a time."""
    return timedelta(seconds=Gap.parse(text).amount)


def _days(passed: timedelta) -> str:
    days = passed / timedelta(days=1)
    return f"{days:.0f} days" if days >= 2 else f"{passed / timedelta(hours=1):.1f} hours"
