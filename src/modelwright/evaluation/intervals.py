"""A figure with the interval in which its true value lies."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.bootstrap import Distribution
from modelwright.evaluation.drawing import Units
from modelwright.evaluation.figures import span_text
from modelwright.evaluation.weighted import reweighted
from modelwright.problem import Metric


class Interval(BaseModel):
    """A figure with the interval in which its true value lies.

    Attributes
    ----------
    value : float
        The figure on the rows as they are.
    low, high : float
        The limits.
    level : float
        The probability with which the limits hold the true value, over all looks together.
    looks : int
        The look at the vault that the limits are widened for; 0 where no vault was opened.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    value: float
    low: float
    high: float
    level: float = 0.95
    looks: int = 0

    def __str__(self) -> str:
        return span_text(self.value, self.low, self.high)


def error_at_look(level: float, looks: int) -> float:
    """Return the error that one look at the vault may spend.

    Parameters
    ----------
    level : float
        What all intervals together promise, such as 0.95.
    looks : int
        Which look it is, from 1; 0 where the rows are no vault and nothing is spent.

    Returns
    -------
    float
        ``alpha / (k (k + 1))`` at look k, with ``alpha = 1 - level``. Summed over however many looks this
        is at most alpha, so that all the intervals ever shown hold together with probability `level`.

    Notes ----- That is exact for candidates that were fixed before the first look. A candidate that was
    shaped by earlier looks leans on the same rows in a way that no widening makes good wholly; so looks are
    counted, and ten are too many (check MW-E010).
    """
    alpha = 1 - level
    return alpha if looks == 0 else alpha / (looks * (looks + 1))


def interval(
    metric: Metric,
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    *,
    looks: int = 1,
    level: float = 0.95,
    groups: NDArray[np.generic] | None = None,
    times: NDArray[np.generic] | None = None,
    weight: NDArray[np.float64] | None = None,
    units: Units | None = None,
    parts: NDArray[np.generic] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Interval:
    """Compute a metric with its bootstrap interval.

    Parameters
    ----------
    metric : Metric
        The metric.
    y : ndarray of shape (n,)
        Class codes, or values for regression.
    prediction : ndarray of shape (n, n_classes) or (n, 1)
        Probabilities, or values for regression.
    looks : int, default 1
        Which look at the vault this is (see `error_at_look`); 0 where the rows are no vault.
    level : float, default 0.95
        The probability with which all intervals together hold.
    groups : ndarray of shape (n,), optional
        The group of each row; rows of a group are drawn together.
    times : ndarray of shape (n,), optional
        When each row was known; rows (or groups) that follow one another are then drawn in blocks, as long as
        `modelwright.evaluation.drawing.block_length` says.
    weight : ndarray of shape (n,), optional
        How much each row counts.
    units : Units, optional
        What is drawn, where it is known already; then `groups`, `times` and `weight` are not looked at.
    parts : ndarray of shape (n,), optional
        The fold of each row, for predictions of several fits: the metric is computed in each fold alone and
        averaged by rows, because the predictions of two fits are not on one scale.
    resamples : int, default 1000
        Number of bootstrap resamples.
    seed : int, default 0
        Seed of the resampling.

    Returns
    -------
    Interval
        BCa limits (see `modelwright.evaluation.bootstrap`). For a perfect score, where every resample is
        perfect too, the limit is that of the rule of three: the worst figure under which so many rows
        without a mistake are still plausible.

    Raises
    ------
    DataError
        If the metric is not defined on these rows.
    """
    units = units or Units.of(len(y), groups, times, weight=weight)
    figure = Distribution.of(reweighted(metric, y, prediction, parts), units, resamples=resamples, seed=seed)
    return interval_of(metric, figure, y, level=level, looks=looks)


def interval_of(
    metric: Metric, figure: Distribution, y: NDArray[np.generic], *, level: float, looks: int
) -> Interval:
    """Take a metric's limits from its bootstrap distribution."""
    alpha = error_at_look(level, looks)
    low, high = figure.limits(alpha)
    doubt = _doubt_of_perfection(metric, figure, y, alpha)
    return Interval(
        value=figure.value,
        low=_within(metric, low - doubt * metric.greater_is_better),
        high=_within(metric, high + doubt * (not metric.greater_is_better)),
        level=level,
        looks=looks,
    )


def _doubt_of_perfection(metric: Metric, figure: Distribution, y: NDArray[np.generic], alpha: float) -> float:
    reach = metric.highest - metric.lowest
    if not np.isfinite(reach) or not figure.constant or figure.value != metric.best:
        return 0.0
    rarest = int(np.unique(y, return_counts=True)[1].min())
    return float(reach * (1 - (alpha / 2) ** (1 / min(rarest, figure.units))))


def _within(metric: Metric, limit: float) -> float:
    return float(min(metric.highest, max(metric.lowest, limit)))
