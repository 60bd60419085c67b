"""The formulas of the metrics, in NumPy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_SMALLEST_PROBABILITY = 1e-15


def roc_auc(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    """Area under the ROC curve of two labels; ties count half."""
    return _auc(np.asarray(y) == 1, prediction[:, 1])


def roc_auc_ovr(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    """ROC-AUC of each label against the rest, averaged over the labels that occur."""
    return _over_labels(_auc, y, prediction)


def average_precision(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    """Mean precision over all recalls; averaged over the labels that occur where there are more than two."""
    if prediction.shape[1] == 2:
        return _precision(np.asarray(y) == 1, prediction[:, 1])
    return _over_labels(_precision, y, prediction)


def _over_labels(
    score: Callable[[NDArray[np.bool_], NDArray[np.floating]], float],
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
) -> float:
    figures = np.array([score(np.asarray(y) == k, prediction[:, k]) for k in range(prediction.shape[1])])
    known = figures[np.isfinite(figures)]
    return float(known.mean()) if len(known) else float("nan")


def _auc(positive: NDArray[np.bool_], score: NDArray[np.floating]) -> float:
    n_positive = int(positive.sum())
    n_negative = len(positive) - n_positive
    if n_positive == 0 or n_negative == 0:
        return float("nan")
    _, rank, counts = np.unique(score, return_inverse=True, return_counts=True)
    last = np.cumsum(counts, dtype=np.float64)
    mid_rank = last - (counts - 1) / 2
    rank_sum = float(mid_rank[rank[positive]].sum())
    return (rank_sum - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative)


def _precision(positive: NDArray[np.bool_], score: NDArray[np.floating]) -> float:
    if not positive.any():
        return float("nan")
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(positive[order], dtype=np.float64)
    ends = np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1)
    precision = hits[ends] / (ends + 1)
    recall_step = np.diff(hits[ends] / hits[-1], prepend=0.0)
    return float(precision @ recall_step)


def log_loss(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    """Mean surprise at the true label."""
    codes = np.asarray(y, dtype=np.int64)
    chosen = np.asarray(prediction, dtype=np.float64)[np.arange(len(codes)), codes]
    return float(-np.log(np.clip(chosen, _SMALLEST_PROBABILITY, 1.0)).mean())


def brier(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    """Mean squared error of the probabilities."""
    codes = np.asarray(y, dtype=np.int64)
    probabilities = np.asarray(prediction, dtype=np.float64)
    if probabilities.shape[1] == 2:
        return float(((probabilities[:, 1] - codes) ** 2).mean())
    squares = (probabilities**2).sum(axis=1)
    chosen = probabilities[np.arange(len(codes)), codes]
    return float((squares - 2 * chosen + 1).mean())


def _hits(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> NDArray[np.bool_]:
    return np.asarray(prediction.argmax(axis=1) == np.asarray(y))


def accuracy(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    """Share of right answers."""
    return float(_hits(y, prediction).mean())


def balanced_accuracy(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    """Recall of each label, averaged over the labels that occur."""
    codes = np.asarray(y, dtype=np.int64)
    counts = np.bincount(codes)
    right = np.bincount(codes, weights=_hits(y, prediction))
    return float((right[counts > 0] / counts[counts > 0]).mean())


def f1(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    """Harmonic mean of precision and recall of the positive label."""
    return float(_f1_of_labels(*_label_counts(y, prediction))[1])


def f1_macro(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    """F1 of each label, averaged over the labels that occur or are predicted."""
    right, true, chosen = _label_counts(y, prediction)
    return float(_f1_of_labels(right, true, chosen)[true + chosen > 0].mean())


def f1_weighted(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    """F1 of each label, averaged by how often the label occurs."""
    right, true, chosen = _label_counts(y, prediction)
    return float(_f1_of_labels(right, true, chosen) @ true / true.sum())


def mcc(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    """Matthews' correlation; 0 where all true or all predicted labels are one.

    J. Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient",
    Computational Biology and Chemistry 28 (2004).
    """
    right, true, chosen = _label_counts(y, prediction)
    n = true.sum()
    spread = (n**2 - (chosen**2).sum()) * (n**2 - (true**2).sum())
    return float((right.sum() * n - true @ chosen) / np.sqrt(spread)) if spread > 0 else 0.0


def _label_counts(
    y: NDArray[np.generic], prediction: NDArray[np.floating]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    codes, chosen, n_classes = np.asarray(y, dtype=np.int64), prediction.argmax(axis=1), prediction.shape[1]
    right, true, given = (
        np.bincount(which, minlength=n_classes).astype(np.float64)
        for which in (codes[codes == chosen], codes, chosen)
    )
    return right, true, given


def _f1_of_labels(
    right: NDArray[np.float64], true: NDArray[np.float64], chosen: NDArray[np.float64]
) -> NDArray[np.float64]:
    total = true + chosen
    return np.asarray(np.divide(2 * right, total, out=np.zeros(len(total)), where=total > 0))


def _errors(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray(prediction[:, 0], dtype=np.float64) - np.asarray(y, dtype=np.float64)


def mae(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    """Mean absolute error."""
    return float(np.abs(_errors(y, prediction)).mean())


def rmse(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    """Root of the mean squared error."""
    return float(np.sqrt((_errors(y, prediction) ** 2).mean()))


def r2(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    """Share of the variance that is explained; NaN where the values do not vary."""
    values = np.asarray(y, dtype=np.float64)
    total = float(((values - values.mean()) ** 2).sum())
    if total == 0:
        return float("nan")
    return 1 - float((_errors(y, prediction) ** 2).sum()) / total
