"""How many rows an experiment needs."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import BaseModel, ConfigDict

from modelwright.errors import DataError
from modelwright.evaluation.experiments.sequence import margin, tightest_at

OutcomeKind = Literal["rate", "mean", "cost"]
"""Of the outcome: yes or no; a number of which more is better; a number of which less is better."""

MOST_ROWS = 10**12


class ExperimentPlan(BaseModel):
    """How many rows an experiment needs to see an effect.

    Attributes
    ----------
    kind : {"rate", "mean", "cost"}
        Of the outcome.
    effect : float
        The smallest difference that matters, in the outcome's unit.
    alpha, power : float
        Error if there is no difference; probability to see the effect if there is.
    treatments : int
        Arms beside the control.
    rows_one_look : int
        All arms together, where the result is read once, at the end.
    rows_any_time : int
        All arms together, where it is read whenever somebody likes: enough that the effect has been seen by
        then with probability `power`. Mostly it is seen sooner.
    saved : float
        Share of the rows that the covariate of the time before saves.
    days : float or None
        For `rows_any_time`, where the rows a day are known.
    words : str
        The plan in words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: OutcomeKind
    effect: float
    alpha: float
    power: float
    treatments: int
    rows_one_look: int
    rows_any_time: int
    saved: float
    days: float | None
    words: str


def plan_experiment(
    kind: OutcomeKind,
    *,
    effect: float,
    baseline: float | None = None,
    deviation: float | None = None,
    power: float = 0.8,
    alpha: float = 0.05,
    treatments: int = 1,
    correlation: float = 0.0,
    rows_a_day: float | None = None,
) -> ExperimentPlan:
    """Say how many rows an experiment needs.

    Parameters
    ----------
    kind : {"rate", "mean", "cost"}
        Of the outcome.
    effect : float
        The smallest difference that matters, in the outcome's unit: 0.01 is one point of a rate.
    baseline : float, optional
        The rate without treatment; needed for a rate.
    deviation : float, optional
        Standard deviation of the outcome; needed for a mean or a cost.
    power : float, default 0.8
        Probability to see the effect if it is there.
    alpha : float, default 0.05
        Probability to see one, on either side, where there is none; shared by the treatments.
    treatments : int, default 1
        Arms beside the control; all arms get as many rows.
    correlation : float, default 0
        Of the outcome with a figure of the time before the experiment (last month's spending, say). It saves
        the share correlation² of the rows (Deng, Xu, Kohavi and Walker 2013, "CUPED").
    rows_a_day : float, optional
        All arms together.

    Raises
    ------
    DataError
        If the figures do not describe an experiment.
    """
    spread = _spread(kind, baseline, deviation, effect)
    _refuse_impossible(effect, power, alpha, treatments, correlation, rows_a_day)
    spread *= math.sqrt(1 - correlation**2)
    share = alpha / treatments
    arms = (treatments + 1) / 2  # the rows of a comparison are those of two arms
    once = arms * _rows_one_look(abs(effect), spread, share, power)
    always = arms * _rows_any_time(abs(effect), spread, share, power)
    plan = ExperimentPlan(
        kind=kind,
        effect=effect,
        alpha=alpha,
        power=power,
        treatments=treatments,
        rows_one_look=_whole(once, treatments + 1),
        rows_any_time=_whole(always, treatments + 1),
        saved=correlation**2,
        days=None if rows_a_day is None else always / rows_a_day,
        words="",
    )
    return plan.model_copy(update={"words": _words(plan)})


def _spread(kind: OutcomeKind, baseline: float | None, deviation: float | None, effect: float) -> float:
    """Return the standard deviation of one row's share in the difference of two equal arms."""
    if kind == "rate":
        if baseline is None or not 0 < baseline < 1 or not 0 < baseline + effect < 1:
            raise DataError(
                "a rate needs its baseline, and baseline + effect, between 0 and 1: say --baseline 0.12 "
                "--effect 0.01 for one point above 12 %"
            )
        with_effect = baseline + effect
        return math.sqrt(2 * (baseline * (1 - baseline) + with_effect * (1 - with_effect)))
    if deviation is None or not deviation > 0:
        raise DataError(f"a {kind} needs the outcome's standard deviation, above 0: say --deviation 42")
    return 2 * deviation


def _refuse_impossible(
    effect: float,
    power: float,
    alpha: float,
    treatments: int,
    correlation: float,
    rows_a_day: float | None,
) -> None:
    broken = {
        "effect must not be 0": effect == 0 or not math.isfinite(effect),
        "power must be between 0.5 and 1": not 0.5 <= power < 1,
        "alpha must be between 0 and 0.5": not 0 < alpha < 0.5,
        "treatments must be at least 1": treatments < 1,
        "correlation must be between -1 and 1": not -1 < correlation < 1,
        "rows a day must be above 0": rows_a_day is not None and not rows_a_day > 0,
    }
    said = [words for words, is_broken in broken.items() if is_broken]
    if said:
        raise DataError("; ".join(said))


def _rows_one_look(effect: float, spread: float, alpha: float, power: float) -> float:
    from scipy.stats import norm

    return float(((norm.ppf(1 - alpha / 2) + norm.ppf(power)) * spread / effect) ** 2)


def _rows_any_time(effect: float, spread: float, alpha: float, power: float) -> float:
    """Return the fewest rows at which the sequence lies beyond 0 with the power asked for."""
    from scipy.optimize import brentq
    from scipy.stats import norm

    z = float(norm.ppf(power))

    def lacking(log_rows: float) -> float:
        rows = math.exp(log_rows)
        far = margin(max(1, round(rows)), spread, alpha, tightest_at(rows, alpha))
        return effect - far - z * spread / math.sqrt(rows)

    if lacking(math.log(MOST_ROWS)) < 0:
        raise DataError(f"no experiment of {MOST_ROWS:.0e} rows would see an effect of {effect:g}; raise it")
    return math.exp(float(brentq(lacking, math.log(2), math.log(MOST_ROWS))))


def _whole(rows: float, arms: int) -> int:
    return math.ceil(rows / arms) * arms


def _words(plan: ExperimentPlan) -> str:
    arms = plan.treatments + 1
    days = "" if plan.days is None else f", {plan.days:,.1f} days"
    saved = f" The time before saves {plan.saved:.0%} of the rows." if plan.saved else ""
    return (
        f"{plan.rows_any_time:,} rows ({plan.rows_any_time // arms:,} in each of {arms} arms{days}) show a "
        f"difference of {plan.effect:g} with probability {plan.power:.0%}, read as often as you like; "
        f"{plan.rows_one_look:,} rows, if you look once, at the end.{saved}"
    )
