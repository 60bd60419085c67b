"""The jackknife by blocks: as wide as theory says, where theory says something."""

from __future__ import annotations

import numpy as np
import pytest

from modelwright.problem import Task, metric_named
from modelwright.training.resampling import standard_error

MAE = metric_named("mae", Task.REGRESSION)


def test_of_a_mean_it_is_the_standard_error_of_the_mean():
    rng = np.random.default_rng(0)
    errors = []
    for seed in range(40):
        y = rng.exponential(size=2_000)
        errors.append(standard_error(MAE, y, np.zeros((2_000, 1)), seed=seed))

    assert np.mean(errors) == pytest.approx(1 / np.sqrt(2_000), rel=0.1)


def test_of_a_paired_difference_what_is_common_does_not_count():
    y = np.random.default_rng(1).exponential(size=2_000)
    one, other = np.zeros((2_000, 1)), np.full((2_000, 1), -0.1)

    assert standard_error(MAE, y, one, other) == pytest.approx(0.0, abs=1e-12)
    assert standard_error(MAE, y, one) > 0.01


def test_of_a_single_row_nothing_is_known():
    assert np.isnan(standard_error(MAE, np.ones(1), np.ones((1, 1))))
