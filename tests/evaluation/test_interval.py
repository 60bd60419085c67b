"""Intervals hold the truth as often as they say, and widen with looks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.errors import DataError
from modelwright.evaluation import Interval, bootstrap, error_at_look, interval, measure, metrics_of
from modelwright.evaluation.drawing import Units
from modelwright.problem import METRICS
from tests.evaluation.worlds import (
    brief,
    calibrated_binary,
    calibrated_multiclass,
    linear_values,
    two_columns,
)

WORLDS = {
    "roc_auc": calibrated_binary,
    "average_precision": calibrated_binary,
    "brier": calibrated_binary,
    "f1": calibrated_binary,
    "mcc": calibrated_binary,
    "roc_auc_ovr": calibrated_multiclass,
    "log_loss": calibrated_multiclass,
    "accuracy": calibrated_multiclass,
    "rmse": linear_values,
    "r2": linear_values,
}


@pytest.mark.parametrize("name", WORLDS)
def test_the_truth_is_inside_95_times_in_100(name) -> None:
    metric, world = METRICS[name], WORLDS[name]
    truth = metric(*world(np.random.default_rng(12_345), 400_000))
    inside = 0
    for repeat in range(200):
        found = interval(
            metric, *world(np.random.default_rng(repeat), 200), looks=0, resamples=400, seed=repeat
        )
        inside += found.low <= truth <= found.high
    assert 0.91 <= inside / 200 <= 0.985


@pytest.mark.parametrize(("clustered", "least", "most"), [(True, 0.90, 0.99), (False, 0.6, 0.88)])
def test_rows_of_a_group_count_as_one_where_they_are_alike(clustered, least, most) -> None:
    inside = 0
    for repeat in range(200):
        rng = np.random.default_rng(repeat)
        group = np.repeat(np.arange(30), 10)
        right = rng.random(300) < rng.beta(4, 2, size=30)[group]
        prediction = two_columns(np.where(right, 0.1, 0.9))
        found = interval(
            METRICS["accuracy"],
            np.zeros(300, dtype=np.int64),
            prediction,
            looks=0,
            groups=group if clustered else None,
            resamples=400,
            seed=repeat,
        )
        inside += found.low <= 2 / 3 <= found.high
    assert least <= inside / 200 <= most


def weather(rng, rows):
    """Right and wrong answers that come in spells: the weather of a row is that of the one before, mostly."""
    spell = np.empty(rows)
    spell[0] = rng.normal()
    for row in range(1, rows):
        spell[row] = 0.85 * spell[row - 1] + np.sqrt(1 - 0.85**2) * rng.normal()
    return rng.random(rows) < np.where(spell > 0, 0.9, 0.5)


@pytest.mark.parametrize(("timed", "least", "most"), [(True, 0.89, 0.99), (False, 0.5, 0.85)])
def test_neighbours_in_time_count_for_less_where_they_are_alike(timed, least, most) -> None:
    inside = 0
    for repeat in range(200):
        right = weather(np.random.default_rng(repeat), 600)
        codes, prediction = np.zeros(600, dtype=np.int64), two_columns(np.where(right, 0.1, 0.9))
        units = Units.of(600, times=np.arange(600), losses=right.astype(float)) if timed else None
        found = interval(
            METRICS["accuracy"], codes, prediction, looks=0, units=units, resamples=400, seed=repeat
        )
        inside += found.low <= 0.7 <= found.high
    assert least <= inside / 200 <= most


@pytest.mark.parametrize(
    "clusters",
    [
        ["a", "a", None, "b", None, "b"],
        [1.0, 1.0, float("nan"), 2.0, float("nan"), 2.0],
        [7, 7, -1, 3, 9, 3],
    ],
)
def test_a_row_without_a_group_stands_alone(clusters) -> None:
    units = Units.of(6, np.array(clusters))
    assert units.count == 4
    assert units.codes is not None
    assert units.codes[0] == units.codes[1]
    assert units.codes[3] == units.codes[5]
    assert len(set(units.codes[[0, 2, 3, 4]])) == 4


def test_the_errors_of_all_looks_add_up_to_no_more_than_the_level_allows() -> None:
    spent = sum(error_at_look(0.95, look) for look in range(1, 10_000))
    assert spent == pytest.approx(0.05, abs=1e-4)
    assert spent <= 0.05


def test_each_look_widens_the_interval() -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 1000)
    widths = [
        (found := interval(METRICS["roc_auc"], y, prediction, looks=looks)).high - found.low
        for looks in (0, 1, 2, 5, 20, 100)
    ]
    assert widths == sorted(widths)
    assert len(set(widths)) == len(widths)


@given(looks=st.integers(0, 500), seed=st.integers(0, 1000), rows=st.integers(20, 200))
def test_an_interval_holds_its_own_figure_and_stays_in_the_metrics_range(looks, seed, rows) -> None:
    y, prediction = calibrated_binary(np.random.default_rng(seed), rows, strength=2.5)
    if 0 < y.sum() < rows:
        found = interval(METRICS["roc_auc"], y, prediction, looks=looks, resamples=100, seed=seed)
        assert 0 <= found.low <= found.value <= found.high <= 1


def test_a_perfect_score_is_not_certain() -> None:
    y = np.tile([0, 1], 50)
    found = interval(METRICS["accuracy"], y, two_columns(y.astype(float)), looks=0)
    assert found.value == found.high == 1
    assert found.low == pytest.approx(1 - (1 - 0.025 ** (1 / 50)))


def test_the_same_seed_gives_the_same_limits() -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 300)
    first, again = (interval(METRICS["f1"], y, prediction, seed=7) for _ in range(2))
    assert first == again
    assert first != interval(METRICS["f1"], y, prediction, seed=8)


def test_limits_do_not_depend_on_how_many_threads_there_are(monkeypatch) -> None:
    y, prediction = calibrated_multiclass(np.random.default_rng(0), 2000)
    metrics = metrics_of(brief("multiclass", "log_loss"))
    alone = measure(metrics, y, prediction, resamples=500)
    monkeypatch.setattr(bootstrap, "_CELLS_FOR_THREADS", 0)
    for threads in (1, 3):
        monkeypatch.setattr(bootstrap, "cores", lambda _, threads=threads: threads)
        assert measure(metrics, y, prediction, resamples=500) == alone


def test_many_rows_take_few_resamples() -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 200_000)
    found = interval(METRICS["roc_auc"], y, prediction, looks=0)
    y_small, small = calibrated_binary(np.random.default_rng(1), 2_000)
    wide = interval(METRICS["roc_auc"], y_small, small, looks=0)
    assert (wide.high - wide.low) / (found.high - found.low) == pytest.approx(10, rel=0.25)


def test_a_metric_that_is_not_defined_says_so() -> None:
    with pytest.raises(DataError, match="not defined on these 10 rows"):
        interval(METRICS["roc_auc"], np.zeros(10, dtype=np.int64), np.full((10, 2), 0.5))
    with pytest.raises(DataError, match="at least 2"):
        interval(METRICS["rmse"], np.zeros(10), np.zeros((10, 1)), groups=np.zeros(10))


def test_an_interval_reads_with_as_many_decimals_as_it_deserves() -> None:
    assert str(Interval(value=0.91234, low=0.9051, high=0.9203)) == "0.912 (0.905 to 0.920)"
    assert str(Interval(value=41_234.7, low=40_120.2, high=42_001.9)) == "41,235 (40,120 to 42,002)"
    assert str(Interval(value=0.08, low=0.0016, high=0.15)) == "0.080 (0.002 to 0.150)", "on which side of 0"
    assert str(Interval(value=0.08, low=-1e-9, high=0.15)) == "0.08 (0.00 to 0.15)"
    assert str(Interval(value=0.08, low=0.0, high=0.15)) == "0.08 (0.00 to 0.15)"
