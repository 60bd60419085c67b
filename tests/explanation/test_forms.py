"""Learners that are neither trees nor plain sums are explained too."""

from __future__ import annotations

import numpy as np
import pytest

from modelwright.algorithms import algorithm_named
from modelwright.explanation import Explainer, Part
from modelwright.problem import Task
from tests.algorithms.jobs import real_job
from tests.explanation.games import shapley


def alone(column_of: np.ndarray) -> list[tuple[int]]:
    """Say that each feature is made from one column."""
    return [(int(column),) for column in column_of]


def test_values_of_splines_are_those_of_the_definition() -> None:
    job = real_job(Task.REGRESSION)
    learner = algorithm_named("splines").fit(job).portable()
    column_of = np.arange(job.X.shape[1]) % 6
    names = [f"column {at}" for at in range(6)]

    found = Explainer(names, [Part(learner, 0, 1.0)], [alone(column_of)], [job.X[:12]]).explain(
        [job.X_valid[0]], 0
    )

    expected = shapley(lambda X: learner.predict(X)[:, 0], job.X_valid[0], job.X[:12], column_of)
    np.testing.assert_allclose(found.values, expected, atol=1e-6 * np.abs(expected).max())


def test_sampled_values_are_near_those_of_the_definition_and_add_up_exactly() -> None:
    job = real_job(Task.REGRESSION)
    learner = algorithm_named("nearest_neighbours").fit(job).portable()
    column_of = np.arange(job.X.shape[1]) % 6
    background, row = job.X[:16], job.X_valid[0]
    names = [f"column {at}" for at in range(6)]

    found = Explainer(names, [Part(learner, 0, 1.0)], [alone(column_of)], [background]).explain([row], 0)

    expected = shapley(lambda X: learner.predict(X)[:, 0], row, background, column_of)
    assert np.abs(found.values - expected).max() < 0.2 * np.abs(expected).max()
    assert found.base + found.values.sum() == pytest.approx(found.output)
    assert found.output == pytest.approx(float(learner.predict(row[None, :])[0, 0]))


def test_what_can_only_be_asked_is_explained_like_the_form_itself() -> None:
    job = real_job(Task.MULTICLASS)
    learner = algorithm_named("nearest_neighbours").fit(job).portable()
    names = [f"column {at}" for at in range(job.X.shape[1])]
    setting = ([alone(np.arange(job.X.shape[1]))], [job.X[:8]])
    known, asked = (
        Explainer(names, [Part(each, 0, 1.0)], *setting, shifts=(0.0, 0.1, 0.2)).explain([job.X_valid[3]], 1)
        for each in (learner, learner.predict)
    )
    assert np.array_equal(known.values, asked.values)
