"""The metrics agree with scikit-learn, on any scores."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as reference

from modelwright.errors import BriefError
from modelwright.problem import METRICS, Task, default_metric, metric_named

BINARY = {
    "roc_auc": lambda y, p: reference.roc_auc_score(y, p[:, 1]),
    "average_precision": lambda y, p: reference.average_precision_score(y, p[:, 1]),
    "log_loss": lambda y, p: reference.log_loss(y, p, labels=[0, 1]),
    "brier": lambda y, p: reference.brier_score_loss(y, p[:, 1]),
    "accuracy": lambda y, p: reference.accuracy_score(y, p.argmax(axis=1)),
    "balanced_accuracy": lambda y, p: reference.balanced_accuracy_score(y, p.argmax(axis=1)),
    "f1": lambda y, p: reference.f1_score(y, p.argmax(axis=1)),
    "mcc": lambda y, p: reference.matthews_corrcoef(y, p.argmax(axis=1)),
}
VALUES = {
    "rmse": lambda y, p: reference.root_mean_squared_error(y, p[:, 0]),
    "mae": lambda y, p: reference.mean_absolute_error(y, p[:, 0]),
    "r2": lambda y, p: reference.r2_score(y, p[:, 0]),
}


@given(seed=st.integers(0, 10_000), n=st.integers(20, 300), levels=st.sampled_from([3, 10, 10_000]))
@pytest.mark.parametrize("name", BINARY)
def test_binary_metrics_agree_with_scikit_learn_ties_included(
    name: str, seed: int, n: int, levels: int
) -> None:
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, n)
    y[:2] = [0, 1]
    positive = rng.integers(1, levels, n) / levels
    prediction = np.column_stack([1 - positive, positive])
    assert METRICS[name](y, prediction) == pytest.approx(BINARY[name](y, prediction), abs=1e-12)


@pytest.mark.parametrize(
    "name", [name for name, metric in METRICS.items() if Task.MULTICLASS in metric.tasks]
)
def test_multiclass_metrics_agree_with_scikit_learn(name: str) -> None:
    rng = np.random.default_rng(0)
    y = rng.integers(0, 4, 500)
    prediction = rng.dirichlet(np.ones(4), 500)
    expected = {
        "log_loss": reference.log_loss(y, prediction),
        "brier": ((prediction - np.eye(4)[y]) ** 2).sum(axis=1).mean(),
        "accuracy": reference.accuracy_score(y, prediction.argmax(axis=1)),
        "balanced_accuracy": reference.balanced_accuracy_score(y, prediction.argmax(axis=1)),
        "f1_macro": reference.f1_score(y, prediction.argmax(axis=1), average="macro"),
        "f1_weighted": reference.f1_score(y, prediction.argmax(axis=1), average="weighted"),
        "mcc": reference.matthews_corrcoef(y, prediction.argmax(axis=1)),
        "roc_auc_ovr": reference.roc_auc_score(y, prediction, multi_class="ovr"),
        "average_precision": reference.average_precision_score(y, prediction),
    }
    assert METRICS[name](y, prediction) == pytest.approx(expected[name], abs=1e-12)


@pytest.mark.parametrize("name", VALUES)
def test_regression_metrics_agree_with_scikit_learn(name: str) -> None:
    rng = np.random.default_rng(0)
    y = rng.normal(size=500)
    prediction = (y + rng.normal(size=500))[:, None]
    assert METRICS[name](y, prediction) == pytest.approx(VALUES[name](y, prediction))


WEIGHTED = {
    "roc_auc": lambda y, p, w: reference.roc_auc_score(y, p[:, 1], sample_weight=w),
    "average_precision": lambda y, p, w: reference.average_precision_score(y, p[:, 1], sample_weight=w),
    "log_loss": lambda y, p, w: reference.log_loss(y, p, labels=[0, 1], sample_weight=w),
    "brier": lambda y, p, w: reference.brier_score_loss(y, p[:, 1], sample_weight=w),
    "accuracy": lambda y, p, w: reference.accuracy_score(y, p.argmax(axis=1), sample_weight=w),
    "balanced_accuracy": lambda y, p, w: reference.balanced_accuracy_score(
        y, p.argmax(axis=1), sample_weight=w
    ),
    "f1": lambda y, p, w: reference.f1_score(y, p.argmax(axis=1), sample_weight=w),
    "mcc": lambda y, p, w: reference.matthews_corrcoef(y, p.argmax(axis=1), sample_weight=w),
    "rmse": lambda y, p, w: reference.root_mean_squared_error(y, p[:, 0], sample_weight=w),
    "mae": lambda y, p, w: reference.mean_absolute_error(y, p[:, 0], sample_weight=w),
    "r2": lambda y, p, w: reference.r2_score(y, p[:, 0], sample_weight=w),
}


@given(
    seed=st.integers(0, 10_000), levels=st.sampled_from([3, 10_000]), scale=st.sampled_from([1e-3, 1, 1e6])
)
@pytest.mark.parametrize("name", WEIGHTED)
def test_weighted_metrics_agree_with_scikit_learns_sample_weight(
    name: str, seed: int, levels: int, scale: float
) -> None:
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, 60)
    y[:2] = [0, 1]
    score = rng.integers(1, levels, 60) / levels
    weight = scale * rng.uniform(0.1, 5, 60)
    prediction = np.column_stack([1 - score, score])
    if Task.REGRESSION in METRICS[name].tasks:
        y, prediction = rng.normal(size=60), score[:, None]
    assert METRICS[name](y, prediction, weight) == pytest.approx(
        WEIGHTED[name](y, prediction, weight), rel=1e-9, abs=1e-9
    )


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_a_whole_weight_counts_like_so_many_rows(metric: object) -> None:
    rng = np.random.default_rng(3)
    n_classes = 2 if Task.BINARY in metric.tasks else 3
    y = rng.integers(0, n_classes, 40)
    prediction = rng.dirichlet(np.ones(n_classes), 40)
    if Task.REGRESSION in metric.tasks:
        y, prediction = rng.normal(size=40), rng.normal(size=(40, 1))
    times = rng.integers(1, 5, 40)
    again = np.repeat(np.arange(40), times)
    assert metric(y, prediction, times) == pytest.approx(metric(y[again], prediction[again]))
    assert metric(y, prediction, np.full(40, 3.0)) == pytest.approx(metric(y, prediction))


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_a_perfect_prediction_has_no_loss(metric: object) -> None:
    y = np.array([0, 1, 1, 0, 1])
    prediction = y[:, None].astype(float) if Task.REGRESSION in metric.tasks else np.eye(2)[y]
    assert metric.loss(y, prediction) == pytest.approx(0, abs=1e-12)
    assert metric.improvement(metric.best, metric.best) == 0


def test_a_single_class_has_no_auc() -> None:
    assert np.isnan(METRICS["roc_auc"](np.zeros(3, dtype=int), np.full((3, 2), 0.5)))


def test_improvement_is_positive_where_the_new_figure_is_better() -> None:
    assert METRICS["roc_auc"].improvement(0.9, 0.8) > 0
    assert METRICS["rmse"].improvement(1.0, 2.0) > 0


def test_each_task_has_a_default_and_unknown_names_are_refused() -> None:
    assert {task: default_metric(task).name for task in Task} == {
        Task.BINARY: "roc_auc",
        Task.MULTICLASS: "log_loss",
        Task.REGRESSION: "rmse",
    }
    with pytest.raises(BriefError, match="did you mean 'rmse'"):
        metric_named("rmsee", Task.REGRESSION)
