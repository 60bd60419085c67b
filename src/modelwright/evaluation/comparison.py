"""Which of two predictions of the same rows is better, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.basis import Basis
from modelwright.evaluation.bootstrap import Distribution
from modelwright.evaluation.delong import delong
from modelwright.evaluation.drawing import Units
from modelwright.evaluation.figures import span_text
from modelwright.evaluation.intervals import error_at_look
from modelwright.evaluation.weighted import Statistic, Weighted, on_basis, reweighted
from modelwright.problem import Metric

_FEWEST_OF_A_LABEL = 10
_LEAST_ERROR = 1e-12


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
    method : str
        ``DeLong`` or ``paired bootstrap``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    difference: float
    low: float
    high: float
    p_value: float
    better: bool
    level: float = 0.95
    looks: int = 0
    method: str = "paired bootstrap"

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
    times: NDArray[np.generic] | None = None,
    weight: NDArray[np.float64] | None = None,
    units: Units | None = None,
    parts: NDArray[np.generic] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Comparison:
    """Compare two predictions of the same rows: ROC-AUC by DeLong's test, the rest by a paired bootstrap.

    Both are scored on the same rows and resamples, so that what makes rows hard for both cancels out. This is
    far sharper than to look whether two intervals overlap. DeLong's test needs rows that are independent, so
    where groups or times are given, or rows have weights, ROC-AUC is bootstrapped as well.

    Parameters
    ----------
    metric : Metric
        The metric that decides.
    y : ndarray of shape (n,)
        Class codes, or values for regression.
    a, b : ndarray of shape (n, n_classes) or (n, 1)
        The two predictions.
    looks, level, groups, times, weight, units, parts, resamples, seed
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
    (found,) = compare_each(
        [metric],
        y,
        a,
        b,
        looks=looks,
        level=level,
        units=units or Units.of(len(y), groups, times, weight=weight),
        parts=parts,
        resamples=resamples,
        seed=seed,
    )
    return found


def compare_each(
    metrics: Sequence[Metric],
    y: NDArray[np.generic],
    a: NDArray[np.floating],
    b: NDArray[np.floating],
    *,
    looks: int,
    level: float,
    units: Units,
    parts: NDArray[np.generic] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> list[Comparison]:
    """Compare two predictions by several metrics, on the same resamples; see `compare`."""
    alpha = error_at_look(level, looks)
    alone = units.codes is None and units.weight is None and parts is None
    exact = {
        at: found
        for at, metric in enumerate(metrics)
        if metric.name == "roc_auc" and alone and (found := _by_delong(y, a, b, alpha)) is not None
    }
    bootstrapped = [at for at in range(len(metrics)) if at not in exact]
    bases = (Basis(y, a), Basis(y, b))
    drawn = Distribution.each(
        [_improvement(metrics[at], *bases, parts) for at in bootstrapped],
        units,
        resamples=resamples,
        seed=seed,
        corrected=False,
    )
    exact |= {at: _by_bootstrap(figure, alpha) for at, figure in zip(bootstrapped, drawn, strict=True)}
    return [
        Comparison(
            difference=one.difference + 0.0,  # a difference of none has no sign
            low=one.low + 0.0,
            high=one.high + 0.0,
            p_value=min(1.0, one.p_value * (1 - level) / alpha),
            better=one.low > 0,
            level=level,
            looks=looks,
            method=one.method,
        )
        for _, one in sorted(exact.items())
    ]


@dataclass(frozen=True)
class _Found:
    difference: float
    low: float
    high: float
    p_value: float
    method: str


def _by_bootstrap(figure: Distribution, alpha: float) -> _Found:
    low, high = figure.limits(alpha)
    p_value = figure.p_value()
    if figure.constant and p_value > alpha:
        low, high = min(low, 0.0), max(high, 0.0)
    return _Found(figure.value, low, high, p_value, "paired bootstrap")


def _by_delong(
    y: NDArray[np.generic], a: NDArray[np.floating], b: NDArray[np.floating], alpha: float
) -> _Found | None:
    """Return None where the test says nothing: a handful of rows, or no row that speaks for either."""
    from scipy.special import stdtr, stdtrit

    positive = np.asarray(y) == 1
    if min(positive.sum(), (~positive).sum()) < _FEWEST_OF_A_LABEL:
        return None
    found = delong(positive, *(np.asarray(each[:, 1], dtype=np.float64) for each in (a, b)))
    if found.error <= _LEAST_ERROR:
        return None
    reach = float(stdtrit(len(y) - 1, 1 - alpha / 2)) * found.error
    p_value = 2 * float(stdtr(len(y) - 1, -abs(found.difference) / found.error))
    return _Found(found.difference, found.difference - reach, found.difference + reach, p_value, "DeLong")


def _improvement(metric: Metric, a: Basis, b: Basis, parts: NDArray[np.generic] | None) -> Statistic:
    score_a, score_b = (
        on_basis(metric, basis) if parts is None else reweighted(metric, basis.y, basis.prediction, parts)
        for basis in (a, b)
    )
    sign = 1.0 if metric.greater_is_better else -1.0
    if not isinstance(score_a, Weighted) or not isinstance(score_b, Weighted):
        return lambda weights: sign * (score_a(weights) - score_b(weights))
    of_a, of_b, split = score_a.finish, score_b.finish, len(score_a.parts)
    return Weighted(
        (*score_a.parts, *score_b.parts),
        lambda *sums: sign * (of_a(*sums[:split]) - of_b(*sums[split:])),
    )
