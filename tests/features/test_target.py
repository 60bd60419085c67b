"""Means of the target: the m-estimate, its weight, and cross-fitting, by hand and by simulation."""

from __future__ import annotations

import numpy as np
import pytest

from modelwright.features import Setting, Style
from modelwright.features.target import FOLDS, Targets, fold_of_rows
from modelwright.problem import Task

REGRESSION = Setting(Task.REGRESSION, Style.TREE)


def encode(levels: np.ndarray, y: np.ndarray, size: int) -> np.ndarray:
    return Targets.of(y, REGRESSION, 1).encode(levels, size)[:, 0]


def test_the_weight_is_variance_within_over_variance_between():
    """Balanced levels: the one-way analysis of variance, by hand."""
    y = np.array([1.0, 3.0, 11.0, 13.0, 21.0, 23.0])
    levels = np.array([0, 0, 1, 1, 2, 2])
    within = 2.0  # the pooled variance
    between = (
        2 * (10**2 + 0 + 10**2) / 2 - within
    ) / 2  # mean square between, less noise, over rows per level
    weight = max(within / between, 1.0)
    expected = (2 * np.array([2.0, 12.0, 22.0]) + weight * 12.0) / (2 + weight)
    assert encode(levels, y, 3).tolist() == pytest.approx(expected.tolist())


def test_a_level_without_rows_is_the_mean_of_all():
    assert encode(np.array([0, 0, 1, 1]), np.array([0.0, 1.0, 7.0, 8.0]), 3)[2] == 4.0


def test_levels_that_mean_nothing_are_drawn_to_the_mean_of_all():
    random = np.random.default_rng(0)
    spread = [encode(random.integers(0, 50, 500), random.normal(size=500), 50).std() for _ in range(50)]
    assert np.mean(spread) < 0.1  # their own means spread by 0.32


def test_levels_of_one_row_each_say_nothing():
    assert np.ptp(encode(np.arange(50), np.random.default_rng(0).normal(size=50), 50)) == 0


def test_smoothing_is_closer_to_the_truth_than_the_raw_means_and_than_no_means():
    random = np.random.default_rng(1)
    smooth, raw, none = np.zeros(3)
    for _ in range(100):
        truth = random.normal(size=40)
        levels = random.integers(0, 40, 200)
        y = truth[levels] + random.normal(scale=2.0, size=200)
        counts = np.bincount(levels, minlength=40)
        means = np.bincount(levels, weights=y, minlength=40) / np.maximum(counts, 1)
        smooth += np.mean((encode(levels, y, 40) - truth) ** 2)
        raw += np.mean((np.where(counts > 0, means, y.mean()) - truth) ** 2)
        none += np.mean((y.mean() - truth) ** 2)
    assert smooth < 0.75 * min(raw, none)


def test_the_estimated_weight_is_right_on_average():
    """Variance within 4, between 1: a level of n rows keeps n / (n + 4) of its distance from the mean."""
    random = np.random.default_rng(2)
    kept = []
    for _ in range(200):
        truth = random.normal(size=60)
        levels = np.repeat(np.arange(60), 10)
        y = truth[levels] + random.normal(scale=2.0, size=600)
        means = y.reshape(60, 10).mean(axis=1)
        kept.append(np.polyfit(means, encode(levels, y, 60), 1)[0])
    assert np.median(kept) == pytest.approx(10 / 14, abs=0.02)


def test_a_row_is_encoded_without_its_own_fold(monkeypatch):
    monkeypatch.setattr("modelwright.features.target._prior_weight", lambda *_: 3.0)  # all rows share it
    random = np.random.default_rng(3)
    levels, y, folds = random.integers(0, 5, 100), random.normal(size=100), fold_of_rows(100, seed=0)
    fold = np.flatnonzero(folds == 2)
    exchanged = y.copy()
    exchanged[fold] = y[random.permutation(fold)]  # the mean of all rows stays
    before, after = (Targets.of(each, REGRESSION, 1).cross_fit(levels, 5, folds) for each in (y, exchanged))
    np.testing.assert_allclose(after[fold], before[fold], rtol=1e-6)
    assert not np.allclose(after[folds != 2], before[folds != 2], rtol=1e-3)


def test_folds_are_equally_large_and_seeded():
    folds = fold_of_rows(1003, seed=4)
    assert np.ptp(np.bincount(folds, minlength=FOLDS)) <= 1
    assert np.array_equal(folds, fold_of_rows(1003, seed=4))
    assert not np.array_equal(folds, fold_of_rows(1003, seed=5))


def test_cross_fitted_means_of_noise_do_not_find_the_noise():
    """By fit then transform they correlate by 0.4; cross-fitted not to speak of."""
    random = np.random.default_rng(6)
    found = []
    for seed in range(100):
        levels, y = random.integers(0, 200, 800), random.integers(0, 2, 800)
        encoded = Targets.of(y, Setting(Task.BINARY, Style.TREE, ("no", "yes")), 1).cross_fit(
            levels, 200, fold_of_rows(800, seed)
        )[:, 0]
        found.append(np.corrcoef(encoded, y)[0, 1] if np.ptp(encoded) else 0.0)
    assert abs(np.mean(found)) < 0.05


def test_extreme_targets_give_finite_means():
    y = np.array([1e308, -1e308, 0.0, 1.0, 2.0, 1e300])
    targets = Targets.of(y, REGRESSION, 1)
    assert np.isfinite(targets.encode(np.array([0, 0, 1, 1, 1, 0]), 2)).all()


def test_what_training_sees_is_scaled_like_what_comes_later():
    """Many levels of few rows, some luck: a weight per fold would once give 10^6 times the spread."""
    random = np.random.default_rng(7)
    setting = Setting(Task.BINARY, Style.TREE, ("no", "yes"))
    for _ in range(50):
        levels, y = random.integers(0, 300, 600), random.integers(0, 2, 600)
        targets = Targets.of(y, setting, 1)
        training = targets.cross_fit(levels, 300, fold_of_rows(600, seed=0))
        later = targets.encode(levels, 300)[levels]
        assert training.std() <= 1.5 * later.std() + 1e-7


def test_rows_that_are_alike_are_in_one_fold_for_cross_fitting():
    groups = np.random.default_rng(0).integers(0, 40, 500)
    folds = fold_of_rows(500, 1, groups)
    assert all(len(np.unique(folds[groups == group])) == 1 for group in range(40))
    assert set(folds) == set(range(FOLDS))
    assert np.array_equal(fold_of_rows(500, 1, np.arange(500)), fold_of_rows(500, 1))


def test_a_level_of_one_group_says_no_more_in_training_than_of_new_groups():
    """Each level belongs to one group, whose rows share a target: of a new group nothing will be known."""
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(60), 8)
    y = rng.normal(size=60)[groups] + 0.1 * rng.normal(size=480)
    apart, alike = (
        Targets.of(y, REGRESSION, 1).cross_fit(groups, 60, fold_of_rows(480, 0, together))[:, 0]
        for together in (None, groups)
    )
    assert np.corrcoef(apart, y)[0, 1] > 0.9, "rows of a group tell each other's target"
    assert np.ptp(alike) == 0
