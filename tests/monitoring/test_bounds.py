"""Confidence bounds of the reference hold as often as they say."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelwright.monitoring.bounds import mean_upper, share_bounds
from modelwright.monitoring.stream import MATERIAL, Stream


def test_share_bounds_are_clopper_and_pearson():
    lower, upper = share_bounds(np.array([0, 5, 10]), 10, 0.05 * 3)
    assert lower == pytest.approx([0, 0.1871, 0.6915], abs=1e-4)
    assert upper == pytest.approx([0.3085, 0.8129, 1], abs=1e-4)


def normal(rng, n_rows):
    return rng.normal(size=n_rows)


def counts(rng, n_rows):
    return rng.poisson(1.5, n_rows)


def mostly_zero(rng, n_rows):
    return np.where(rng.random(n_rows) < 0.7, 0, rng.exponential(size=n_rows))


def with_missing(rng, n_rows):
    return np.where(rng.random(n_rows) < 0.05, np.nan, rng.normal(size=n_rows))


def share_of_wrong_bounds(draw, count, repeats, n_rows):
    """How often any bound of a stream (without its allowance) is wrong."""
    rng = np.random.default_rng(n_rows)
    wrong = 0
    for _ in range(repeats):
        stream = count(draw(rng, n_rows))
        share = np.bincount(stream.bins.codes(draw(rng, 40_000)), minlength=stream.bins.size) / 40_000
        noise = 3 * np.sqrt(share / 40_000)
        lower, upper = np.array(stream.lower), np.array(stream.upper) - MATERIAL
        lower += np.where(lower > 0, MATERIAL, 0)
        wrong += bool((share + noise < lower).any() or (share - noise > upper).any())
    return wrong / repeats


@pytest.mark.parametrize("n_rows", [100, 1000])
@pytest.mark.parametrize("sample", [normal, counts, mostly_zero, with_missing])
def test_bounds_of_quantile_bins_hold_though_the_bins_come_from_the_same_rows(n_rows, sample):
    def draw(rng, n):
        return pl.Series("x", sample(rng, n), dtype=pl.Float32).fill_nan(None)

    assert share_of_wrong_bounds(draw, lambda x: Stream.of_numbers(x, 0.1), 200, n_rows) <= 0.1


@pytest.mark.parametrize("n_levels", [3, 12, 40])
def test_bounds_of_levels_hold_though_the_levels_are_chosen_by_their_counts(n_levels):
    levels = np.array([f"level {i}" for i in range(n_levels)])

    def draw(rng, n):
        return pl.Series("x", levels[rng.integers(n_levels, size=n)])

    assert share_of_wrong_bounds(draw, lambda x: Stream.of_levels(x, 0.1), 150, 500) <= 0.1


@pytest.mark.parametrize("n_rows", [50, 500])
@pytest.mark.parametrize(("a", "b"), [(0.3, 2.7), (1, 1), (20, 5)])
def test_the_upper_bound_of_a_mean_holds(n_rows, a, b):
    rng = np.random.default_rng(n_rows)
    repeats, mistake = 300, 0.1
    wrong = sum(mean_upper(rng.beta(a, b, n_rows), mistake) < a / (a + b) for _ in range(repeats))
    assert wrong <= repeats * mistake + 2 * np.sqrt(repeats * mistake)


def test_the_upper_bound_of_a_mean_is_close_where_the_variance_is_small():
    values = np.random.default_rng(0).beta(20, 180, 1000)
    assert values.mean() < mean_upper(values, 0.01) < values.mean() + 0.006


@pytest.mark.parametrize("values", [np.zeros(5), np.ones(50)])
def test_the_upper_bound_of_a_mean_never_exceeds_one(values):
    assert values.mean() <= mean_upper(values, 0.01) <= 1
