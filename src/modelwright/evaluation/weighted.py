"""The metrics as functions of row weights: what makes a thousand bootstrap resamples cheap.

A bootstrap resample is a vector of counts, one per row. Each metric is prepared once (rows sorted, losses
computed) and then evaluated for a whole matrix of such counts, so that no resample sorts or copies rows.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from modelwright.problem import Metric

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], Floats]
"""From weights of shape (b, n) to figures of shape (b,) or (b, m)."""

_SMALLEST_PROBABILITY = 1e-15


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
        Any metric; those of `modelwright.problem.METRICS` are vectorised, others are evaluated row by row.
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
    prepare = _PREPARED.get(metric.name)
    if prepare is None:
        return _by_repeating(metric, y, prediction)
    return prepare(np.asarray(y), np.asarray(prediction, dtype=np.float64))


def _averaged(
    metric: Metric, y: NDArray[np.generic], prediction: NDArray[np.floating], parts: NDArray[np.generic]
) -> Statistic:
    rows = [np.flatnonzero(parts == part) for part in np.unique(parts)]
    each = [(row, reweighted(metric, y[row], prediction[row])) for row in rows]

    def score(weights: Floats) -> Floats:
        figures = np.stack([part(weights[:, row]) for row, part in each], axis=1)
        size = np.stack([weights[:, row].sum(axis=1) for row, _ in each], axis=1) * np.isfinite(figures)
        return _ratio((np.nan_to_num(figures) * size).sum(axis=1), size.sum(axis=1))

    return score


def _by_repeating(metric: Metric, y: NDArray[np.generic], prediction: NDArray[np.floating]) -> Statistic:
    def score(weights: Floats) -> Floats:
        rows = (np.repeat(np.arange(len(y)), counts.astype(np.int64)) for counts in weights)
        return np.array([metric(y[row], prediction[row]) for row in rows])

    return score


def weighted_mean(values: Floats) -> Statistic:
    """Return the mean of `values` as a function of row weights."""

    def score(weights: Floats) -> Floats:
        return _ratio(weights @ values, weights.sum(axis=1))

    return score


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    empty = np.full(numerator.shape, np.nan)
    return np.asarray(np.divide(numerator, denominator, out=empty, where=denominator > 0))


def _log_loss(y: NDArray[np.generic], prediction: Floats) -> Statistic:
    chosen = prediction[np.arange(len(y)), y.astype(np.int64)]
    return weighted_mean(-np.log(np.clip(chosen, _SMALLEST_PROBABILITY, 1.0)))


def _brier(y: NDArray[np.generic], prediction: Floats) -> Statistic:
    codes = y.astype(np.int64)
    if prediction.shape[1] == 2:
        return weighted_mean((prediction[:, 1] - codes) ** 2)
    chosen = prediction[np.arange(len(codes)), codes]
    return weighted_mean((prediction**2).sum(axis=1) - 2 * chosen + 1)


def _accuracy(y: NDArray[np.generic], prediction: Floats) -> Statistic:
    return weighted_mean((prediction.argmax(axis=1) == y).astype(np.float64))


def _mae(y: NDArray[np.generic], prediction: Floats) -> Statistic:
    return weighted_mean(np.abs(prediction[:, 0] - y.astype(np.float64)))


def _rmse(y: NDArray[np.generic], prediction: Floats) -> Statistic:
    mean_square = weighted_mean((prediction[:, 0] - y.astype(np.float64)) ** 2)
    return lambda weights: np.sqrt(mean_square(weights))


def _r2(y: NDArray[np.generic], prediction: Floats) -> Statistic:
    values = y.astype(np.float64)
    centred = values - values.mean()
    columns = np.stack([(prediction[:, 0] - values) ** 2, centred**2, centred], axis=1)

    def score(weights: Floats) -> Floats:
        residual, square, total = (weights @ columns).T
        return 1 - _ratio(residual, square - _ratio(total**2, weights.sum(axis=1)))

    return score


def _indicators(codes: NDArray[np.generic], n_classes: int) -> Floats:
    return np.asarray(codes[:, None] == np.arange(n_classes), dtype=np.float64)


def _balanced_accuracy(y: NDArray[np.generic], prediction: Floats) -> Statistic:
    true = _indicators(y, prediction.shape[1])
    right = true * (prediction.argmax(axis=1) == y)[:, None]

    def score(weights: Floats) -> Floats:
        recall = _ratio(weights @ right, weights @ true)
        present = np.isfinite(recall)
        return _ratio(np.where(present, recall, 0.0).sum(axis=1), present.sum(axis=1).astype(np.float64))

    return score


def _f1(y: NDArray[np.generic], prediction: Floats) -> Statistic:
    n_classes = prediction.shape[1]
    true, chosen = _indicators(y, n_classes), _indicators(prediction.argmax(axis=1), n_classes)
    right, either = true * chosen, true + chosen

    def score(weights: Floats) -> Floats:
        scores = _ratio(2 * weights @ right, weights @ either)
        present = np.isfinite(scores)
        if n_classes == 2:
            return np.where(present[:, 1], scores[:, 1], 0.0)
        return _ratio(np.where(present, scores, 0.0).sum(axis=1), present.sum(axis=1).astype(np.float64))

    return score


def _roc_auc(y: NDArray[np.generic], prediction: Floats) -> Statistic:
    positive, negative = _sorted_by_score(y, prediction[:, 1])
    negative_score, positive_score = prediction[negative, 1], prediction[positive, 1]
    below = np.searchsorted(negative_score, positive_score, side="left")
    not_above = np.searchsorted(negative_score, positive_score, side="right")

    def score(weights: Floats) -> Floats:
        beaten, mine = _running(weights[:, negative]), weights[:, positive]
        wins = np.einsum("bn,bn->b", mine, beaten[:, below] + beaten[:, not_above]) / 2
        return _ratio(wins, mine.sum(axis=1) * beaten[:, -1])

    return score


def _average_precision(y: NDArray[np.generic], prediction: Floats) -> Statistic:
    positive, negative = _sorted_by_score(y, -prediction[:, 1])
    positive_score, negative_score = -prediction[positive, 1], -prediction[negative, 1]
    hits = np.searchsorted(positive_score, positive_score, side="right")
    false_alarms = np.searchsorted(negative_score, positive_score, side="right")

    def score(weights: Floats) -> Floats:
        mine = weights[:, positive]
        found = _running(mine)[:, hits]
        flagged = found + _running(weights[:, negative])[:, false_alarms]
        precision = np.divide(found, flagged, out=np.zeros_like(found), where=flagged > 0)
        return _ratio(np.einsum("bn,bn->b", precision, mine), mine.sum(axis=1))

    return score


def _sorted_by_score(y: NDArray[np.generic], score: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    order = np.argsort(score, kind="stable")
    return order[y[order] == 1], order[y[order] != 1]


def _running(weights: Floats) -> Floats:
    total = np.zeros((weights.shape[0], weights.shape[1] + 1))
    np.cumsum(weights, axis=1, out=total[:, 1:])
    return total


_PREPARED: dict[str, Callable[[NDArray[np.generic], Floats], Statistic]] = {
    "roc_auc": _roc_auc,
    "average_precision": _average_precision,
    "log_loss": _log_loss,
    "brier": _brier,
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced_accuracy,
    "f1": _f1,
    "mae": _mae,
    "rmse": _rmse,
    "r2": _r2,
}
