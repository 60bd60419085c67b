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


def test_weights_count_and_equal_ones_change_nothing() -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 800)
    about = (Task.BINARY, ("no", "yes"), y)
    plain = calibrate_against(*about, prediction)
    even = calibrate_against(*about, prediction, weight=np.full(800, 7.0))
    assert even.error == pytest.approx(plain.error)
    assert even.typical_error.high == pytest.approx(plain.typical_error.high)
    assert [each.low for each in even.bins] == pytest.approx([each.low for each in plain.bins])
    lucky = calibrate_against(*about, prediction, weight=np.where(y == 1, 4.0, 0.25))
    assert lucky.error > 3 * plain.error


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


@pytest.mark.parametrize("slope", [1.0, 0.7, 0.5])
def test_the_typical_error_s_interval_holds_the_truth(slope) -> None:
    rows, held, values, truths = 600, 0, [], []
    for seed in range(150):
        rng = np.random.default_rng(seed)
        score = 1.5 * np.sort(rng.normal(size=rows))
        predicted, true = (1 / (1 + np.exp(-factor * score)) for factor in (1.0, slope))
        y = (rng.random(rows) < true).astype(np.int64)
        apart = (true - predicted).reshape(10, -1).mean(axis=1)
        truths.append(np.sqrt(np.mean(apart**2)))
        found = calibrate_against(Task.BINARY, ("no", "yes"), y, two_columns(predicted)).typical_error
        held += found.low <= truths[-1] <= found.high + 1e-12
        values.append(found.value)
    assert held / 150 >= 0.93
    assert abs(np.sqrt(np.mean(np.square(values))) - np.mean(truths)) < 0.03


def test_chance_is_taken_off_the_typical_error() -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 400)
    found = calibrate_against(Task.BINARY, ("no", "yes"), y, prediction)
    assert found.typical_error.low == 0
    assert found.typical_error.value < found.error


def test_groups_and_looks_make_the_typical_error_less_sure() -> None:
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(60), 10)
    score = np.repeat(rng.normal(size=60), 10)
    y = (np.repeat(rng.random(60), 10) < 1 / (1 + np.exp(-score))).astype(np.int64)
    prediction = two_columns(1 / (1 + np.exp(-0.3 * score)))
    alone, together, later = (
        calibrate_against(Task.BINARY, ("no", "yes"), y, prediction, **how).typical_error
        for how in ({}, {"groups": groups}, {"looks": 3})
    )
    assert together.high > alone.high
    assert later.high > alone.high
    assert later.looks == 3


def test_the_band_is_where_a_calibrated_model_s_points_lie() -> None:
    inside = []
    for seed in range(40):
        y, prediction = calibrated_binary(np.random.default_rng(seed), 1000)
        bins = calibrate_against(Task.BINARY, ("no", "yes"), y, prediction, seed=seed).bins
        inside += [b.band_low <= b.observed <= b.band_high for b in bins]
    assert 0.92 <= np.mean(inside) <= 0.98
