"""The formulas of the metrics, in NumPy.

Each takes the rows' weights, or None where every row counts alike; they agree with scikit-learn's
``sample_weight``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.generic]
Floating = NDArray[np.floating]
Weight = NDArray[np.floating] | None

_SMALLEST_PROBABILITY = 1e-15


def roc_auc(y: Labels, prediction: Floating, weight: Weight = None) -> float:
    """Area under the ROC curve of two labels; ties count half."""
    return _auc(np.asarray(y) == 1, prediction[:, 1], weight)


def roc_auc_ovr(y: Labels, prediction: Floating, weight: Weight = None) -> float:
    """ROC-AUC of each label against the rest, averaged over the labels that occur."""
    return _over_labels(_auc, y, prediction, weight)


def average_precision(y: Labels, prediction: Floating, weight: Weight = None) -> float:
    """Mean precision over all recalls; averaged over the labels that occur where there are more than two."""
    if prediction.shape[1] == 2:
        return _precision(np.asarray(y) == 1, prediction[:, 1], weight)
    return _over_labels(_precision, y, prediction, weight)


def _over_labels(
    score: Callable[[NDArray[np.bool_], Floating, Weight], float],
    y: Labels,
    prediction: Floating,
    weight: Weight,
) -> float:
    labels = range(prediction.shape[1])
    figures = np.array([score(np.asarray(y) == label, prediction[:, label], weight) for label in labels])
    known = figures[np.isfinite(figures)]
    return float(known.mean()) if len(known) else float("nan")


def _auc(positive: NDArray[np.bool_], score: Floating, weight: Weight) -> float:
    levels, rank = np.unique(score, return_inverse=True)
    of_all = np.bincount(rank, weights=weight, minlength=len(levels)).astype(np.float64)
    counted = positive if weight is None else positive * weight
    positives = np.bincount(rank, weights=counted, minlength=len(levels))
    negatives = of_all - positives
    pairs = float(positives.sum()) * float(negatives.sum())
    if not positive.any() or positive.all() or pairs <= 0:
        return float("nan")
    below = np.cumsum(negatives) - negatives / 2
    return float(positives @ below) / pairs


def _precision(positive: NDArray[np.bool_], score: Floating, weight: Weight) -> float:
    if not positive.any():
        return float("nan")
    order = np.argsort(-score, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1)
    counted = positive if weight is None else positive * weight
    hits = np.cumsum(counted[order], dtype=np.float64)[ends]
    flagged = ends + 1.0 if weight is None else np.cumsum(weight[order], dtype=np.float64)[ends]
    return float(hits / flagged @ np.diff(hits / hits[-1], prepend=0.0))


def log_loss(y: Labels, prediction: Floating, weight: Weight = None) -> float:
    """Mean surprise at the true label."""
    codes = np.asarray(y, dtype=np.int64)
    chosen = np.asarray(prediction, dtype=np.float64)[np.arange(len(codes)), codes]
    return _mean(-np.log(np.clip(chosen, _SMALLEST_PROBABILITY, 1.0)), weight)


def brier(y: Labels, prediction: Floating, weight: Weight = None) -> float:
    """Mean squared error of the probabilities."""
    codes = np.asarray(y, dtype=np.int64)
    probabilities = np.asarray(prediction, dtype=np.float64)
    if probabilities.shape[1] == 2:
        return _mean((probabilities[:, 1] - codes) ** 2, weight)
    squares = (probabilities**2).sum(axis=1)
    chosen = probabilities[np.arange(len(codes)), codes]
    return _mean(squares - 2 * chosen + 1, weight)


def _mean(values: NDArray[np.float64], weight: Weight) -> float:
    return float(values.mean() if weight is None else np.average(values, weights=weight))


def _hits(y: Labels, prediction: Floating) -> NDArray[np.float64]:
    return np.asarray(prediction.argmax(axis=1) == np.asarray(y), dtype=np.float64)


def accuracy(y: Labels, prediction: Floating, weight: Weight = None) -> float:
    """Share of right answers."""
    return _mean(_hits(y, prediction), weight)


def balanced_accuracy(y: Labels, prediction: Floating, weight: Weight = None) -> float:
    """Recall of each label, averaged over the labels that occur."""
    right, true, _ = _label_counts(y, prediction, weight)
    return float((right[true > 0] / true[true > 0]).mean())


def f1(y: Labels, prediction: Floating, weight: Weight = None) -> float:
    """Harmonic mean of precision and recall of the positive label."""
    return float(_f1_of_labels(*_label_counts(y, prediction, weight))[1])


def f1_macro(y: Labels, prediction: Floating, weight: Weight = None) -> float:
    """F1 of each label, averaged over the labels that occur or are predicted."""
    right, true, chosen = _label_counts(y, prediction, weight)
    return float(_f1_of_labels(right, true, chosen)[true + chosen > 0].mean())


def f1_weighted(y: Labels, prediction: Floating, weight: Weight = None) -> float:
    """F1 of each label, averaged by how often the label occurs."""
    right, true, chosen = _label_counts(y, prediction, weight)
    return float(_f1_of_labels(right, true, chosen) @ true / true.sum())


def mcc(y: Labels, prediction: Floating, weight: Weight = None) -> float:
    """Matthews' correlation; 0 where all true or all predicted labels are one.

    J. Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient",
    Computational Biology and Chemistry 28 (2004).
    """
    right, true, chosen = _label_counts(y, prediction, weight)
    n = true.sum()
    spread = (n**2 - (chosen**2).sum()) * (n**2 - (true**2).sum())
    return float((right.sum() * n - true @ chosen) / np.sqrt(spread)) if spread > 0 else 0.0


def _label_counts(
    y: Labels, prediction: Floating, weight: Weight
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    codes, chosen = np.asarray(y, dtype=np.int64), prediction.argmax(axis=1)
    weights = np.ones(len(codes)) if weight is None else np.asarray(weight, dtype=np.float64)
    n_classes = prediction.shape[1]
    right, true, given = (
        np.bincount(which, weights=by, minlength=n_classes).astype(np.float64)
        for which, by in ((codes, weights * (codes == chosen)), (codes, weights), (chosen, weights))
    )
    return right, true, given


def _f1_of_labels(
    right: NDArray[np.float64], true: NDArray[np.float64], chosen: NDArray[np.float64]
) -> NDArray[np.float64]:
    total = true + chosen
    return np.asarray(np.divide(2 * right, total, out=np.zeros(len(total)), where=total > 0))


def _errors(y: Labels, prediction: Floating) -> NDArray[np.float64]:
    return np.asarray(prediction[:, 0], dtype=np.float64) - np.asarray(y, dtype=np.float64)


def mae(y: Labels, prediction: Floating, weight: Weight = None) -> float:
    """Mean absolute error."""
    return _mean(np.abs(_errors(y, prediction)), weight)


def rmse(y: Labels, prediction: Floating, weight: Weight = None) -> float:
    """Root of the mean squared error."""
    return float(np.sqrt(_mean(_errors(y, prediction) ** 2, weight)))


def r2(y: Labels, prediction: Floating, weight: Weight = None) -> float:
    """Share of the variance that is explained; NaN where the values do not vary."""
    values = np.asarray(y, dtype=np.float64)
    total = _mean((values - _mean(values, weight)) ** 2, weight)
    if total == 0:
        return float("nan")
    return 1 - _mean(_errors(y, prediction) ** 2, weight) / total
