"""Models that are sums of curves, and their exact form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from modelwright.algorithms import FitJob, Portable, additive_form, algorithm_named
from modelwright.problem import Task
from tests.algorithms.jobs import real_job


def fitted(name: str, job: FitJob, **parameters: Any) -> Portable:
    return algorithm_named(name).fit(replace(job, parameters=parameters)).portable()


@pytest.mark.parametrize("task", Task)
@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("additive", {"rounds": 80}),
        ("additive", {"pairs": 4, "rounds": 80}),
        ("splines", {}),
        ("linear", {}),
        ("rule", {}),
    ],
)
def test_the_shapes_add_up_to_the_learner(name: str, parameters: dict[str, Any], task: Task) -> None:
    job = real_job(task)
    learner = fitted(name, job, **parameters)
    X = np.vstack([job.X_valid, 3 * job.X_valid]).astype(np.float32)
    X[np.random.default_rng(0).random(X.shape) < 0.1] = np.nan
    form = additive_form(learner)
    assert form is not None
    size = job.y.std() if task is Task.REGRESSION else 1.0
    assert np.abs(form.predict(X) - learner.predict(X)).max() < 2e-6 * size


def test_a_learner_with_interactions_has_no_additive_form() -> None:
    job = real_job(Task.BINARY)
    assert additive_form(fitted("lightgbm", job, rounds=20)) is None
    assert additive_form(algorithm_named("nearest_neighbours").fit(job).portable()) is None


def test_a_pair_that_goes_together_is_found_and_learned() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3_000, 6)).astype(np.float32)
    y = X[:, 0] + 2.0 * ((X[:, 2] > 0) & (X[:, 4] > 0)) + 0.2 * rng.normal(size=len(X))
    job = real_job(Task.REGRESSION, X=X[:2_000], y=y[:2_000], X_valid=X[2_000:], y_valid=y[2_000:])
    losses = []
    for pairs in (0, 1):
        learner = fitted("additive", job, pairs=pairs, rounds=200)
        losses.append(job.metric.loss(job.y_valid, learner.predict(job.X_valid)))
    form = additive_form(learner)
    assert form is not None
    assert [shape.features for shape in form.shapes if len(shape.features) == 2] == [(2, 4)]
    assert losses[1] < 0.8 * losses[0]


def test_one_column_has_no_pairs() -> None:
    algorithm = algorithm_named("additive")
    assert algorithm.configurations(Task.BINARY, 100, 1) == [{"pairs": 0}]
    job = real_job(Task.REGRESSION)
    learner = fitted("additive", replace(job, X=job.X[:, :1], X_valid=job.X_valid[:, :1]), pairs=3, rounds=10)
    assert additive_form(learner) is not None
