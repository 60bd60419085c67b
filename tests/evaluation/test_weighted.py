"""Metrics under row weights agree with scikit-learn's and with repeating the rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from modelwright.evaluation.basis import Basis
from modelwright.evaluation.weighted import on_basis, reweighted, together, weighted_mean
from modelwright.problem import METRICS, Task
from tests.evaluation.worlds import calibrated_binary, calibrated_multiclass, linear_values

BINARY = {
    "roc_auc": lambda y, p, w: sk.roc_auc_score(y, p[:, 1], sample_weight=w),
    "average_precision": lambda y, p, w: sk.average_precision_score(y, p[:, 1], sample_weight=w),
    "log_loss": lambda y, p, w: sk.log_loss(y, p, sample_weight=w),
    "brier": lambda y, p, w: sk.brier_score_loss(y, p[:, 1], sample_weight=w),
    "accuracy": lambda y, p, w: sk.accuracy_score(y, p.argmax(1), sample_weight=w),
    "balanced_accuracy": lambda y, p, w: sk.balanced_accuracy_score(y, p.argmax(1), sample_weight=w),
    "f1": lambda y, p, w: sk.f1_score(y, p.argmax(1), sample_weight=w),
    "mcc": lambda y, p, w: sk.matthews_corrcoef(y, p.argmax(1), sample_weight=w),
}
MULTICLASS = {
    "log_loss": lambda y, p, w: sk.log_loss(y, p, sample_weight=w),
    "accuracy": lambda y, p, w: sk.accuracy_score(y, p.argmax(1), sample_weight=w),
    "balanced_accuracy": lambda y, p, w: sk.balanced_accuracy_score(y, p.argmax(1), sample_weight=w),
    "f1_macro": lambda y, p, w: sk.f1_score(y, p.argmax(1), sample_weight=w, average="macro"),
    "f1_weighted": lambda y, p, w: sk.f1_score(y, p.argmax(1), sample_weight=w, average="weighted"),
    "mcc": lambda y, p, w: sk.matthews_corrcoef(y, p.argmax(1), sample_weight=w),
    "roc_auc_ovr": lambda y, p, w: sk.roc_auc_score(y, p, sample_weight=w, multi_class="ovr"),
    "average_precision": lambda y, p, w: sk.average_precision_score(y, p, sample_weight=w),
}
REGRESSION = {
    "rmse": lambda y, p, w: sk.root_mean_squared_error(y, p[:, 0], sample_weight=w),
    "mae": lambda y, p, w: sk.mean_absolute_error(y, p[:, 0], sample_weight=w),
    "r2": lambda y, p, w: sk.r2_score(y, p[:, 0], sample_weight=w),
}


@pytest.fixture(scope="module")
def weights():
    return np.random.default_rng(1).poisson(1.0, size=(5, 300)).astype(np.float64)


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("decimals", [1, 12])
def test_two_classes_agree_with_scikit_learn_also_with_ties(name, decimals, weights) -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 300)
    prediction = np.clip(np.round(prediction, decimals), 0.05, 0.95)
    ours = reweighted(METRICS[name], y, prediction)(weights)
    assert ours == pytest.approx([BINARY[name](y, prediction, row) for row in weights])


@pytest.mark.parametrize("name", MULTICLASS)
@pytest.mark.parametrize("decimals", [1, 12])
def test_many_classes_agree_with_scikit_learn_also_with_ties(name, decimals, weights) -> None:
    y, prediction = calibrated_multiclass(np.random.default_rng(0), 300, classes=4)
    prediction = np.clip(np.round(prediction, decimals), 0.05, None)
    prediction /= prediction.sum(axis=1, keepdims=True)
    ours = reweighted(METRICS[name], y, prediction)(weights)
    assert ours == pytest.approx([MULTICLASS[name](y, prediction, row) for row in weights])


@pytest.mark.parametrize("name", REGRESSION)
def test_values_agree_with_scikit_learn(name, weights) -> None:
    y, prediction = linear_values(np.random.default_rng(0), 300)
    y, prediction = y + 1e6, prediction + 1e6
    ours = reweighted(METRICS[name], y, prediction)(weights)
    assert ours == pytest.approx([REGRESSION[name](y, prediction, row) for row in weights])


@given(
    seed=st.integers(0, 10_000),
    rows=st.integers(2, 40),
    ties=st.booleans(),
    name=st.sampled_from([name for name, metric in METRICS.items() if Task.BINARY in metric.tasks]),
)
def test_a_weight_of_k_is_a_row_k_times(seed, rows, ties, name) -> None:
    rng = np.random.default_rng(seed)
    y, prediction = calibrated_binary(rng, rows)
    prediction = np.round(prediction, 1) if ties else prediction
    counts = rng.poisson(1.0, size=rows)
    repeated = np.repeat(np.arange(rows), counts)
    expected = METRICS[name](y[repeated], prediction[repeated]) if len(repeated) else np.nan
    ours = reweighted(METRICS[name], y, prediction)(counts[None, :].astype(np.float64))[0]
    assert ours == pytest.approx(expected, nan_ok=True) or len(repeated) == 0


def test_in_parts_the_metric_is_the_mean_over_the_parts_that_define_it():
    rng = np.random.default_rng(0)
    y, prediction = calibrated_binary(rng, 300)
    y[200:] = 0
    folds = np.repeat([0, 1, 2], 100)
    ours = reweighted(METRICS["roc_auc"], y, prediction, folds)(np.ones((1, 300)))[0]
    each = [sk.roc_auc_score(y[folds == fold], prediction[folds == fold, 1]) for fold in (0, 1)]
    assert ours == pytest.approx(np.mean(each))


def test_a_metric_from_elsewhere_is_resampled_too() -> None:
    import dataclasses

    y, prediction = linear_values(np.random.default_rng(0), 50)
    foreign = dataclasses.replace(METRICS["mae"], name="somebody_elses")
    weights = np.random.default_rng(1).poisson(1.0, size=(3, 50)).astype(np.float64)
    theirs = reweighted(foreign, y, prediction)(weights)
    assert theirs == pytest.approx(reweighted(METRICS["mae"], y, prediction)(weights))


@pytest.mark.parametrize("decimals", [1, 12])
def test_counts_as_bytes_give_what_the_same_weights_give(decimals) -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 300)
    prediction = np.round(prediction, decimals)
    counts = np.random.default_rng(1).poisson(1.0, size=(5, 300)).astype(np.uint8)
    counts[0] = 255
    for name in BINARY:
        figure = reweighted(METRICS[name], y, prediction)
        assert figure(counts) == pytest.approx(figure(counts.astype(np.float64)), rel=1e-12)


def test_figures_that_are_evaluated_together_are_what_each_is_alone(weights) -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 300)
    basis = Basis(y, prediction)
    figures = [on_basis(METRICS[name], basis) for name in BINARY]
    alone = np.stack([figure(weights) for figure in figures], axis=1)
    assert together([*figures, weighted_mean(y)])(weights)[:, :-1] == pytest.approx(alone, rel=1e-12)
