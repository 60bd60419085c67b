"""Ridge and logistic regression: the baseline that adds up effects."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from time import monotonic
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.algorithm import Algorithm, Card, FitJob, FittedLearner, Style
from modelwright.algorithms.constant import Constant
from modelwright.algorithms.portable import IMPOSSIBLE, Linear, Link
from modelwright.algorithms.target import Target, nothing_to_learn
from modelwright.problem import Task

_DEFAULTS: dict[str, Any] = {"penalties": [100.0, 10.0, 1.0, 0.1], "max_iter": 100, "cells": 20_000_000}
_FILTERS = Lock()  # the filters of warnings are the process's, and fits run side by side


class LinearModel(Algorithm):
    """Ridge regression for values, logistic regression for classes.

    The penalty is chosen on the validation rows, from strong to weak, until it no longer pays.
    """

    name: ClassVar[str] = "linear"
    style: ClassVar[Style] = "linear"
    takes_weights: ClassVar[bool] = True
    keeps_monotone: ClassVar[bool] = True
    card: ClassVar[Card] = Card(
        title="Linear model",
        good_for="few rows, effects that add up, and a baseline that anyone can read",
        strengths=("hard to overfit", "weights can be read", "extrapolates", "tiny and fast"),
        weaknesses=("no interactions or thresholds unless a feature states them",),
        cost="rows x columns x classes, for at most 100 passes; rows are sampled above 20 million cells",
        paper="Hoerl and Kennard (1970), Ridge regression; Cox (1958), Regression of binary sequences",
    )

    def configurations(self, task: Task, rows: int, columns: int) -> list[dict[str, Any]]:  # noqa: ARG002
        """Return the one configuration; see `Algorithm.configurations`."""
        return [{}]

    def fit(self, job: FitJob) -> FittedLearner:
        """Fit one model a penalty, and keep the one with the least validation loss."""
        if nothing_to_learn(job):
            return Constant().fit(job)
        job = replace(job, parameters=_DEFAULTS | job.parameters)
        X, target = _sample(job)
        best, best_loss = None, np.inf
        for penalty in job.parameters["penalties"]:
            start = monotonic()
            candidate = _fit_one(job, X, target, penalty)
            loss = job.metric.loss(job.y_valid, candidate.predict(job.X_valid), job.weight_valid)
            if best is not None and not loss < best_loss:
                break
            best, best_loss = candidate, loss
            if job.deadline() < 2 * (monotonic() - start):
                break
        assert best is not None  # noqa: S101  # there is at least one penalty
        return best


def _filled(X: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.where(np.isnan(X), 0.0, X).astype(np.float64)


def _sample(job: FitJob) -> tuple[NDArray[np.float64], Target]:
    """Take as many rows as the cap on cells allows, the same for the same seed."""
    target = Target.of(job)
    rows = max(job.parameters["cells"] // (job.X.shape[1] * max(job.n_classes, 1)), 1_000)
    if rows >= len(job.X):
        return _filled(job.X), target
    chosen = target.sample(rows, job.seed)
    return _filled(job.X[chosen]), target.at(chosen)


def _fit_one(job: FitJob, X: NDArray[np.float64], target: Target, penalty: float) -> FittedLearner:
    from threadpoolctl import threadpool_limits

    # The steps are so small that a second BLAS thread costs more than it brings: 2 to 13 times as long where
    # another process wants the core.
    with threadpool_limits(1, user_api="blas"):
        if job.task is Task.REGRESSION:
            model = _without_wrong_signs(job, X, lambda kept: _ridge(kept, target, penalty))
            return _ridge_learner(model, target)
        passes = job.parameters["max_iter"]
        model = _without_wrong_signs(job, X, lambda kept: _logistic(kept, target, penalty, passes))
        return _logistic_learner(model, target)


def _without_wrong_signs(
    job: FitJob, X: NDArray[np.float64], fit: Callable[[NDArray[np.float64]], Any]
) -> Any:
    """Fit, and fit again without the features whose weight has the wrong sign, until none has."""
    model = fit(X)
    if not any(job.monotone):
        return model
    wanted = np.asarray(job.monotone)
    while (wrong := np.ravel(model.coef_) * wanted < 0).any():
        X = np.where(wrong, 0.0, X)
        model = fit(X)
        model.coef_ = np.where(X.any(axis=0), model.coef_, 0.0)
    return model


def _ridge(X: NDArray[np.float64], target: Target, penalty: float) -> Any:
    from sklearn.linear_model import Ridge

    return Ridge(alpha=penalty).fit(X, target.y, sample_weight=target.weight)


def _ridge_learner(model: Any, target: Target) -> FittedLearner:
    weights = np.asarray(model.coef_, dtype=np.float64)[:, None] * target.scale
    intercept = np.array([float(model.intercept_) * target.scale + target.center])
    return FittedLearner(
        own=lambda rows: target.prediction(model.predict(_filled(rows))),
        compiled=lambda: Linear(weights, intercept, Link.IDENTITY),
    )


def _logistic(X: NDArray[np.float64], target: Target, penalty: float, max_iter: int) -> Any:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1.0 / penalty, max_iter=max_iter)
    with _FILTERS, warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the cap on passes is meant
        return model.fit(X, target.y, sample_weight=target.weight)


def _logistic_learner(model: Any, target: Target) -> FittedLearner:
    def own(rows: NDArray[np.float32]) -> NDArray[np.float64]:
        probabilities = model.predict_proba(_filled(rows))
        return target.prediction(probabilities[:, 1] if target.task is Task.BINARY else probabilities)

    return FittedLearner(own=own, compiled=lambda: _logistic_form(model, target))


def _logistic_form(model: Any, target: Target) -> Linear:
    weights, intercept = np.asarray(model.coef_).T, np.asarray(model.intercept_)
    if target.task is Task.BINARY:
        return Linear(weights, intercept, Link.SIGMOID)
    if len(target.present) == 2:
        weights, intercept = np.hstack([-weights, weights]) / 2, np.hstack([-intercept, intercept]) / 2
    all_weights = np.zeros((len(weights), target.n_classes))
    all_intercepts = np.full(target.n_classes, IMPOSSIBLE)
    all_weights[:, target.present] = weights
    all_intercepts[target.present] = intercept
    return Linear(all_weights, all_intercepts, Link.SOFTMAX)
