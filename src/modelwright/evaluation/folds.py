"""Two models over the folds of one cross-validation: how likely one is better, worse, or no different.

References
----------
C. Nadeau and Y. Bengio, "Inference for the generalization error", Machine Learning 52 (2003): the scores of
two folds are correlated, because their training rows overlap.
A. Benavoli, G. Corani, J. Demšar and M. Zaffalon, "Time for a change: a tutorial for comparing multiple
classifiers through Bayesian analysis", JMLR 18 (2017): the Bayesian correlated t-test.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.problem import Metric

_SHARE = 0.01
_WIDEST_BOUNDED = 2.0


class FoldComparison(BaseModel):
    """How likely one model is better than another, by the same folds.

    Attributes
    ----------
    folds : int
        How many.
    mean, low, high : float
        Mean improvement over the folds, and the limits that hold it with a probability of 95 %.
    better, equal, worse : float
        Probabilities that the first is better, equal in practice, or worse; they add up to 1.
    equivalence : float
        A difference up to this is none in practice.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    folds: int
    mean: float
    low: float
    high: float
    better: float
    equal: float
    worse: float
    equivalence: float


def compare_folds(differences: Sequence[float], *, equivalence: float) -> FoldComparison:
    """Compare two models by their scores on the same folds.

    Parameters
    ----------
    differences : sequence of float
        Improvement of the first over the second on each of k folds of about equal size.
    equivalence : float
        The region of practical equivalence reaches from minus this to plus this.

    Notes
    -----
    The posterior of the mean difference is Student's t with k - 1 degrees of freedom, and a variance of
    1/k + r/(1 - r) times that of the differences, where r = 1/k is the share of rows that a fold tests.
    """
    from scipy.special import stdtr, stdtrit

    values = np.asarray(differences, dtype=np.float64)
    k = len(values)
    mean, spread = float(values.mean()), float(values.std(ddof=1))
    scale = spread * float(np.sqrt(1 / k + (1 / k) / (1 - 1 / k)))
    if scale == 0:
        below, above = float(mean < -equivalence), float(mean > equivalence)
        reach = 0.0
    else:
        below = float(stdtr(k - 1, (-equivalence - mean) / scale))
        above = float(stdtr(k - 1, (mean - equivalence) / scale))
        reach = float(stdtrit(k - 1, 0.975)) * scale
    return FoldComparison(
        folds=k,
        mean=mean,
        low=mean - reach,
        high=mean + reach,
        better=above,
        equal=max(0.0, 1 - above - below),
        worse=below,
        equivalence=equivalence,
    )


def fold_differences(
    metric: Metric,
    y: NDArray[np.generic],
    a: NDArray[np.floating],
    b: NDArray[np.floating],
    folds: NDArray[np.generic],
    weight: NDArray[np.floating] | None = None,
) -> list[float]:
    """Return the improvement of `a` over `b` on each fold where the metric is defined for both."""

    def on(rows: NDArray[np.bool_], prediction: NDArray[np.floating]) -> float:
        return metric(y[rows], prediction[rows], None if weight is None else weight[rows])

    found = [
        metric.improvement(on(rows, a), on(rows, b)) for rows in (folds == fold for fold in np.unique(folds))
    ]
    return [each for each in found if np.isfinite(each)]


def equivalence_for(metric: Metric, figure: float, stated: float = 0.0) -> float:
    """Return by how much two models may differ and still be equal in practice.

    Parameters
    ----------
    metric : Metric
    figure : float
        Its figure for one of the two.
    stated : float, default 0
        What the brief states; 0 means a hundredth: 0.01 for a metric between 0 and 1, else 1 % of the figure.
    """
    if stated > 0:
        return stated
    bounded = metric.highest - metric.lowest <= _WIDEST_BOUNDED
    return _SHARE if bounded else _SHARE * abs(figure)
