"""When boosting stops."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest

from modelwright.algorithms import algorithm_named
from modelwright.algorithms.stopping import Stopper
from modelwright.algorithms.target import Target, nothing_to_learn
from modelwright.algorithms.threads import threads_for
from modelwright.problem import Task
from tests.algorithms.jobs import real_job


def rounds_until_stop(stopper: Stopper, losses: list[float]) -> int:
    return next(round_ for round_, loss in enumerate(losses, start=1) if stopper.done(round_, loss))


def test_patience_grows_with_the_best_round_and_with_small_steps() -> None:
    job = real_job(Task.BINARY)
    losses = [1.0 / round_ for round_ in range(1, 101)] + [1.0] * 1_000
    quick, slow = Stopper(job, 0.1), Stopper(job, 0.01)
    assert rounds_until_stop(quick, losses) == 100 + 20 + 15 + 30 + 1
    assert rounds_until_stop(slow, losses) == 100 + 20 + 150 + 30 + 1
    assert quick.rounds == slow.rounds == 100


def test_a_loss_that_is_no_number_still_leaves_a_round_to_keep() -> None:
    stopper = Stopper(real_job(Task.BINARY), 0.1)
    rounds_until_stop(stopper, [float("nan")] * 200)
    assert stopper.rounds == 1


def test_values_are_standardised_and_restored() -> None:
    job = real_job(Task.REGRESSION)
    target = Target.of(job)
    assert np.allclose([target.y.mean(), target.y.std()], [0.0, 1.0])
    assert np.allclose(target.prediction(target.y)[:, 0], job.y)


def test_classes_that_do_not_occur_are_left_out_and_put_back() -> None:
    job = real_job(Task.MULTICLASS)
    lacking = real_job(Task.MULTICLASS, y=np.where(job.y == 1, 2, job.y))
    target = Target.of(lacking)
    assert sorted(set(target.y)) == [0, 1]
    assert len(target.X_valid) == (job.y_valid != 1).sum()
    assert target.prediction(np.array([[0.25, 0.75]])).tolist() == [[0.25, 0.0, 0.75]]


def test_validation_rows_of_unknown_classes_only_are_replaced_by_the_training_rows() -> None:
    job = real_job(Task.MULTICLASS)
    unknown = real_job(Task.MULTICLASS, n_classes=4, y_valid=np.full_like(job.y_valid, 3))
    assert len(Target.of(unknown).X_valid) == len(job.X)


@pytest.mark.parametrize(
    ("X", "y", "nothing"),
    [
        ([[1.0], [2.0]], [0, 1], False),
        ([[1.0], [2.0]], [1, 1], True),
        ([[1.0, np.nan], [1.0, np.nan]], [0, 1], True),
        ([[1.0], [np.nan]], [0, 1], False),
        ([[np.nan], [1.0]], [0, 1], False),
        ([[], []], [0, 1], True),
    ],
)
def test_a_table_that_never_changes_teaches_nothing(
    X: list[list[float]], y: list[int], nothing: bool
) -> None:
    job = real_job(Task.BINARY, X=np.array(X, dtype=np.float32), y=np.array(y))
    assert nothing_to_learn(job) is nothing


def test_small_tables_get_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOMP_SPINCOUNT", "7")
    assert threads_for(real_job(Task.BINARY, threads=8)) == 1
    large = np.zeros((20_000, 40), dtype=np.float32)
    assert threads_for(real_job(Task.BINARY, threads=2, X=large)) == 2
    assert os.environ["GOMP_SPINCOUNT"] == "7"


@pytest.mark.parametrize("name", ["lightgbm", "xgboost", "catboost", "extra_trees"])
def test_a_fit_that_a_deadline_cut_can_be_done_again_by_its_rounds(name):
    algorithm, job = algorithm_named(name), real_job(Task.BINARY)
    looks = iter([1.0] * 6)
    cut = algorithm.fit(replace(job, deadline=lambda: next(looks, 0.0)))
    again = algorithm.fit(replace(job, rounds=cut.rounds, deadline=lambda: 0.0))

    assert again.rounds == cut.rounds
    np.testing.assert_array_equal(again.predict(job.X_valid), cut.predict(job.X_valid))
