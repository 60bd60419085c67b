"""The figures that need a number of the brief: lift, expected cost, pinball loss; and the relative error."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from modelwright.evaluation.arrays import Floats
from modelwright.evaluation.basis import Basis, RowSums
from modelwright.evaluation.confusion import decide
from modelwright.evaluation.ranking import Curve
from modelwright.evaluation.weighted import StatedMetric, Weighted
from modelwright.pages import percent
from modelwright.problem import Brief, Costs, Score, Task, decision_threshold

_NEAREST_TO_ZERO = 0.01
_BINARY, _VALUES = frozenset({Task.BINARY}), frozenset({Task.REGRESSION})


def stated_metrics(brief: Brief) -> tuple[StatedMetric, ...]:
    """Return the figures of a task that rest on numbers of the brief."""
    if brief.problem.task is Task.BINARY:
        return (lift_at(brief.evaluation.lift_share), cost_metric(brief.costs))
    if brief.problem.task is Task.REGRESSION:
        return (pinball_at(brief.evaluation.quantile), relative_error())
    return ()


def lift_at(share: float) -> StatedMetric:
    """Return the lift: how many times the positives are more frequent in the highest-scored share of rows.

    A row that the share cuts, and rows of equal score, count in part: that is the mean over all orders of
    rows that tie.
    """

    def prepare(basis: Basis) -> Weighted:
        def finish(curve: Curve) -> Floats:
            positives, rows = curve.totals
            with np.errstate(invalid="ignore", divide="ignore"):
                density = curve.found_among_first(share * rows) / (share * rows)
                return np.asarray(np.where(positives > 0, density / (positives / rows), np.nan))

        return Weighted((basis.rankings[0],), finish)

    return StatedMetric(
        name="lift",
        title=f"lift of the first {percent(share)}",
        tasks=_BINARY,
        greater_is_better=True,
        best=1 / share,
        describe=f"how many times as many positives are among the {percent(share)} of rows scored highest as "
        "among all (1 is chance)",
        score=_once(prepare),
        lowest=0.0,
        highest=1 / share,
        prepare=prepare,
    )


def cost_metric(costs: Costs) -> StatedMetric:
    """Return what mistakes cost per row, in the brief's money, where decisions cost least."""
    threshold = decision_threshold(costs)

    def of_rows(basis: Basis) -> Floats:
        positive, acted = basis.y == 1, decide(basis.prediction, threshold) == 1
        return np.asarray(
            costs.false_positive * (acted & ~positive) + costs.false_negative * (~acted & positive),
            dtype=np.float64,
        )

    return _mean(
        of_rows,
        "expected_cost",
        f"expected cost ({costs.currency} per row)",
        _BINARY,
        f"what mistakes cost per row in {costs.currency}, acting from a probability of {threshold:.3g} on",
        highest=max(costs.false_positive, costs.false_negative),
    )


def pinball_at(quantile: float) -> StatedMetric:
    """Return the pinball loss: half the mean absolute error at 0.5, dearer for values above it beyond."""

    def of_rows(basis: Basis) -> Floats:
        short = basis.y.astype(np.float64) - basis.prediction[:, 0]
        return np.maximum(quantile * short, (quantile - 1) * short)

    return _mean(
        of_rows,
        "pinball",
        f"pinball loss at {quantile:g}",
        _VALUES,
        f"the mean cost of an error, {quantile:g} per unit too low and {1 - quantile:g} per unit too high",
    )


def relative_error() -> StatedMetric:
    """Return MAPE, the mean error as a share of the value; see `no_relative_error`."""

    def of_rows(basis: Basis) -> Floats:
        values = basis.y.astype(np.float64)
        size = np.maximum(np.abs(values), np.finfo(np.float64).eps)
        return np.asarray(np.abs(basis.prediction[:, 0] - values) / size)

    return _mean(of_rows, "mape", "MAPE", _VALUES, "the mean error as a share of the value (0.1 is 10 %)")


def no_relative_error(y: NDArray[np.generic]) -> str:
    """Say why errors as a share of the value would mislead; empty where they would not."""
    values = y.astype(np.float64)
    if (values <= 0).any():
        return f"{int((values <= 0).sum())} of {len(values)} values of the target are not above zero"
    near = int((values < _NEAREST_TO_ZERO * np.median(values)).sum())
    return (
        f"{near} of {len(values)} values of the target are next to zero (below a hundredth of the median)"
        if near
        else ""
    )


def _mean(
    of_rows: Callable[[Basis], Floats],
    name: str,
    title: str,
    tasks: frozenset[Task],
    describe: str,
    highest: float = np.inf,
) -> StatedMetric:
    def prepare(basis: Basis) -> Weighted:
        def finish(sums: Floats) -> Floats:
            with np.errstate(invalid="ignore"):
                return np.asarray(sums[:, 1] / sums[:, 0])

        return Weighted((RowSums([np.ones(len(basis.y)), of_rows(basis)]),), finish)

    return StatedMetric(
        name=name,
        title=title,
        tasks=tasks,
        greater_is_better=False,
        best=0.0,
        describe=describe,
        score=_once(prepare),
        lowest=0.0,
        highest=highest,
        prepare=prepare,
    )


def _once(prepare: Callable[[Basis], Weighted]) -> Score:
    """Return the figure on the rows as they are."""

    def score(
        y: NDArray[np.generic],
        prediction: NDArray[np.floating],
        weight: NDArray[np.floating] | None = None,
    ) -> float:
        weights = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=np.float64)
        return float(prepare(Basis(y, prediction))(weights[None, :])[0])

    return score
