"""What splines add to the linear model."""

from __future__ import annotations

import numpy as np

from modelwright.algorithms import FitJob, Splines, algorithm_named
from modelwright.algorithms.splines import cut
from modelwright.problem import Task
from tests.algorithms.jobs import real_job


def bent_job(rows: int = 900, **parameters: object) -> FitJob:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2 * rows, 2)).astype(np.float32)
    y = np.abs(X[:, 0]) + 0.5 * X[:, 1] + 0.1 * rng.normal(size=2 * rows)
    halves = {"X": X[:rows], "y": y[:rows], "X_valid": X[rows:], "y_valid": y[rows:]}
    return real_job(Task.REGRESSION, parameters=parameters, **halves)


def test_an_effect_that_bends_is_learned() -> None:
    job = bent_job()
    straight, bent = (
        job.metric.loss(job.y_valid, algorithm_named(name).fit(job).predict(job.X_valid))
        for name in ("linear", "splines")
    )
    assert straight > 0.5
    assert bent < 0.2


def test_a_strong_penalty_gives_back_the_linear_model() -> None:
    job = bent_job(penalties=[1e9])
    splines = algorithm_named("splines").fit(job).portable()
    assert isinstance(splines, Splines)
    own = splines.feature[2:]
    assert (np.abs(splines.sum.weights) < 1e-4).all()
    assert len(own) == 2 * 9


def test_what_lies_outside_the_data_goes_on_in_straight_lines() -> None:
    splines = algorithm_named("splines").fit(bent_job()).portable()
    at = np.array([[10.0, 0.0], [11.0, 0.0], [12.0, 0.0]], dtype=np.float32)
    first, second, third = splines.predict(at)[:, 0]
    assert abs((third - second) - (second - first)) < 1e-9
    assert 0.8 < second - first < 1.2


def test_few_rows_get_few_knots_and_two_values_none() -> None:
    rng = np.random.default_rng(0)
    X = np.column_stack([rng.normal(size=100), rng.integers(0, 2, 100), np.ones(100)]).astype(np.float32)
    feature, low, high, scale = cut(X, 24)
    assert feature.tolist() == [0, 1, 2, 0, 0]
    assert np.isinf(low[:4]).all()
    assert (high[3:-1] == low[4:]).all()
    assert set(np.log2(scale) % 1) == {0.0}
