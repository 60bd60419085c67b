"""Linear and logistic regression on splines: effects that bend, and add up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.algorithm import Algorithm, Card, FitJob, FittedLearner, Style
from modelwright.algorithms.constant import Constant
from modelwright.algorithms.linear import LinearModel
from modelwright.algorithms.portable import Linear, Splines, stretches
from modelwright.algorithms.target import nothing_to_learn
from modelwright.problem import Task

_DEFAULTS: dict[str, Any] = {"knots": 8, "penalties": [1000.0, 100.0, 10.0, 1.0, 0.1]}
_LEAST_ROWS = 40  # between two knots
_COMMON = 4.0  # the common slope's scale: a penalty on own slopes hardly holds it
_SAMPLE = 10_000  # rows among which knots are looked for


class SplineModel(Algorithm):
    """A linear model whose slopes change at quantiles of each feature.

    A feature is cut at its quantiles into stretches. Each has a slope of its own beside the slope that all
    stretches share. The ridge penalty draws the own slopes to zero, and the common one sixteen times less, so
    a strong penalty gives back the linear model; it is chosen on the validation rows as there.
    """

    name: ClassVar[str] = "splines"
    style: ClassVar[Style] = "linear"
    takes_weights: ClassVar[bool] = True
    keeps_monotone: ClassVar[bool] = True
    card: ClassVar[Card] = Card(
        title="Linear model with splines",
        good_for="few rows whose effects bend but add up, and beside boosters in an ensemble",
        strengths=(
            "each effect is a curve that can be read and drawn",
            "continuous: no jumps at thresholds",
            "goes on in straight lines outside the data",
        ),
        weaknesses=("no interactions", "as wide as features x knots, so slow with many classes"),
        cost="rows x features x knots x classes, for at most 100 passes; rows are sampled above 20 million "
        "cells",
        paper="Eilers and Marx (1996), Flexible smoothing with B-splines and penalties",
    )

    def configurations(self, task: Task, rows: int, columns: int) -> list[dict[str, Any]]:  # noqa: ARG002
        """Return few knots, and many where there are rows for them."""
        return [{"knots": 8}, {"knots": 24}] if rows >= 1_000 else [{"knots": 8}]

    def fit(self, job: FitJob) -> FittedLearner:
        """Cut the features at their quantiles, and fit the linear model on the stretches."""
        if nothing_to_learn(job):
            return Constant().fit(job)
        given = _DEFAULTS | job.parameters
        feature, low, high, scale = cut(job.X, given.pop("knots"))

        def cells(X: NDArray[np.float32]) -> NDArray[np.float32]:
            return stretches(X, feature, low, high) * scale

        laid_out = replace(
            job,
            X=cells(job.X),
            X_valid=cells(job.X_valid),
            parameters=given,
            monotone=tuple(job.monotone[of] for of in feature) if job.monotone else (),
        )
        learner = LinearModel().fit(laid_out)

        def compiled() -> Splines:
            linear = learner.portable()
            assert isinstance(linear, Linear)  # noqa: S101  # what the linear model compiles into
            return Splines(feature, low, high, replace(linear, weights=linear.weights * scale[:, None]))

        return FittedLearner(own=lambda X: learner.predict(cells(X)), compiled=compiled)


def cut(
    X: NDArray[np.float32], knots: int
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return for each stretch its feature, its bounds and its scale.

    Parameters
    ----------
    X : ndarray of shape (n, n_features)
    knots : int
        How many a feature has at most.

    Returns
    -------
    tuple of ndarray of shape (n_stretches,)
        First the features as they are, without bounds, for the common slope; then the stretches of those that
        have three values or more. Scales are powers of two, so that scaling is exact.
    """
    sample = X[:: max(1, len(X) // _SAMPLE)]
    whole = np.arange(X.shape[1])
    parts = [(whole, np.full(X.shape[1], -np.inf), np.full(X.shape[1], np.inf), np.full(X.shape[1], _COMMON))]
    for feature in whole:
        values = sample[:, feature]
        values = np.sort(values[~np.isnan(values)])
        at = _knots(values, knots)
        if not at.size:
            continue
        low, high = np.append(-np.inf, at), np.append(at, np.inf)
        spread = np.clip(values[:, None], low, high).std(axis=0)
        scale = np.exp2(-np.round(np.log2(np.maximum(spread, 2.0**-10))))
        parts.append((np.full(len(low), feature), low, high, scale))
    features, lows, highs, scales = (np.concatenate(each) for each in zip(*parts, strict=True))
    return (
        features.astype(np.int32),
        lows.astype(np.float32),
        highs.astype(np.float32),
        scales.astype(np.float32),
    )


def _knots(values: NDArray[np.float32], most: int) -> NDArray[np.float32]:
    """Return inner quantiles of sorted values that differ and are neither the least nor the greatest."""
    count = min(most, len(values) // _LEAST_ROWS - 1)
    if count < 1:
        return values[:0]
    steps = np.round(np.linspace(0, 1, count + 2)[1:-1] * (len(values) - 1)).astype(np.int64)
    at = np.unique(values[steps])
    return np.asarray(at[(at > values[0]) & (at < values[-1])])
