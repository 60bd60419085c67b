"""All of a task's figures at once, each with its interval, on the same resamples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.basis import Basis
from modelwright.evaluation.bootstrap import Distribution
from modelwright.evaluation.drawing import Units
from modelwright.evaluation.intervals import Interval, interval_of
from modelwright.evaluation.stated import no_relative_error, stated_metrics
from modelwright.evaluation.weighted import on_basis
from modelwright.problem import METRICS, Brief, Metric, metric_named


class Figure(BaseModel):
    """One metric of a candidate.

    Attributes
    ----------
    name, title : str
        As it is called in data, and in reports.
    greater_is_better : bool
    describe : str
        What it says, for a stakeholder.
    interval : Interval or None
        The figure with its limits; None where it does not apply.
    not_applicable : str
        Why it does not apply; empty where it does.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    greater_is_better: bool
    describe: str
    interval: Interval | None = None
    not_applicable: str = ""

    def __str__(self) -> str:
        return (
            f"not applicable, because {self.not_applicable}" if self.interval is None else str(self.interval)
        )


def metrics_of(brief: Brief) -> tuple[Metric, ...]:
    """Return every metric of the brief's task, the one that decides first."""
    task = brief.problem.task
    decides = metric_named(brief.problem.metric, task)
    others = [metric for metric in METRICS.values() if task in metric.tasks and metric is not decides]
    return (decides, *others, *stated_metrics(brief))


def measure(
    metrics: Sequence[Metric],
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    *,
    units: Units | None = None,
    looks: int = 1,
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> tuple[Figure, ...]:
    """Compute several metrics with their bootstrap intervals.

    Parameters
    ----------
    metrics : sequence of Metric
        Such as `metrics_of` a brief.
    y : ndarray of shape (n,)
        Class codes, or values for regression.
    prediction : ndarray of shape (n, n_classes) or (n, 1)
        Probabilities, or values for regression.
    units : Units, optional
        What is drawn with replacement; rows by default.
    looks, level, resamples, seed
        As for `modelwright.evaluation.interval`.

    Returns
    -------
    tuple of Figure
        In the order of `metrics`, those that do not apply with the reason.
    """
    basis, why = Basis(y, prediction), [why_not_applicable(metric, y, prediction) for metric in metrics]
    apply = [metric for metric, reason in zip(metrics, why, strict=True) if not reason]
    found = Distribution.each(
        [on_basis(metric, basis) for metric in apply],
        Units.of(len(y)) if units is None else units,
        resamples=resamples,
        seed=seed,
    )
    intervals = {
        metric.name: interval_of(metric, figure, y, level=level, looks=looks)
        for metric, figure in zip(apply, found, strict=True)
    }
    return tuple(
        Figure(
            name=metric.name,
            title=metric.title,
            greater_is_better=metric.greater_is_better,
            describe=metric.describe,
            interval=intervals.get(metric.name),
            not_applicable=reason,
        )
        for metric, reason in zip(metrics, why, strict=True)
    )


def why_not_applicable(metric: Metric, y: NDArray[np.generic], prediction: NDArray[np.floating]) -> str:
    """Say why a metric says nothing on these rows; empty where it does."""
    if metric.name == "mape" and (reason := no_relative_error(y)):
        return reason
    return (
        "" if np.isfinite(metric(y, prediction)) else "it is not defined on these rows, which are all alike"
    )
