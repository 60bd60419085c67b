"""Performance estimated before labels come: agreement with NannyML, and what it can and cannot see."""

from __future__ import annotations

import numpy as np
import pytest

from modelwright.monitoring.confidence import ConfidenceEstimator, Curve
from modelwright.monitoring.direct_loss import LossEstimator
from modelwright.problem import Task, metric_named

from .estimated import chunks, made, ours

# NannyML 0.13.1 on the same tables, chunks of 5,000 rows: benchmarks/monitoring/estimates.py PYTHON --made
NANNYML = {
    "binary": {
        "roc_auc": [0.9185413045887721, 0.7291032789378774],
        "accuracy": [0.8362891934488543, 0.6691779090571206],
        "f1": [0.8369185047628367, 0.6690380577319547],
    },
    "multiclass": {
        "roc_auc": [0.877909607030349, 0.6834041327169631],
        "accuracy": [0.7136706259919721, 0.49777234016952554],
        "f1": [0.6988750347870281, 0.48659434232004123],
    },
    "regression": {
        "mae": [0.9130927465939338, 1.4985503738139827],
        "rmse": [1.2953330453008531, 2.102897229199231],
    },
}


@pytest.mark.parametrize("kind", list(NANNYML))
def test_estimates_are_those_of_nannyml(kind):
    reference, analysis = made(kind)
    mine = ours(kind, reference, chunks(analysis))
    assert mine.keys() == NANNYML[kind].keys()
    for name, expected in NANNYML[kind].items():
        assert mine[name] == pytest.approx(expected, rel=5e-4)


def binary(rng, rows, *, sharpness=1.0):
    score = rng.normal(size=rows)
    p = 1 / (1 + np.exp(-sharpness * score))
    given = 1 / (1 + np.exp(-score))
    return (rng.random(rows) < p).astype(int), np.column_stack([1 - given, given])


@pytest.mark.parametrize("name", ["roc_auc", "log_loss", "brier", "accuracy", "average_precision", "f1"])
def test_an_estimate_is_where_the_realised_metric_will_be(name):
    rng, metric = np.random.default_rng(0), metric_named(name, Task.BINARY)
    estimator = ConfidenceEstimator.fit(*binary(rng, 4000))
    held = 0
    for _ in range(20):
        y, prediction = binary(rng, 1000)
        low, high = estimator.limits(metric, prediction, seed=0)
        assert low < estimator.estimate(metric, prediction) < high
        held += low <= metric(y, prediction) <= high
    assert held >= 17


def test_probabilities_that_need_no_calibration_are_taken_at_their_word():
    score = np.random.default_rng(1).random(2000)
    assert Curve.fit(score, np.zeros(2000, dtype=bool)) == Curve()  # nothing to learn from
    assert Curve.fit(score, np.random.default_rng(5).random(2000) < score**3) != Curve()


def test_concept_change_is_not_seen():
    rng, metric = np.random.default_rng(2), metric_named("roc_auc", Task.BINARY)
    estimator = ConfidenceEstimator.fit(*binary(rng, 4000))
    y, prediction = binary(rng, 4000)
    assert metric(1 - y, prediction) < 0.3
    assert estimator.estimate(metric, prediction) > 0.7


def test_errors_that_grow_with_an_input_are_foreseen():
    rng = np.random.default_rng(3)

    def world(rows, moved):
        x = rng.normal(size=rows) + moved
        return (
            np.column_stack([x, np.zeros(rows)]),
            np.exp(x / 2) * rng.normal(size=rows),
            np.zeros((rows, 1)),
        )

    estimator = LossEstimator.fit(*world(4000, 0.0))
    for moved in (0.0, 1.0):
        X, y, _ = world(4000, moved)
        value, low, high = estimator.mean_absolute_error(X)
        assert low < value < high
        assert value == pytest.approx(np.abs(y).mean(), rel=0.12)
