"""Calibration: a calibrated model is not accused, a miscalibrated one is."""

from __future__ import annotations

import numpy as np
import pytest

from modelwright.evaluation.calibration import calibrate_against
from modelwright.problem import Task
from tests.evaluation.worlds import calibrated_binary, calibrated_multiclass, linear_values, two_columns


@pytest.mark.parametrize(
    ("task", "world", "classes"),
    [
        (Task.BINARY, calibrated_binary, ("no", "yes")),
        (Task.MULTICLASS, calibrated_multiclass, ("a", "b", "c")),
        (Task.REGRESSION, linear_values, ()),
    ],
)
def test_a_calibrated_model_is_accused_five_times_in_100(task, world, classes) -> None:
    p_values = np.array(
        [
            calibrate_against(task, classes, *world(np.random.default_rng(r), 300), seed=r).p_value
            for r in range(200)
        ]
    )
    assert np.mean(p_values < 0.05) <= 0.09
    assert 0.38 <= np.mean(p_values < 0.5) <= 0.62


def test_an_overconfident_model_is_seen() -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 1500)
    log_odds = 2.5 * np.log(prediction[:, 1] / prediction[:, 0])
    found = calibrate_against(Task.BINARY, ("no", "yes"), y, two_columns(1 / (1 + np.exp(-log_odds))))
    assert found.p_value < 0.01
    assert found.error > 2 * found.expected_error


def test_bins_hold_every_row_once_in_order() -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 1003)
    for rounded in (np.round(prediction, 1), prediction, np.full_like(prediction, 0.5)):
        bins = calibrate_against(Task.BINARY, ("no", "yes"), y, rounded).bins
        assert sum(b.rows for b in bins) == 1003
        assert [b.predicted for b in bins] == sorted(b.predicted for b in bins)
        assert all(b.low <= b.observed <= b.high for b in bins)
    assert len(bins) == 1


def test_the_error_is_the_mean_distance_over_bins() -> None:
    y = np.array([0, 0, 1, 1] * 10)
    found = calibrate_against(Task.BINARY, ("no", "yes"), y, np.full((40, 2), [0.2, 0.8]))
    assert found.error == pytest.approx(0.3)
