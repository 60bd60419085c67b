"""The metrics by which models are judged: one formula for search, ensemble, verdict and monitoring.

They are written in NumPy because the ensemble evaluates them thousands of times a build; agreement with
scikit-learn is tested.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from modelwright.problem import scoring
from modelwright.problem.task import Task


class Score(Protocol):
    """The formula of a metric: from labels, predictions and the rows' weights to a figure."""

    def __call__(
        self,
        y: NDArray[np.generic],
        prediction: NDArray[np.floating],
        weight: NDArray[np.floating] | None = None,
        /,
    ) -> float:
        """Compute the figure; without weights every row counts alike."""


@dataclass(frozen=True)
class Metric:
    """A figure that says how good predictions are.

    Another package adds its own by an entry point of the group ``modelwright.metrics`` that names one;
    `modelwright.testing.check_metric` says whether it fits in.

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
        ``score(y, prediction, weight)``.
    lowest, highest : float
        What it can be at the least and at the most.
    """

    name: str
    title: str
    tasks: frozenset[Task]
    greater_is_better: bool
    best: float
    describe: str
    score: Score
    lowest: float = -np.inf
    highest: float = np.inf

    def __call__(
        self,
        y: NDArray[np.generic],
        prediction: NDArray[np.floating],
        weight: NDArray[np.floating] | None = None,
    ) -> float:
        """Compute the metric.

        Parameters
        ----------
        y : ndarray of shape (n,)
            Class codes (int64), or values (float64) for regression.
        prediction : ndarray of shape (n, n_classes) or (n, 1)
            Probabilities, or values for regression.
        weight : ndarray of shape (n,), optional
            How much each row counts, on any scale; all alike by default.

        Returns
        -------
        float
            The figure; NaN where it is not defined, such as ROC-AUC on a single class.
        """
        return self.score(y, prediction, weight)

    def loss(
        self,
        y: NDArray[np.generic],
        prediction: NDArray[np.floating],
        weight: NDArray[np.floating] | None = None,
    ) -> float:
        """Compute the distance from the best possible figure: zero is perfect, lower is better."""
        return abs(self.best - self.score(y, prediction, weight))

    def improvement(self, new: float, old: float) -> float:
        """Return by how much `new` is better than `old`: positive where it is."""
        return new - old if self.greater_is_better else old - new


_BINARY = frozenset({Task.BINARY})
_MANY = frozenset({Task.MULTICLASS})
_CLASSES = _BINARY | _MANY
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
            scoring.roc_auc,
            lowest=0.0,
            highest=1.0,
        ),
        Metric(
            "roc_auc_ovr",
            "ROC-AUC, one label against the rest",
            _MANY,
            True,
            1.0,
            "the chance that a row of a label is scored above the others, averaged over the labels",
            scoring.roc_auc_ovr,
            lowest=0.0,
            highest=1.0,
        ),
        Metric(
            "average_precision",
            "average precision",
            _CLASSES,
            True,
            1.0,
            "the mean precision over all recalls (the share of positives is a coin, 1 is perfect)",
            scoring.average_precision,
            lowest=0.0,
            highest=1.0,
        ),
        Metric(
            "log_loss",
            "log-loss",
            _CLASSES,
            False,
            0.0,
            "the mean surprise at the true label (0 is perfect)",
            scoring.log_loss,
            lowest=0.0,
        ),
        Metric(
            "brier",
            "Brier score",
            _CLASSES,
            False,
            0.0,
            "the mean squared error of the probabilities (0 is perfect)",
            scoring.brier,
            lowest=0.0,
            highest=2.0,
        ),
        Metric(
            "accuracy",
            "accuracy",
            _CLASSES,
            True,
            1.0,
            "the share of right answers",
            scoring.accuracy,
            lowest=0.0,
            highest=1.0,
        ),
        Metric(
            "balanced_accuracy",
            "balanced accuracy",
            _CLASSES,
            True,
            1.0,
            "the share of right answers, averaged over the classes",
            scoring.balanced_accuracy,
            lowest=0.0,
            highest=1.0,
        ),
        Metric(
            "f1",
            "F1",
            _BINARY,
            True,
            1.0,
            "the harmonic mean of precision and recall",
            scoring.f1,
            lowest=0.0,
            highest=1.0,
        ),
        Metric(
            "f1_macro",
            "F1, averaged over the labels",
            _MANY,
            True,
            1.0,
            "the harmonic mean of precision and recall, each label counting alike",
            scoring.f1_macro,
            lowest=0.0,
            highest=1.0,
        ),
        Metric(
            "f1_weighted",
            "F1, averaged over the rows",
            _MANY,
            True,
            1.0,
            "the harmonic mean of precision and recall, each label counting as often as it occurs",
            scoring.f1_weighted,
            lowest=0.0,
            highest=1.0,
        ),
        Metric(
            "mcc",
            "Matthews' correlation",
            _CLASSES,
            True,
            1.0,
            "the correlation between true and predicted labels (0 is chance, 1 is perfect)",
            scoring.mcc,
            lowest=-1.0,
            highest=1.0,
        ),
        Metric(
            "rmse",
            "RMSE",
            _VALUES,
            False,
            0.0,
            "the root of the mean squared error, in the target's unit; large errors weigh most",
            scoring.rmse,
            lowest=0.0,
        ),
        Metric(
            "mae",
            "MAE",
            _VALUES,
            False,
            0.0,
            "the mean absolute error, in the target's unit",
            scoring.mae,
            lowest=0.0,
        ),
        Metric(
            "r2",
            "R²",
            _VALUES,
            True,
            1.0,
            "the share of the target's variance that is explained",
            scoring.r2,
            highest=1.0,
        ),
    )
}
