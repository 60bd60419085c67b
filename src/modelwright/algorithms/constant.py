"""The baseline that looks at no feature."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.algorithm import Algorithm, Card, FitJob, FittedLearner
from modelwright.algorithms.portable import Linear, Link
from modelwright.problem import Task


class Constant(Algorithm):
    """Gives every row the same answer: the shares of the classes, or the middle of the values."""

    name: ClassVar[str] = "constant"
    takes_weights: ClassVar[bool] = True
    card: ClassVar[Card] = Card(
        title="Constant",
        good_for="knowing what is earned without any model",
        strengths=("cannot overfit", "costs nothing"),
        weaknesses=("ranks no row above another",),
        cost="one pass over the target",
        paper="Krichevsky and Trofimov (1981), The performance of universal encoding",
    )

    def configurations(self, task: Task, rows: int, columns: int) -> list[dict[str, Any]]:  # noqa: ARG002
        """Return the one configuration; see `Algorithm.configurations`."""
        return [{}]

    def fit(self, job: FitJob) -> FittedLearner:
        """Weigh the classes, or take the mean (the median where the metric is ``mae``)."""
        form = Linear.constant(job.X.shape[1], _raw(job), _link(job.task))
        return FittedLearner(own=form.predict, compiled=lambda: form)


def shares(
    y: NDArray[np.int64], n_classes: int, weight: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Return the share of every class, with half a row added to each so that none is impossible."""
    counts = np.bincount(y, weights=weight, minlength=n_classes) + 0.5
    return np.asarray(counts / counts.sum(), dtype=np.float64)


def _raw(job: FitJob) -> NDArray[np.float64]:
    if job.task is Task.REGRESSION:
        middle = _median(job.y, job.weight) if job.metric.name == "mae" else _mean(job.y, job.weight)
        return np.array([middle])
    share = shares(job.y, job.n_classes, job.weight)
    return share[1:] if job.task is Task.BINARY else share


def _mean(values: NDArray[np.float64], weight: NDArray[np.float64] | None) -> float:
    return float(np.average(values, weights=weight))


def _median(values: NDArray[np.float64], weight: NDArray[np.float64] | None) -> float:
    if weight is None:
        return float(np.median(values))
    return float(np.quantile(values, 0.5, weights=weight, method="inverted_cdf"))


def _link(task: Task) -> Link:
    return Link.COMPLEMENT if task is Task.BINARY else Link.IDENTITY
