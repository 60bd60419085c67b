"""Promises about a mean: latency, cost, calibration and estimated loss, each a figure between 0 and 1."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from modelwright.monitoring.bounds import mean_upper
from modelwright.monitoring.confidence import ConfidenceEstimator
from modelwright.monitoring.stream import MATERIAL
from modelwright.problem import Brief, Costs, Task, decision_threshold

Floats = NDArray[np.float64]
Kind = Literal["latency", "estimated performance", "cost", "outcomes above", "outcomes below"]

_SLOWER = 0.01  # of the minutes; what is promised is the 99th percentile


class MeanPromise(BaseModel):
    """A figure of each row in [0, 1], and the mean that it was promised to have at most.

    Attributes
    ----------
    kind : {"latency", "estimated performance", "cost", "outcomes above", "outcomes below"}
        Whether a request took longer than promised; the expected loss of the row's own calibrated
        probabilities; what the decision cost, as a share of the dearest mistake; by how much what came true
        is above or below the prediction.
    level : float
        The promise: stated by the brief for latency, else the upper confidence bound on the vault.
    scale : float
        What 1 stands for: milliseconds, or the brief's money.
    costs : Costs or None
        What each mistake costs; for the cost alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    level: float = Field(gt=0, le=1)
    scale: float = 1.0
    costs: Costs | None = None


def promises_of_rows(
    brief: Brief, estimator: ConfidenceEstimator | None, prediction: NDArray[np.floating], mistake: float
) -> tuple[MeanPromise, ...]:
    """Return what is promised of rows before their label comes.

    Parameters
    ----------
    brief : Brief
    estimator : ConfidenceEstimator or None
    prediction : ndarray of shape (n, n_classes) or (n, 1)
        On the vault.
    mistake : float
        Probability that the level of one promise is too low.
    """
    promised = [MeanPromise(kind="latency", level=_SLOWER, scale=brief.promises.latency_ms)]
    if estimator is not None:
        level = _level(expected_loss(estimator, prediction), mistake)
        promised.append(MeanPromise(kind="estimated performance", level=level))
    return tuple(promised)


def promises_of_labels(
    brief: Brief, y: NDArray[np.generic], prediction: NDArray[np.floating], mistake: float
) -> tuple[MeanPromise, ...]:
    """Return what is promised of rows once their label has come; parameters as for `promises_of_rows`."""
    task, costs = brief.problem.task, brief.costs
    above = _above(task, y, prediction)
    tolerated = MATERIAL if task is Task.REGRESSION else MATERIAL / 2
    promised = [
        MeanPromise(kind="outcomes above", level=min(_level(above, mistake) + tolerated, 1.0)),
        MeanPromise(kind="outcomes below", level=min(_level(1 - above, mistake) + tolerated, 1.0)),
    ]
    if task is Task.BINARY:
        dearest = max(costs.false_positive, costs.false_negative)
        level = _level(_cost(costs, y, prediction), mistake)
        promised.insert(0, MeanPromise(kind="cost", level=level, scale=dearest, costs=costs))
    return tuple(promised)


def values_of_rows(
    promises: tuple[MeanPromise, ...],
    estimator: ConfidenceEstimator | None,
    observations: pl.DataFrame,
    prediction: NDArray[np.floating],
    after: datetime,
) -> Floats:
    """Return the figures of observations after a time, of shape (n_rows, n_promises)."""
    columns = []
    for promise in promises:
        if promise.kind == "latency":
            columns.append(_slow(promise, observations, after))
        elif estimator is not None:
            columns.append(expected_loss(estimator, prediction))
    return np.array(columns, dtype=np.float64).reshape(len(columns), observations.height).T


def values_of_labels(
    promises: tuple[MeanPromise, ...], task: Task, y: NDArray[np.generic], prediction: NDArray[np.floating]
) -> Floats:
    """Return the figures of labelled rows, of shape (n_rows, n_promises)."""
    above = _above(task, y, prediction)
    columns = []
    for promise in promises:
        if promise.costs is not None:
            columns.append(_cost(promise.costs, y, prediction))
        else:
            columns.append(above if promise.kind == "outcomes above" else 1 - above)
    return np.array(columns, dtype=np.float64).reshape(len(columns), len(y)).T


def expected_loss(estimator: ConfidenceEstimator, prediction: NDArray[np.floating]) -> Floats:
    """Return each row's Brier score that is to be expected (half the sum over the classes), in [0, 1]."""
    given, sure = np.asarray(prediction, dtype=np.float64), estimator.calibrated(prediction)
    losses: Floats = np.clip(((given**2).sum(axis=1) - 2 * (given * sure).sum(axis=1) + 1) / 2, 0.0, 1.0)
    return losses


def _slow(promise: MeanPromise, observations: pl.DataFrame, after: datetime) -> Floats:
    """Mark slow requests, the first of each minute; all other rows say nothing (their e-value is one).

    Slow requests come in bursts, and the detector allows for no dependence: a minute counts once. Rows of one
    request have the same time, and what was promised is the time of a single row.
    """
    minute, seen = pl.col("at").dt.truncate("1m"), after.replace(second=0, microsecond=0)
    each = pl.col("latency_ms") / pl.len().over("at")
    counts = minute.is_first_distinct() & (minute > seen) & pl.col("latency_ms").is_not_null()
    slow = pl.when(counts).then((each > promise.scale).cast(pl.Float64)).otherwise(promise.level)
    values: Floats = observations.select(slow).to_series().to_numpy()
    return values


def _cost(costs: Costs, y: NDArray[np.generic], prediction: NDArray[np.floating]) -> Floats:
    acted, positive = prediction[:, 1] >= decision_threshold(costs), y == 1
    paid = costs.false_positive * (acted & ~positive) + costs.false_negative * (~acted & positive)
    shares: Floats = paid / max(costs.false_positive, costs.false_negative)
    return shares


def _above(task: Task, y: NDArray[np.generic], prediction: NDArray[np.floating]) -> Floats:
    """Return what came true less what was predicted, brought from [-1, 1] to [0, 1]."""
    given = np.asarray(prediction, dtype=np.float64)
    if task is Task.REGRESSION:
        return (np.asarray(y, dtype=np.float64) > given[:, 0]).astype(np.float64)
    code = np.ones(len(y), dtype=np.int64) if task is Task.BINARY else given.argmax(axis=1)
    above: Floats = (1 + (y == code) - given[np.arange(len(y)), code]) / 2
    return above


def _level(values: Floats, mistake: float) -> float:
    return max(mean_upper(values, mistake), 1e-6)
