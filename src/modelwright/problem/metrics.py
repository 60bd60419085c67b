"""The metrics by which models are judged: one formula for search, ensemble, verdict and monitoring.

They are written in NumPy because the ensemble evaluates them thousands of times a build; agreement with
scikit-learn is tested.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from modelwright.errors import BriefError
from modelwright.problem.task import Task

Score = Callable[[NDArray[np.generic], NDArray[np.floating]], float]

_SMALLEST_PROBABILITY = 1e-15


@dataclass(frozen=True)
class Metric:
    """A figure that says how good predictions are.

    Attributes
    ----------
    name : str
        scikit-learn's name of the metric, such as ``roc_auc``.
    title : str
        Its name in reports.
    tasks : frozenset of Task
        The tasks it is defined for.
    greater_is_better : bool
        Whether a larger figure is a better one.
    best : float
        The figure of a perfect model.
    describe : str
        What it says, for a stakeholder.
    score : callable
        ``score(y, prediction)``.
    """

    name: str
    title: str
    tasks: frozenset[Task]
    greater_is_better: bool
    best: float
    describe: str
    score: Score

    def __call__(self, y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
        """Compute the metric.

        Parameters
        ----------
        y : ndarray of shape (n,)
            Class codes (int64), or values (float64) for regression.
        prediction : ndarray of shape (n, n_classes) or (n, 1)
            Probabilities, or values for regression.

        Returns
        -------
        float
            The figure; NaN where it is not defined, such as ROC-AUC on a single class.
        """
        return self.score(y, prediction)

    def loss(self, y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
        """Compute the distance from the best possible figure: zero is perfect, lower is better."""
        return abs(self.best - self.score(y, prediction))

    def improvement(self, new: float, old: float) -> float:
        """Return by how much `new` is better than `old`: positive where it is."""
        return new - old if self.greater_is_better else old - new


def _roc_auc(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    positive = np.asarray(y) == 1
    n_positive = int(positive.sum())
    n_negative = len(positive) - n_positive
    if n_positive == 0 or n_negative == 0:
        return float("nan")
    _, rank, counts = np.unique(prediction[:, 1], return_inverse=True, return_counts=True)
    last = np.cumsum(counts, dtype=np.float64)
    mid_rank = last - (counts - 1) / 2
    rank_sum = float(mid_rank[rank[positive]].sum())
    return (rank_sum - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative)


def _average_precision(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    positive = np.asarray(y) == 1
    if not positive.any():
        return float("nan")
    order = np.argsort(-prediction[:, 1], kind="stable")
    score = prediction[order, 1]
    hits = np.cumsum(positive[order], dtype=np.float64)
    ends = np.append(np.flatnonzero(np.diff(score)), len(score) - 1)
    precision = hits[ends] / (ends + 1)
    recall_step = np.diff(hits[ends] / hits[-1], prepend=0.0)
    return float(precision @ recall_step)


def _log_loss(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    codes = np.asarray(y, dtype=np.int64)
    chosen = np.asarray(prediction, dtype=np.float64)[np.arange(len(codes)), codes]
    return float(-np.log(np.clip(chosen, _SMALLEST_PROBABILITY, 1.0)).mean())


def _brier(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    codes = np.asarray(y, dtype=np.int64)
    probabilities = np.asarray(prediction, dtype=np.float64)
    if probabilities.shape[1] == 2:
        return float(((probabilities[:, 1] - codes) ** 2).mean())
    squares = (probabilities**2).sum(axis=1)
    chosen = probabilities[np.arange(len(codes)), codes]
    return float((squares - 2 * chosen + 1).mean())


def _hits(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> NDArray[np.bool_]:
    return np.asarray(prediction.argmax(axis=1) == np.asarray(y))


def _accuracy(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    return float(_hits(y, prediction).mean())


def _balanced_accuracy(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    codes = np.asarray(y, dtype=np.int64)
    counts = np.bincount(codes)
    right = np.bincount(codes, weights=_hits(y, prediction))
    return float((right[counts > 0] / counts[counts > 0]).mean())


def _f1(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    codes = np.asarray(y, dtype=np.int64)
    chosen = prediction.argmax(axis=1)
    n_classes = prediction.shape[1]
    right = np.bincount(codes[codes == chosen], minlength=n_classes).astype(np.float64)
    total = np.bincount(codes, minlength=n_classes) + np.bincount(chosen, minlength=n_classes)
    scores = np.divide(2 * right, total, out=np.zeros(n_classes), where=total > 0)
    return float(scores[1]) if n_classes == 2 else float(scores[total > 0].mean())


def _errors(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray(prediction[:, 0], dtype=np.float64) - np.asarray(y, dtype=np.float64)


def _mae(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    return float(np.abs(_errors(y, prediction)).mean())


def _rmse(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    return float(np.sqrt((_errors(y, prediction) ** 2).mean()))


def _r2(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> float:
    values = np.asarray(y, dtype=np.float64)
    total = float(((values - values.mean()) ** 2).sum())
    if total == 0:
        return float("nan")
    return 1 - float((_errors(y, prediction) ** 2).sum()) / total


_BINARY = frozenset({Task.BINARY})
_CLASSES = frozenset({Task.BINARY, Task.MULTICLASS})
_VALUES = frozenset({Task.REGRESSION})

METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "roc_auc",
            "ROC-AUC",
            _BINARY,
            True,
            1.0,
            "the chance that a positive is scored above a negative (0.5 is a coin, 1 is perfect)",
            _roc_auc,
        ),
        Metric(
            "average_precision",
            "average precision",
            _BINARY,
            True,
            1.0,
            "the mean precision over all recalls (the share of positives is a coin, 1 is perfect)",
            _average_precision,
        ),
        Metric(
            "log_loss",
            "log-loss",
            _CLASSES,
            False,
            0.0,
            "the mean surprise at the true label (0 is perfect)",
            _log_loss,
        ),
        Metric(
            "brier",
            "Brier score",
            _CLASSES,
            False,
            0.0,
            "the mean squared error of the probabilities (0 is perfect)",
            _brier,
        ),
        Metric("accuracy", "accuracy", _CLASSES, True, 1.0, "the share of right answers", _accuracy),
        Metric(
            "balanced_accuracy",
            "balanced accuracy",
            _CLASSES,
            True,
            1.0,
            "the share of right answers, averaged over the classes",
            _balanced_accuracy,
        ),
        Metric(
            "f1",
            "F1",
            _CLASSES,
            True,
            1.0,
            "the harmonic mean of precision and recall (averaged over more than two classes)",
            _f1,
        ),
        Metric(
            "rmse",
            "RMSE",
            _VALUES,
            False,
            0.0,
            "the root of the mean squared error, in the target's unit; large errors weigh most",
            _rmse,
        ),
        Metric("mae", "MAE", _VALUES, False, 0.0, "the mean absolute error, in the target's unit", _mae),
        Metric("r2", "R²", _VALUES, True, 1.0, "the share of the target's variance that is explained", _r2),
    )
}

_DEFAULTS = {Task.BINARY: "roc_auc", Task.MULTICLASS: "log_loss", Task.REGRESSION: "rmse"}


def default_metric(task: Task) -> Metric:
    """Return the metric that is used where the brief names none."""
    return METRICS[_DEFAULTS[task]]


def names_for(task: Task) -> Sequence[str]:
    """Return the names of the metrics that are defined for a task."""
    return [metric.name for metric in METRICS.values() if task in metric.tasks]


def metric_named(name: str, task: Task) -> Metric:
    """Look a metric up by its name.

    Parameters
    ----------
    name : str
        Such as ``roc_auc``.
    task : Task
        The task it must be defined for.

    Raises
    ------
    BriefError
        If there is no such metric for the task; the message suggests the nearest name.
    """
    known = names_for(task)
    if name in known:
        return METRICS[name]
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"use one of {', '.join(known)}"
    if name in METRICS:
        raise BriefError(f"metric '{name}' is not defined for a {task} task; use one of {', '.join(known)}")
    raise BriefError(f"metric '{name}' is unknown; {hint}")
