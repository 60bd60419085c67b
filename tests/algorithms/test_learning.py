"""What the algorithms learn on real tables, and when they stop."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from modelwright.algorithms import CATALOGUE, FitJob, algorithm_named
from modelwright.problem import Task
from tests.algorithms.jobs import real_job

LEARNERS = (
    "linear", "splines", "additive", "nearest_neighbours", "extra_trees", "lightgbm", "xgboost", "catboost",
)  # fmt: skip
BOOSTERS = ("lightgbm", "xgboost", "catboost")


def first_configuration(name: str, job: FitJob) -> FitJob:
    rows, columns = job.X.shape
    return replace(job, parameters=algorithm_named(name).configurations(job.task, rows, columns)[0])


def loss_of(name: str, job: FitJob) -> float:
    learner = algorithm_named(name).fit(first_configuration(name, job))
    return job.metric.loss(job.y_valid, learner.predict(job.X_valid))


@pytest.mark.parametrize("task", Task)
@pytest.mark.parametrize("name", LEARNERS)
def test_a_learner_beats_the_rule_and_the_rule_beats_the_constant(name: str, task: Task) -> None:
    job = real_job(task)
    assert loss_of(name, job) < loss_of("rule", job) < loss_of("constant", job)


@pytest.mark.parametrize("name", ["linear", "nearest_neighbours", *BOOSTERS])
@pytest.mark.parametrize("metric", ["average_precision", "accuracy", "brier", "f1", "roc_auc"])
def test_every_metric_of_classes_can_be_asked_for(name: str, metric: str) -> None:
    assert loss_of(name, real_job(Task.BINARY, metric)) < 0.1


@pytest.mark.parametrize("name", BOOSTERS)
def test_absolute_errors_are_minimised_where_they_count(name: str) -> None:
    rng = np.random.default_rng(0)
    changes = {}
    for part in ("", "_valid"):
        X = rng.integers(0, 3, (1_500, 2)).astype(np.float32)
        changes |= {f"X{part}": X, f"y{part}": X[:, 0] + rng.lognormal(0, 1.5, len(X))}
    middle, mean = (
        algorithm_named(name).fit(real_job(Task.REGRESSION, metric, **changes)).predict(changes["X"]).mean()
        for metric in ("mae", "rmse")
    )
    assert middle < 0.7 * mean


def test_a_constant_is_the_median_where_absolute_errors_count() -> None:
    job = real_job(Task.REGRESSION, "mae")
    answer = algorithm_named("constant").fit(job).predict(job.X_valid)
    assert (answer == np.median(job.y)).all()


def test_a_constant_gives_no_class_the_probability_zero() -> None:
    job = replace(real_job(Task.MULTICLASS), n_classes=5)
    answer = algorithm_named("constant").fit(job).predict(job.X_valid)
    assert answer.min() > 0


def test_a_rule_looks_at_one_column() -> None:
    job = real_job(Task.BINARY)
    forest = algorithm_named("rule").fit(job).portable()
    asked = np.unique(forest.feature[forest.feature >= 0])  # type: ignore[attr-defined]
    assert len(asked) == 1
    others = np.delete(np.arange(job.X.shape[1]), asked)
    blinded = job.X_valid.copy()
    blinded[:, others] = 0.0
    assert np.array_equal(forest.predict(blinded), forest.predict(job.X_valid))


def test_a_rule_finds_the_column_that_gives_the_target_away() -> None:
    job = real_job(Task.REGRESSION)
    rng = np.random.default_rng(0)
    X = rng.normal(size=(len(job.y), 6)).astype(np.float32)
    X[:, 4] = job.y
    forest = algorithm_named("rule").fit(replace(job, X=X)).portable()
    assert set(forest.feature[forest.feature >= 0]) == {4}  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", BOOSTERS)
def test_boosting_keeps_the_rounds_that_were_best_on_the_validation_rows(name: str) -> None:
    job = real_job(Task.REGRESSION)
    stopped = algorithm_named(name).fit(job)
    assert stopped.rounds is not None
    assert stopped.rounds < 500
    exactly = algorithm_named(name).fit(replace(job, parameters={"rounds": stopped.rounds}))
    assert exactly.rounds == stopped.rounds
    assert np.allclose(exactly.predict(job.X_valid), stopped.predict(job.X_valid))


@pytest.mark.parametrize("name", [*BOOSTERS, "extra_trees"])
def test_fitting_ends_within_a_step_of_the_deadline(name: str) -> None:
    asked = 0

    def deadline() -> float:
        nonlocal asked
        asked += 1
        return 3.5 - asked

    learner = algorithm_named(name).fit(real_job(Task.REGRESSION, deadline=deadline))
    assert asked == 4
    assert learner.rounds is not None
    assert learner.rounds <= 4 * (20 if name == "extra_trees" else 1)


def test_the_linear_model_tries_no_further_penalty_when_time_is_up() -> None:
    job = real_job(Task.BINARY)
    hurried = algorithm_named("linear").fit(replace(job, deadline=lambda: 0.0)).predict(job.X_valid)
    strongest = algorithm_named("linear").fit(replace(job, parameters={"penalties": [100.0]}))
    assert np.array_equal(hurried, strongest.predict(job.X_valid))


def test_the_linear_model_samples_rows_above_its_cap() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(6_000, 4)).astype(np.float32)
    y = X @ np.array([1.0, -2.0, 0.5, 0.0]) + 0.1 * rng.normal(size=len(X))
    job = real_job(Task.REGRESSION, X=X, y=y, X_valid=X[:100], y_valid=y[:100])
    whole = algorithm_named("linear").fit(job).predict(job.X_valid)
    part = algorithm_named("linear").fit(replace(job, parameters={"cells": 4_000})).predict(job.X_valid)
    assert not np.array_equal(whole, part)
    assert np.abs(whole - part).max() < 0.1


@pytest.mark.parametrize(("name", "cap"), [("linear", {"cells": 1, "max_iter": 20}), ("rule", {"rows": 900})])
@pytest.mark.parametrize("task", [Task.BINARY, Task.MULTICLASS])
def test_a_class_too_rare_for_the_sample_is_learned_all_the_same(
    task: Task, name: str, cap: dict[str, Any]
) -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3_000, 4)).astype(np.float32)
    y = np.zeros(3_000, dtype=np.int64) if task is Task.BINARY else rng.integers(0, 2, 3_000)
    rare = 1 if task is Task.BINARY else 2
    y[2_999] = rare
    classes = {"n_classes": rare + 1, "parameters": cap}
    job = real_job(task, X=X, y=y, X_valid=X[:200], y_valid=y[:200], **classes)

    predicted = algorithm_named(name).fit(job).predict(X[:10])

    assert predicted.shape == (10, rare + 1)
    assert (predicted[:, rare] > 0).all()


@pytest.mark.parametrize(
    "name", [name for name in CATALOGUE if name != "constant" and not CATALOGUE[name].by_wish]
)
def test_another_seed_is_another_learner_only_where_chance_plays_a_part(name: str) -> None:
    job = first_configuration(name, real_job(Task.REGRESSION))
    first, second = (
        algorithm_named(name).fit(replace(job, seed=seed)).predict(job.X_valid) for seed in (1, 2)
    )
    assert np.array_equal(first, second) == (name in ("linear", "splines", "nearest_neighbours", "rule"))


def test_xgboost_trees_that_were_pruned_are_read_right() -> None:
    job = real_job(Task.BINARY, parameters={"gamma": 2.0, "rounds": 60})
    learner = algorithm_named("xgboost").fit(job)
    assert np.abs(learner.predict(job.X_valid) - learner.portable().predict(job.X_valid)).max() < 1e-6
