"""How nearest neighbours choose rows, features and their number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from modelwright.algorithms import FitJob, Neighbours, algorithm_named
from modelwright.problem import Task
from tests.algorithms.jobs import real_job


def circle_job(noise: int = 0, rows: int = 600) -> FitJob:
    """Return a job whose positives lie within a circle, with columns besides that say nothing."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2 * rows, 2 + noise)).astype(np.float32)
    y = (np.hypot(X[:, 0] - 1, X[:, 1]) < 1.2).astype(np.int64)
    halves = {"X": X[:rows], "y": y[:rows], "X_valid": X[rows:], "y_valid": y[rows:]}
    return real_job(Task.BINARY, **halves)


def learned(job: FitJob) -> Neighbours:
    form = algorithm_named("nearest_neighbours").fit(job).portable()
    assert isinstance(form, Neighbours)
    return form


def test_a_shape_that_no_sum_draws_is_learned() -> None:
    job = circle_job()
    nearest, linear = (
        job.metric.loss(job.y_valid, algorithm_named(name).fit(job).predict(job.X_valid))
        for name in ("nearest_neighbours", "linear")
    )
    assert nearest < linear / 2


def test_columns_that_say_nothing_count_less() -> None:
    scale = learned(circle_job(noise=12)).scale
    assert scale[0] > 3 * scale[2:].max()


def test_no_more_rows_are_kept_than_allowed_and_every_class_is_among_them() -> None:
    job = circle_job()
    rare = replace(job, y=np.where(np.arange(600) == 7, 1, 0), parameters={"rows": 50})
    form = learned(rare)
    assert len(form.rows) in (50, 51)
    assert form.answers[:, 1].sum() == 1


def test_the_number_of_neighbours_is_the_best_on_the_validation_rows() -> None:
    job = circle_job()
    losses = {}
    for k in (4, 32, 128):
        alone = learned(replace(job, parameters={"neighbours": [k]}))
        losses[k] = job.metric.loss(job.y_valid, alone.predict(job.X_valid))
    assert learned(replace(job, parameters={"neighbours": [4, 32, 128]})).k == min(
        losses, key=losses.__getitem__
    )
