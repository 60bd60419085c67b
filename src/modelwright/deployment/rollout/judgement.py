"""What follows from the evidence: promoted, rolled back, or not decided yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from modelwright.deployment.rollout.blocks import Blocks
from modelwright.deployment.rollout.guards import MOST_FAILURES, MOST_SLOWER, Guards
from modelwright.deployment.rollout.wealth import Wealth, nulls_around_zero

Floats = NDArray[np.float64]
Outcome = Literal["promote", "roll back", "go on"]


@dataclass(frozen=True)
class LossEvidence:
    """By how much the challenger's loss is lower than the champion's, as labels come.

    Attributes
    ----------
    difference : Wealth
        Champion's loss minus challenger's: above 0 the challenger is better.
    waiting : Blocks
        Losses that wait for their counterpart; unused in the shadow.
    last_label : int
        Number of the newest label that was taken in.
    labels : int
        How many were.
    """

    difference: Wealth
    waiting: Blocks
    last_label: int = 0
    labels: int = 0

    @classmethod
    def begin(cls) -> LossEvidence:
        """Start without evidence."""
        return cls(Wealth.begin(nulls_around_zero()), Blocks.begin())

    def paired(self, champion: Floats, challenger: Floats, last: int) -> LossEvidence:
        """Take in the losses, in [0, 1], of rows that both have scored."""
        learnt = self.difference.absorb(champion - challenger)
        return replace(self, difference=learnt, last_label=last, labels=self.labels + len(champion))

    def unpaired(self, is_challenger: NDArray[np.bool_], losses: Floats, last: int) -> LossEvidence:
        """Take in the losses, in [0, 1], of rows that either has scored, in the order of their labels."""
        waiting, differences = self.waiting.absorb(is_challenger, losses[:, None])
        return LossEvidence(
            self.difference.absorb(differences[:, 0]), waiting, last, self.labels + len(losses)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the state as JSON-able content; `restored` reads it exactly."""
        return {
            "difference": self.difference.to_dict(),
            "waiting": self.waiting.to_dict(),
            "last_label": self.last_label,
            "labels": self.labels,
        }

    def restored(self, content: dict[str, Any]) -> LossEvidence:
        """Return the state that ``to_dict`` returned."""
        return LossEvidence(
            self.difference.restored(content["difference"]),
            Blocks.restored(content["waiting"]),
            content["last_label"],
            content["labels"],
        )


@dataclass(frozen=True)
class Guarded:
    """One guard of a trial.

    Attributes
    ----------
    name : str
    value : float or None
        The figure so far; None before the first row.
    bound : float
        What it may come to.
    e_value, threshold : float
        The evidence that it is beyond, and how much of it takes the challenger back.
    held : bool
    words : str
    """

    name: str
    value: float | None
    bound: float
    e_value: float
    threshold: float
    held: bool
    words: str


@dataclass(frozen=True)
class Judgement:
    """What is known of a challenger, and what follows.

    Attributes
    ----------
    outcome : {"promote", "roll back", "go on"}
    words : str
        Why.
    labels : int
        Labels that were taken in.
    compared : int
        Differences between the two that they gave.
    difference, low, high : float or None
        By how much the champion's mean loss is higher, with limits that hold at all times; None before the
        first.
    e_better, e_worse : float
        The evidence that the challenger's loss is lower, and that it is higher.
    threshold : float
        How much of it decides.
    error : float
        Largest probability of a wrong promotion, and of a wrong way back.
    guards : tuple of Guarded
    """

    outcome: Outcome
    words: str
    labels: int
    compared: int
    difference: float | None
    low: float | None
    high: float | None
    e_better: float
    e_worse: float
    threshold: float
    error: float
    guards: tuple[Guarded, ...]


def judge(loss: LossEvidence, guards: Guards, error: float) -> Judgement:
    """Decide on what is known so far; it may be asked at any time, and as often as one likes.

    Parameters
    ----------
    loss : LossEvidence
    guards : Guards
    error : float
        A challenger that is not better is ever promoted with at most this probability; one that is no worse
        and keeps to the guards is ever taken back with at most this one. Of the latter, half is for the loss,
        half for all guards together (Bonferroni).

    Returns
    -------
    Judgement
    """
    found = loss.difference
    better, worse, threshold = found.e_above(0.0), found.e_below(0.0), 2 / error
    guarded = _guarded(guards, error / 2)
    low, high = found.interval(error)
    broken = [each for each in guarded if not each.held]
    outcome: Outcome = "go on"
    if broken or worse >= threshold:
        outcome = "roll back"
    elif better >= threshold:
        outcome = "promote"
    return Judgement(
        outcome=outcome,
        words=broken[0].words if broken else _words(loss, low, high, outcome),
        labels=loss.labels,
        compared=found.rows,
        difference=found.mean,
        low=low if found.rows else None,
        high=high if found.rows else None,
        e_better=better,
        e_worse=worse,
        threshold=threshold,
        error=error,
        guards=guarded,
    )


def _words(loss: LossEvidence, low: float, high: float, outcome: Outcome) -> str:
    mean = loss.difference.mean
    if mean is None:
        return f"{loss.labels} labels have come, too few to compare; send them with `modelwright feedback`."
    verb = {
        "promote": "The challenger is better beyond doubt",
        "roll back": "The challenger is worse beyond doubt",
        "go on": "Not decided yet",
    }[outcome]
    return (
        f"{verb}: with {loss.labels:,} labels the champion's mean loss is higher by {mean:+.4f} "
        f"({low:+.4f} to {high:+.4f}, at all times)."
    )


def _guarded(guards: Guards, error: float) -> tuple[Guarded, ...]:
    threshold = (2 + 2 * len(guards.names)) / error
    failures, slower = guards.failures, guards.slower
    found = [
        _guard(
            "failures", "share of rows that the challenger could not score", failures.mean,
            MOST_FAILURES, failures.e_above(MOST_FAILURES), threshold,
        ),
        _guard(
            "latency", "share of answers slower than promised, challenger minus champion", slower.mean,
            MOST_SLOWER, slower.e_above(MOST_SLOWER), threshold,
        ),
    ]  # fmt: skip
    most = guards.most_shift
    for name, shift in zip(guards.names, guards.shifts, strict=True):
        evidence = max(shift.e_above(most), shift.e_below(-most))
        about = f"mean {name}, challenger minus champion"
        found.append(_guard(f"shift of {name}", about, shift.mean, most, evidence, threshold))
    return tuple(found)


def _guard(
    name: str, about: str, value: float | None, bound: float, e_value: float, threshold: float
) -> Guarded:
    held = e_value < threshold
    measured = "no rows yet" if value is None else f"{value:+.4f}"
    words = f"{about[0].upper()}{about[1:]}: {measured}; at most {bound:g} is allowed" + (
        "." if held else ", and it is beyond doubt that it is more."
    )
    return Guarded(name, value, bound, e_value, threshold, held, words)
