"""What thresholds of their own do for the groups of a protected column, and what they cost."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.arrays import Floats
from modelwright.evaluation.bootstrap import Distribution
from modelwright.evaluation.confusion import decide
from modelwright.evaluation.drawing import Units
from modelwright.evaluation.gap import Gap
from modelwright.evaluation.group_figures import FEWEST_ROWS, binary_shares, measure_groups
from modelwright.evaluation.grouping import group_rows
from modelwright.evaluation.intervals import Interval, error_at_look
from modelwright.evaluation.weighted import weighted_mean
from modelwright.problem import Brief, decision_threshold


class Mitigation(BaseModel):
    """Groups with thresholds of their own, against one threshold for all, on the same rows.

    Attributes
    ----------
    column : str
        The protected column.
    constraint : {"selection_rate", "true_positive_rate"}
        What was evened out.
    thresholds : dict of str to float
        Of each group, as the report names them; where a group's rows have several, their mean.
    before, after : Gap or None
        In what was evened out; None where no two groups are large enough.
    added_cost : Interval
        What the decisions cost more per row, in the brief's money; below 0 where they cost less.
    words : str
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    constraint: str
    thresholds: dict[str, float]
    before: Gap | None
    after: Gap | None
    added_cost: Interval
    words: str


def weigh_mitigation(
    brief: Brief,
    classes: tuple[str, ...],
    y: NDArray[np.generic],
    prediction: Floats,
    protected: pl.Series,
    thresholds: NDArray[np.floating],
    *,
    looks: int,
    level: float,
    units: Units,
    resamples: int,
    seed: int,
) -> Mitigation:
    """Compare thresholds of their own with one threshold for all.

    Parameters
    ----------
    brief : Brief
        Its costs, and its ``[fairness]``.
    classes : tuple of str
    y : ndarray of shape (n,)
        Class codes; 1 is the positive.
    prediction : ndarray of shape (n, 2)
    protected : polars.Series of length n
        The column that was evened out.
    thresholds : ndarray of shape (n,)
        Of each row.
    looks, level, units, resamples, seed
        As for `modelwright.evaluation.interval`.
    """
    constraint, alpha = brief.fairness.constraint, error_at_look(level, looks)
    members = [member for member in group_rows(protected) if len(member[1]) >= FEWEST_ROWS]
    chosen = [decide(prediction, each) for each in (decision_threshold(brief.costs), thresholds)]

    def gap(given: NDArray[np.int64]) -> Gap | None:
        shares = binary_shares(y, prediction[:, 1], given, classes[1])
        share = next(each for each in shares if each.name == constraint)
        return measure_groups(
            share, members, units, alpha=alpha, level=level, looks=looks, resamples=resamples, seed=seed
        ).gap

    costs, truth = brief.costs, np.asarray(y) == 1
    spent = [
        costs.false_positive * ((given == 1) & ~truth) + costs.false_negative * ((given == 0) & truth)
        for given in chosen
    ]
    added = Distribution.of(
        weighted_mean((spent[1] - spent[0]).astype(np.float64)), units, resamples=resamples, seed=seed
    )
    low, high = added.limits(alpha)
    cost = Interval(value=added.value, low=low, high=high, level=level, looks=looks)
    before, after = gap(chosen[0]), gap(chosen[1])
    return Mitigation(
        column=protected.name,
        constraint=constraint,
        thresholds={name: float(thresholds[rows].mean()) for name, rows in members},
        before=before,
        after=after,
        added_cost=cost,
        words=_words(protected.name, before, after, cost, brief.costs.currency),
    )


def _words(column: str, before: Gap | None, after: Gap | None, cost: Interval, currency: str) -> str:
    if before is None or after is None:
        return f"The groups of {column} are too small to say what their own thresholds do."
    return (
        f"Thresholds of their own for the groups of {column} take the gap ({before.about}) from "
        f"{before.value:.3f} to {after.value:.3f}; the decisions cost {cost} {currency} a row more."
    )
