"""The metrics as functions of row weights: what makes a thousand bootstrap resamples cheap.

A bootstrap resample is a vector of counts, one per row. Each metric is prepared once (rows sorted, losses
computed) and then evaluated for a whole matrix of such counts, so that no resample sorts or copies rows.
Metrics of the same predictions share what they rest on (`Basis`), which is then computed once for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.evaluation.arrays import Floats, Weights
from modelwright.evaluation.basis import Basis, RowSums
from modelwright.evaluation.ranking import Curve
from modelwright.problem import Metric

Statistic = Callable[[Weights], Floats]
"""From weights of shape (b, n) to figures of shape (b,) or (b, m)."""


@dataclass(frozen=True)
class Weighted:
    """A figure as a function of what it rests on.

    Attributes
    ----------
    parts : tuple of callable
        Each from weights of shape (b, n) to sums of shape (b, m), or to a `Curve`; figures that share one
        share the work.
    finish : callable
        From those to the b figures.
    """

    parts: tuple[Callable[[Weights], Any], ...]
    finish: Callable[..., Floats]

    def __call__(self, weights: Weights) -> Floats:
        """Evaluate the figure for many weightings."""
        return self.finish(*(part(weights) for part in self.parts))


@dataclass(frozen=True)
class StatedMetric(Metric):
    """A metric with a number that the brief states, such as a share or a quantile.

    Attributes
    ----------
    prepare : callable
        From a `Basis` to the metric under row weights.
    """

    prepare: Callable[[Basis], Weighted] = field(kw_only=True)


def reweighted(
    metric: Metric,
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    parts: NDArray[np.generic] | None = None,
) -> Statistic:
    """Prepare a metric to be evaluated for many weightings of the same rows.

    Parameters
    ----------
    metric : Metric
        Any metric; those of `modelwright.problem.METRICS` are vectorised, others are evaluated one weighting
        after the other.
    y : ndarray of shape (n,)
        Class codes, or values for regression.
    prediction : ndarray of shape (n, n_classes) or (n, 1)
        Probabilities, or values for regression.
    parts : ndarray of shape (n,), optional
        The part of each row, such as its fold. The metric is then computed in each part alone and averaged by
        rows, over the parts where it is defined.

    Returns
    -------
    callable
        From counts of shape (b, n) to the b figures; NaN where a figure is not defined.
    """
    if parts is not None:
        return _averaged(metric, y, prediction, parts)
    return on_basis(metric, Basis(y, prediction))


def on_basis(metric: Metric, basis: Basis) -> Statistic:
    """Prepare a metric on a basis that others share."""
    if isinstance(metric, StatedMetric):
        return metric.prepare(basis)
    prepare = _PREPARED.get(metric.name)
    return _one_by_one(metric, basis) if prepare is None else prepare(basis)


def together(statistics: Sequence[Statistic]) -> Statistic:
    """Join figures of one value each into one statistic of many; what they share is computed once."""
    parts = {id(part): part for each in statistics if isinstance(each, Weighted) for part in each.parts}
    sums = _Joined([part for part in parts.values() if isinstance(part, RowSums)])

    def score(weights: Weights) -> Floats:
        shared: dict[int, Any] = sums(weights)
        shared |= {key: part(weights) for key, part in parts.items() if key not in shared}
        figures = [
            each.finish(*(shared[id(part)] for part in each.parts))
            if isinstance(each, Weighted)
            else each(weights)
            for each in statistics
        ]
        return np.stack(figures, axis=1)

    return score


class _Joined:
    """Several sums of rows as one product, since reading the weights is most of the work."""

    def __init__(self, parts: Sequence[RowSums]) -> None:
        self._keys = [id(part) for part in parts]
        self._ends = np.cumsum([part.columns.shape[1] for part in parts])[:-1]
        self._all = RowSums([column for part in parts for column in part.columns.T]) if parts else None

    def __call__(self, weights: Weights) -> dict[int, Floats]:
        """Return the sums of each part, by its id."""
        if self._all is None:
            return {}
        return dict(zip(self._keys, np.split(self._all(weights), self._ends, axis=1), strict=True))


def _averaged(
    metric: Metric, y: NDArray[np.generic], prediction: NDArray[np.floating], parts: NDArray[np.generic]
) -> Statistic:
    rows = [np.flatnonzero(parts == part) for part in np.unique(parts)]
    each = [(row, reweighted(metric, y[row], prediction[row])) for row in rows]

    def score(weights: Weights) -> Floats:
        figures = np.stack([part(weights[:, row]) for row, part in each], axis=1)
        size = np.stack([weights[:, row].sum(axis=1) for row, _ in each], axis=1) * np.isfinite(figures)
        return _ratio((np.nan_to_num(figures) * size).sum(axis=1), size.sum(axis=1))

    return score


def _one_by_one(metric: Metric, basis: Basis) -> Statistic:
    y, prediction = basis.y, basis.prediction

    def score(weights: Weights) -> Floats:
        drawn = ((counts > 0, counts.astype(np.float64)) for counts in weights)
        return np.array([metric(y[row], prediction[row], counts[row]) for row, counts in drawn])

    return score


def weighted_mean(values: Floats) -> Statistic:
    """Return the mean of `values` as a function of row weights."""

    def score(weights: Weights) -> Floats:
        return _ratio(weights @ values, weights.sum(axis=1))

    return score


def mean_loss(name: str) -> Callable[[Basis], Weighted]:
    """Return how the mean of one of the basis' losses is prepared."""

    def prepare(basis: Basis) -> Weighted:
        return Weighted((basis.losses,), lambda sums: _ratio(sums[:, basis.losses.at(name)], sums[:, 0]))

    return prepare


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    empty = np.full(numerator.shape, np.nan)
    return np.asarray(np.divide(numerator, denominator, out=empty, where=denominator > 0))


def _rmse(basis: Basis) -> Weighted:
    mean = mean_loss("squared error")(basis)
    return Weighted(mean.parts, lambda sums: np.sqrt(mean.finish(sums)))


def _r2(basis: Basis) -> Weighted:
    at = basis.losses.at

    def finish(sums: Floats) -> Floats:
        residual, square, total = (sums[:, at(name)] for name in ("squared error", "square", "value"))
        return 1 - _ratio(residual, square - _ratio(total**2, sums[:, 0]))

    return Weighted((basis.losses,), finish)


def _of_labels(finish: Callable[[Floats, Floats, Floats], Floats]) -> Callable[[Basis], Weighted]:
    """Prepare a figure of how often each label is right, true and chosen."""

    def prepare(basis: Basis) -> Weighted:
        def split(sums: Floats) -> Floats:
            right, true, chosen = np.split(sums, 3, axis=1)
            return finish(right, true, chosen)

        return Weighted((basis.labels,), split)

    return prepare


def _balanced_accuracy(right: Floats, true: Floats, chosen: Floats) -> Floats:  # noqa: ARG001 - one signature
    return _mean_of_known(_ratio(right, true))


def _f1(right: Floats, true: Floats, chosen: Floats) -> Floats:
    return np.nan_to_num(_ratio(2 * right, true + chosen)[:, 1])


def _f1_macro(right: Floats, true: Floats, chosen: Floats) -> Floats:
    return _mean_of_known(_ratio(2 * right, true + chosen))


def _f1_weighted(right: Floats, true: Floats, chosen: Floats) -> Floats:
    scores = np.nan_to_num(_ratio(2 * right, true + chosen))
    return _ratio((scores * true).sum(axis=1), true.sum(axis=1))


def _mcc(right: Floats, true: Floats, chosen: Floats) -> Floats:
    rows = true.sum(axis=1)
    spread = (rows**2 - (chosen**2).sum(axis=1)) * (rows**2 - (true**2).sum(axis=1))
    agreed = right.sum(axis=1) * rows - (true * chosen).sum(axis=1)
    return np.nan_to_num(_ratio(agreed, np.sqrt(np.maximum(spread, 0.0))))


def _mean_of_known(figures: Floats) -> Floats:
    known = np.isfinite(figures)
    return _ratio(np.where(known, figures, 0.0).sum(axis=1), known.sum(axis=1).astype(np.float64))


def _of_ranks(figure: Callable[[Curve], Floats]) -> Callable[[Basis], Weighted]:
    """Prepare a figure of the ranking of the positive label, or its mean over the labels."""

    def finish(*curves: Curve) -> Floats:
        return _mean_of_known(np.stack([figure(curve) for curve in curves], axis=1))

    return lambda basis: Weighted(basis.rankings, finish)


_PREPARED: dict[str, Callable[[Basis], Statistic]] = {
    "roc_auc": _of_ranks(lambda curve: curve.roc_auc),
    "roc_auc_ovr": _of_ranks(lambda curve: curve.roc_auc),
    "average_precision": _of_ranks(lambda curve: curve.average_precision),
    "log_loss": mean_loss("log-loss"),
    "brier": mean_loss("squared distance"),
    "accuracy": mean_loss("hit"),
    "balanced_accuracy": _of_labels(_balanced_accuracy),
    "f1": _of_labels(_f1),
    "f1_macro": _of_labels(_f1_macro),
    "f1_weighted": _of_labels(_f1_weighted),
    "mcc": _of_labels(_mcc),
    "mae": mean_loss("absolute error"),
    "rmse": _rmse,
    "r2": _r2,
}
