"""When a model is retrained, as the brief states it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from modelwright.problem.gap import Gap
from modelwright.problem.section import Section


def _span(value: object) -> object:
    """Accept texts such as ``28d``, and nothing."""
    if not isinstance(value, str):
        raise ValueError(f"must be a time such as '28d' or '12h', but got {value!r}")  # noqa: TRY004 - as pydantic wants
    if value.strip() and Gap.parse(value).unit != "seconds":
        raise ValueError(f"must be a time such as '28d' or '12h', but got '{value}'")
    return value.strip()


Span = Annotated[str, BeforeValidator(_span)]


class RetrainingSection(Section):
    """When a model is retrained, and what a challenger must show.

    Attributes
    ----------
    every : str
        After so long a retraining is due, such as ``28d``; empty means that alarms alone call for it.
    least_labels : int
        New labels without which there is too little to learn.
    cost : float
        What a retraining must earn to be worth it, as a share of the loss. Where the last one earned less
        beyond doubt, the next waits longer.
    cooldown : str
        No retraining sooner than this after the last.
    per_year : float
        How many there may be in a year; what is not used is saved up.
    approval : bool
        Whether a person must agree before a challenger is released.
    release : {"unless_worse", "if_better"}
        A challenger takes the champion's place unless it is worse beyond doubt, and is watched; or only if it
        is better beyond doubt.
    watch_for : str
        For so long after its release, a challenger is compared with the model before it, and gives way where
        it is worse.
    """

    every: Span = "28d"
    least_labels: int = Field(default=100, ge=1)
    cost: float = Field(default=0.01, ge=0, lt=1)
    cooldown: Span = "1d"
    per_year: float = Field(default=24.0, gt=0, allow_inf_nan=False)
    approval: bool = False
    release: Literal["unless_worse", "if_better"] = "unless_worse"
    watch_for: Span = "28d"
