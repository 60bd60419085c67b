"""How good the newest predictions are likely to be, before their labels have come."""

from __future__ import annotations

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict

from modelwright.data import Contract, conform
from modelwright.monitoring.confidence import ConfidenceEstimator
from modelwright.monitoring.direct_loss import inputs
from modelwright.monitoring.reference import Reference
from modelwright.monitoring.watch import predictions
from modelwright.problem import Brief, metric_named

_FEWEST = 100  # with fewer rows the interval says nothing


class Estimate(BaseModel):
    """What a metric is likely to be on predictions without a label.

    Attributes
    ----------
    method : {"CBPE", "DLE"}
        Confidence-based performance estimation, or direct loss estimation.
    metric : str
        The brief's metric; the RMSE where that is a regression's but not the mean absolute error.
    rows : int
        Predictions that it is estimated for, the newest without a label.
    value, low, high : float
        The estimate, and where the metric will lie 95 times in 100 while nothing but the inputs changes.
    words : str
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: str
    metric: str
    rows: int
    value: float
    low: float
    high: float
    words: str


def estimate(
    reference: Reference, contract: Contract, brief: Brief, observations: pl.DataFrame
) -> Estimate | None:
    """Estimate the metric on the observations that have no label.

    Returns
    -------
    Estimate or None
        None where the package has no estimator, or there are fewer than 100 such rows.
    """
    estimator, unlabelled = reference.estimator, observations.filter(pl.col("label").is_null())
    if estimator is None or unlabelled.height < _FEWEST:
        return None
    given, metric = predictions(reference, unlabelled), metric_named(brief.problem.metric, reference.task)
    if isinstance(estimator, ConfidenceEstimator):
        value = estimator.estimate(metric, given)
        low, high = estimator.limits(metric, given, brief.training.seed)
    else:
        X = inputs(contract, conform(contract.accepting(), unlabelled["row"].struct.unnest()), given)
        is_absolute = metric.name == "mae"
        metric = metric if is_absolute else metric_named("rmse", reference.task)
        value, low, high = (
            estimator.mean_absolute_error(X) if is_absolute else estimator.root_mean_squared_error(X)
        )
    if not np.isfinite([value, low, high]).all():
        return None
    words = (
        f"Before labels come, {metric.title} is estimated at {value:.4g} ({low:.4g} to {high:.4g}) on the "
        f"newest {unlabelled.height:,} predictions without one ({estimator.method}; it cannot see concept "
        "change)."
    )
    return Estimate(
        method=estimator.method,
        metric=metric.name,
        rows=unlabelled.height,
        value=value,
        low=low,
        high=high,
        words=words,
    )
