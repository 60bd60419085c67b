"""The policies that are compared: when each retrains, and from what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from modelwright.lifecycle.backtesting.history import Step
from modelwright.monitoring import Decision, Situation, decide_retrain
from modelwright.problem import RetrainingSection


class Policy(Protocol):
    """When to retrain."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def words(self) -> str:
        """What it does, for people."""

    @property
    def by_age(self) -> bool:
        """Whether candidates also learn from the newest rows alone, and from all but the older the less."""

    @property
    def judged(self) -> bool:
        """Whether a challenger must pass the gate, and gives way where it turns out to be worse."""

    def decide(self, step: Step, found: Situation) -> Decision:
        """Decide at the beginning of a step."""


@dataclass(frozen=True)
class Never:
    """The first model, for ever."""

    name: str = "never"
    words: str = "the first model is kept for ever"
    by_age: bool = False
    judged: bool = False

    def decide(self, step: Step, found: Situation) -> Decision:  # noqa: ARG002 - a policy that looks at nothing
        """Keep the model."""
        return Decision(decision="keep", reason="The first model is kept.", evidence={})


@dataclass(frozen=True)
class Monthly:
    """A schedule: all rows, every period, always released."""

    name: str = "monthly"
    words: str = "once a period from all labelled rows, and always released, as a schedule does"
    by_age: bool = False
    judged: bool = False

    def decide(self, step: Step, found: Situation) -> Decision:  # noqa: ARG002 - a clock looks at nothing else
        """Retrain at the beginning of a period."""
        if step.begins_period:
            return Decision(decision="retrain", reason="A new period has begun.", evidence={})
        return Decision(decision="keep", reason="The period has not ended.", evidence={})


@dataclass(frozen=True)
class Ours:
    """The policy of the brief: alarms, what the last retraining was worth, and a budget.

    Attributes
    ----------
    policy : RetrainingSection
    """

    policy: RetrainingSection
    name: str = "ours"
    words: str = (
        "by evidence: alarms, what the last retraining was worth, and a budget; from all rows, the newest, "
        "and all but the older the less; reverted where worse"
    )
    by_age: bool = True
    judged: bool = True

    def decide(self, step: Step, found: Situation) -> Decision:  # noqa: ARG002 - evidence, not the calendar
        """Decide as `modelwright retrain --if-needed` does."""
        return decide_retrain(found, self.policy, if_needed=True)


def scaled(policy: RetrainingSection, replayed: timedelta, periods: int) -> RetrainingSection:
    """Return the brief's policy with the budget of the schedule that it is compared with: no more often.

    Parameters
    ----------
    policy : RetrainingSection
    replayed : timedelta
        How long the history is that is lived through.
    periods : int
        How many periods that is; the schedule retrains at the beginning of each but the first.
    """
    seconds = replayed.total_seconds() / periods
    stated = {
        "every": f"{0.9 * seconds:.0f}s",
        "watch_for": f"{seconds:.0f}s",
        "cooldown": f"{0.03 * seconds:.0f}s",
        "per_year": max(periods - 0.6, 0.1) * 365.25 * 86_400 / replayed.total_seconds(),
    }
    return policy.model_copy(update=stated)
