"""The budget is shared out by what matters, and no more of it than there is."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from modelwright.monitoring.detectors import BoundedMeanDetector, Budget
from modelwright.monitoring.reference import Reference
from modelwright.monitoring.stream import Stream
from modelwright.monitoring.weights import importance_of, weigh
from modelwright.problem import Task

MINUTE = 60.0


@pytest.fixture(scope="module")
def reference():
    rng = np.random.default_rng(0)
    streams = [Stream.of_numbers(pl.Series(name, rng.normal(size=500)), 0.01) for name in ("a", "b", "c")]
    return Reference(
        task=Task.BINARY, classes=("no", "yes"), rows=500, streams=tuple(streams), breaches=(), loss=None
    )


def test_the_loss_gets_most_and_columns_what_the_model_makes_of_them(reference):
    streams, breaches, losses = weigh(reference, 1, 2, {"a": 0.3, "b": 0.1})
    everything = np.concatenate([streams, breaches, losses])
    assert everything.mean() == pytest.approx(1)
    assert losses[0] == pytest.approx(0.25 * len(everything))
    assert streams[0] > streams[1] > streams[2] > 0
    assert breaches[0] == breaches[1]


@pytest.mark.parametrize("importance", [{}, {"a": 0.0}])
def test_where_importance_is_not_known_shares_are_equal(reference, importance):
    streams, _, losses = weigh(reference, 0, 0, importance)
    assert np.allclose(streams, 1)
    assert losses.size == 0


def test_importance_is_read_from_the_evaluation_and_never_negative():
    content = {
        "importance": [{"column": "a", "drop": {"value": 0.2}}, {"column": "b", "drop": {"value": -0.1}}]
    }
    assert importance_of(json.dumps(content).encode()) == {"a": 0.2, "b": 0.0}
    assert importance_of(None) == {}


def test_false_alarms_follow_the_weights():
    """200 streams at exactly their promised level, a quarter of which have most of the budget."""
    rng, weight = np.random.default_rng(1), np.repeat([3.0, 1 / 3], [50, 150])
    detector = BoundedMeanDetector.begin(np.full(200, 0.2), Budget.share(12.0 * 200, 200), 0.0, weight)
    values = (rng.random((3000, 200)) < 0.2).astype(float)
    after = detector.update(values, np.arange(1, 3001) * 5 * MINUTE)
    alarmed = np.isfinite(after.evidence.crossed)
    allowed = after.evidence.spent * weight
    for some in (slice(0, 50), slice(50, 200)):
        most = allowed[some].sum()
        assert alarmed[some].sum() <= most + 3 * np.sqrt(most)


def test_more_of_the_budget_means_sooner():
    rng, weight = np.random.default_rng(2), np.repeat([4.0, 0.25], 100)
    detector = BoundedMeanDetector.begin(np.full(200, 0.2), Budget.share(1.0, 1), 0.0, weight)
    values = (rng.random((1000, 100)) < 0.35).astype(float)
    after = detector.update(np.hstack([values, values]), np.arange(1, 1001) * MINUTE)
    delay = after.evidence.crossed / MINUTE
    assert np.isfinite(delay).all()
    assert (delay[:100] <= delay[100:]).all()
    assert 0 < (delay[100:] - delay[:100]).mean() < 150
