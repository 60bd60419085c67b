"""Which of two predictions of the same rows is better, and how sure that is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.basis import Floats
from modelwright.evaluation.bootstrap import Distribution
from modelwright.evaluation.drawing import Units
from modelwright.evaluation.figures import span_text
from modelwright.evaluation.intervals import error_at_look
from modelwright.evaluation.weighted import Statistic, reweighted
from modelwright.problem import Metric


class Comparison(BaseModel):
    """By how much one prediction is better than another on the same rows.

    Attributes
    ----------
    difference : float
        Improvement in units of the metric; positive where the first is better, whatever the metric's
        direction.
    low, high : float
        Limits of the improvement.
    p_value : float
        Two-sided, multiplied by ``k (k + 1)`` at look k: the smallest error over all looks at which the two
        would be called different.
    better : bool
        Whether the first is better beyond doubt: `low` is above zero.
    level : float
        The probability with which the limits hold, over all looks together.
    looks : int
        The look at the vault that the limits are widened for; 0 where no vault was opened.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    difference: float
    low: float
    high: float
    p_value: float
    better: bool
    level: float = 0.95
    looks: int = 0

    def __str__(self) -> str:
        return span_text(self.difference, self.low, self.high, signed=True)


def compare(
    metric: Metric,
    y: NDArray[np.generic],
    a: NDArray[np.floating],
    b: NDArray[np.floating],
    *,
    looks: int = 1,
    level: float = 0.95,
    groups: NDArray[np.generic] | None = None,
    parts: NDArray[np.generic] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Comparison:
    """Compare two predictions of the same rows by a paired bootstrap with percentile limits.

    Both are scored on the same resamples, so that what makes rows hard for both cancels out. This is far
    sharper than to look whether two intervals overlap.

    Parameters
    ----------
    metric : Metric
        The metric that decides.
    y : ndarray of shape (n,)
        Class codes, or values for regression.
    a, b : ndarray of shape (n, n_classes) or (n, 1)
        The two predictions.
    looks, level, groups, parts, resamples, seed
        As for `modelwright.evaluation.interval`.

    Returns
    -------
    Comparison
        Positive where `a` is better.

    Raises
    ------
    DataError
        If the metric is not defined on these rows.
    """
    alpha = error_at_look(level, looks)
    figure = Distribution.of(
        _improvement(metric, y, a, b, parts),
        Units.of(len(y), groups),
        resamples=resamples,
        seed=seed,
        corrected=False,
    )
    low, high = figure.limits(alpha)
    p_value = figure.p_value()
    if figure.constant and p_value > alpha:
        low, high = min(low, 0.0), max(high, 0.0)
    return Comparison(
        difference=figure.value,
        low=low,
        high=high,
        p_value=min(1.0, p_value * (1 - level) / alpha),
        better=low > 0,
        level=level,
        looks=looks,
    )


def _improvement(
    metric: Metric,
    y: NDArray[np.generic],
    a: NDArray[np.floating],
    b: NDArray[np.floating],
    parts: NDArray[np.generic] | None,
) -> Statistic:
    score_a, score_b = reweighted(metric, y, a, parts), reweighted(metric, y, b, parts)
    sign = 1.0 if metric.greater_is_better else -1.0

    def score(weights: Floats) -> Floats:
        return sign * (score_a(weights) - score_b(weights))

    return score
