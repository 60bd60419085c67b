"""Sets and intervals hold the truth as often as they say."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwright.errors import DataError
from modelwright.uncertainty import LEVELS, Uncertainty, assumptions, fit_intervals, fit_sets
from tests.evaluation.worlds import calibrated_binary, calibrated_multiclass

Rng = np.random.Generator


def lopsided(rng: Rng, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Values whose errors grow with the prediction, and are larger upwards."""
    prediction = rng.uniform(0, 10, rows)
    return prediction + (0.2 + prediction / 5) * (rng.standard_gamma(2.0, rows) - 2.0), prediction


@pytest.mark.parametrize("level", [0.8, 0.9, 0.95])
def test_intervals_cover_new_rows_at_their_level(level) -> None:
    rng = np.random.default_rng(0)
    covered = []
    for _ in range(150):
        y, prediction = lopsided(rng, 800)
        low, high = fit_intervals(y[:500], prediction[:500], "").intervals(prediction[500:], level)
        covered.append(np.mean((low <= y[500:]) & (y[500:] <= high)))
    assert level - 0.01 <= np.mean(covered) <= level + 0.02


def test_intervals_are_wide_where_errors_are_large_and_reach_further_where_errors_do() -> None:
    y, prediction = lopsided(np.random.default_rng(0), 4000)
    low, high = fit_intervals(y, prediction, "").intervals(np.array([1.0, 9.0]), 0.9)
    width = high - low
    assert width[1] > 2.5 * width[0]
    assert high[1] - 9.0 > 1.2 * (9.0 - low[1])


@pytest.mark.parametrize("world", [calibrated_binary, calibrated_multiclass])
@pytest.mark.parametrize("rows", [120, 700])
def test_sets_cover_new_rows_at_their_level(world, rows) -> None:
    rng = np.random.default_rng(1)
    covered = []
    for _ in range(150):
        y, probabilities = world(rng, rows + 300)
        chosen = fit_sets(y[:rows], probabilities[:rows], "").sets(probabilities[rows:], 0.9)
        covered.append(chosen[np.arange(300), y[rows:]].mean())
    assert 0.89 <= np.mean(covered) <= 0.93


def test_a_rare_label_is_covered_as_often_as_others_where_it_has_rows_enough() -> None:
    rng = np.random.default_rng(2)
    rare = []
    for _ in range(100):
        y, probabilities = calibrated_binary(rng, 3000, share=0.1)
        fitted = fit_sets(y[:2000], probabilities[:2000], "")
        assert fitted.by_label
        chosen = fitted.sets(probabilities[2000:], 0.9)
        rare.append(chosen[y[2000:] == 1, 1].mean())
    assert 0.89 <= np.mean(rare) <= 0.92
    y, probabilities = calibrated_binary(rng, 300, share=0.1)
    assert not fit_sets(y, probabilities, "").by_label


def test_a_set_always_names_the_most_probable_label_and_grows_with_its_level() -> None:
    y, probabilities = calibrated_multiclass(np.random.default_rng(3), 900, classes=4)
    fitted = fit_sets(y, probabilities, "")
    before = np.zeros_like(probabilities, dtype=bool)
    for level in (0.5, 0.7, 0.9, 0.99):
        chosen = fitted.sets(probabilities, level)
        assert chosen[np.arange(900), probabilities.argmax(axis=1)].all()
        assert (chosen | ~before).all()
        before = chosen


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**32 - 1), rows=st.integers(3, 60))
def test_intervals_grow_with_their_level(seed: int, rows: int) -> None:
    rng = np.random.default_rng(seed)
    y, prediction = lopsided(rng, rows)
    fitted = fit_intervals(y, prediction, "")
    widths = [np.subtract(*fitted.intervals(prediction, level)[::-1]) for level in fitted.levels]
    assert all((wider >= narrower - 1e-9).all() for narrower, wider in pairwise(widths))


def test_few_rows_allow_for_no_high_levels() -> None:
    y, prediction = lopsided(np.random.default_rng(4), 30)
    fitted = fit_intervals(y, prediction, "")
    assert fitted.levels[-1] == 0.93
    with pytest.raises(
        DataError, match=r"the level 0.95 is not to be had; 30 out-of-fold rows allow for up to 0.93"
    ):
        fitted.intervals(prediction, 0.95)
    assert fit_intervals(y[:2], prediction[:2], "").levels == ()


@pytest.mark.parametrize("level", [0.0, 1.0, -1.0, 2.0])
def test_a_level_that_is_none_is_refused(level) -> None:
    y, prediction = lopsided(np.random.default_rng(5), 500)
    with pytest.raises(DataError, match="is not to be had"):
        fit_intervals(y, prediction, "").intervals(prediction, level)


def test_a_level_between_two_that_are_prepared_gets_the_wider() -> None:
    y, prediction = lopsided(np.random.default_rng(5), 500)
    fitted = fit_intervals(y, prediction, "")
    assert LEVELS[40] == 0.9
    for between, prepared in ((0.895, 0.9), (0.2, 0.5)):
        np.testing.assert_array_equal(
            fitted.intervals(prediction, between)[0], fitted.intervals(prediction, prepared)[0]
        )


def test_it_survives_json_and_holds_no_row() -> None:
    y, prediction = lopsided(np.random.default_rng(6), 3000)
    fitted = fit_intervals(y, prediction, assumptions(grouped=False, ordered=True))
    kept = Uncertainty.model_validate_json(fitted.model_dump_json())
    assert kept == fitted
    assert "latest of the training rows" in kept.assumes
    assert len(fitted.model_dump_json()) < 30_000
    with pytest.raises(ValueError, match="each level needs its row"):
        Uncertainty.model_validate(fitted.model_dump() | {"levels": (0.5,)})


def test_what_is_assumed_is_said() -> None:
    assert "exchangeable" in assumptions(grouped=False, ordered=False)
    assert "not within each" in assumptions(grouped=True, ordered=False)
