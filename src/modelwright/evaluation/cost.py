"""What the model's decisions cost, in the brief's money."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.bootstrap import Distribution
from modelwright.evaluation.confusion import decide
from modelwright.evaluation.drawing import Units
from modelwright.evaluation.intervals import Interval, error_at_look
from modelwright.evaluation.weighted import weighted_mean
from modelwright.problem import Costs, decision_threshold


class ExpectedCost(BaseModel):
    """What mistakes cost per row, with the model and without.

    Attributes
    ----------
    currency : str
        The brief's name of the unit.
    threshold : float
        Probability of the positive label from which acting costs least, given calibrated probabilities.
    per_row : Interval
        Cost of the model's mistakes per row.
    without_model : float
        Cost per row of the cheapest decision that looks at nothing.
    without_model_decision : {"act on every row", "act on no row"}
        That decision.
    saving : Interval
        `without_model` less `per_row`, on the same rows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    currency: str
    threshold: float
    per_row: Interval
    without_model: float
    without_model_decision: str
    saving: Interval


def expected_cost(
    costs: Costs,
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    *,
    threshold: NDArray[np.floating] | None = None,
    looks: int = 1,
    level: float = 0.95,
    groups: NDArray[np.generic] | None = None,
    times: NDArray[np.generic] | None = None,
    units: Units | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> ExpectedCost:
    """Compute what the model's mistakes cost per row; binary tasks only.

    Parameters
    ----------
    costs : Costs
        What each kind of mistake costs.
    y : ndarray of shape (n,)
        Class codes; 1 is the positive.
    prediction : ndarray of shape (n, 2)
        Probabilities.
    threshold : ndarray of shape (n,), optional
        Of each row, where groups have their own; by default the one that follows from the costs.
    looks, level, groups, times, units, resamples, seed
        As for `modelwright.evaluation.interval`.
    """
    overall = decision_threshold(costs)
    positive, acted = y == 1, decide(prediction, overall if threshold is None else threshold) == 1
    with_model = costs.false_positive * (acted & ~positive) + costs.false_negative * (~acted & positive)
    all_rows, no_row = costs.false_positive * ~positive, costs.false_negative * positive
    drawn = units or Units.of(len(y), groups, times)
    to_act, not_to_act = (float(np.average(each, weights=drawn.weight)) for each in (all_rows, no_row))
    decision, without = ("act on every row", all_rows) if to_act < not_to_act else ("act on no row", no_row)

    def limits(values: NDArray[np.float64]) -> Interval:
        figure = Distribution.of(weighted_mean(values), drawn, resamples=resamples, seed=seed)
        low, high = figure.limits(error_at_look(level, looks))
        return Interval(value=figure.value, low=low, high=high, level=level, looks=looks)

    return ExpectedCost(
        currency=costs.currency,
        threshold=overall,
        per_row=limits(with_model.astype(np.float64)),
        without_model=min(to_act, not_to_act),
        without_model_decision=decision,
        saving=limits((without - with_model).astype(np.float64)),
    )
