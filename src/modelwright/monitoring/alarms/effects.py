"""What a change costs: the labelled rows before and after it began, compared."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.monitoring.alarms.report import Effect
from modelwright.problem import Brief, Task

Floats = NDArray[np.float64]
Measure = Literal["accuracy", "mean absolute error", "cost"]

_LEAST = 30  # labelled rows on either side
_Z = 1.96


def effects_of(brief: Brief, labelled: pl.DataFrame, since: float, per_day: float) -> tuple[Effect, ...]:
    """Compare accuracy (or mean absolute error) and money before and after a change began.

    The limits hold for a given beginning; it was estimated from the same rows, so they are a little narrow.

    Parameters
    ----------
    brief : Brief
    labelled : DataFrame
        As ``Operations.observations(labelled=True)`` returns them.
    since : float
        When the change began, in seconds since 1970.
    per_day : float
        Predictions a day.
    """
    after = (labelled["at"].dt.epoch("us") >= since * 1e6).to_numpy()
    if min(after.sum(), (~after).sum()) < _LEAST:
        return ()
    if brief.problem.task is Task.REGRESSION:
        errors = (labelled["prediction"] - labelled["label"].cast(pl.Float64)).abs().to_numpy()
        return (_effect("mean absolute error", errors, after, per_day, brief.problem.target),)
    said, true = labelled["prediction"].to_numpy(), labelled["label"].to_numpy()
    found = [_effect("accuracy", (said == true).astype(float), after, per_day, "")]
    if brief.problem.task is Task.BINARY:
        acted, positive = said == brief.problem.positive, true == brief.problem.positive
        costs = brief.costs
        cost = costs.false_positive * (acted & ~positive) + costs.false_negative * (~acted & positive)
        found.append(_effect("cost", cost.astype(float), after, per_day, costs.currency))
    return tuple(found)


def _effect(measure: Measure, values: Floats, after: NDArray[np.bool_], per_day: float, unit: str) -> Effect:
    new, old = values[after], values[~after]
    difference = float(new.mean() - old.mean())
    margin = _Z * float(np.sqrt(new.var(ddof=1) / len(new) + old.var(ddof=1) / len(old)))
    low, high = difference - margin, difference + margin
    return Effect(
        measure=measure,
        before=float(old.mean()),
        after=float(new.mean()),
        low=low,
        high=high,
        rows_before=len(old),
        rows_after=len(new),
        per_day=difference * per_day,
        words=_words(measure, float(old.mean()), float(new.mean()), (low, high), difference * per_day, unit),
    )


def _words(
    measure: str, before: float, after: float, limits: tuple[float, float], per_day: float, unit: str
) -> str:
    low, high = limits
    if measure == "accuracy":
        return (
            f"accuracy since then {100 * after:.1f} %, before {100 * before:.1f} % "
            f"(difference {100 * low:+.1f} to {100 * high:+.1f} points)"
        )
    if measure == "cost":
        return (
            f"mistakes cost {after:.3g} {unit} a prediction, before {before:.3g} (difference {low:+.3g} to "
            f"{high:+.3g}): about {per_day:+,.0f} {unit} a day"
        )
    return (
        f"mean absolute error of '{unit}' since then {after:.4g}, before {before:.4g} "
        f"(difference {low:+.3g} to {high:+.3g})"
    )
