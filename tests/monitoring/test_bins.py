"""Bins of numbers and categories."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.monitoring.bins import LevelBins, NumberBins, level_bins, number_bins
from modelwright.monitoring.stream import Stream

numbers = st.lists(st.none() | st.floats(-1e6, 1e6, width=32), min_size=1, max_size=200)


@given(numbers)
def test_every_value_of_the_reference_lies_in_an_inner_bin_that_is_not_empty(values):
    series = pl.Series("x", values, dtype=pl.Float32)
    bins = number_bins(series)
    codes = bins.codes(series)
    assert ((codes == 0) == series.is_null().to_numpy()).all()
    inner = np.arange(2, bins.size - 1)
    assert set(inner) <= set(codes.tolist())
    assert not np.isin(codes, [1, bins.size - 1]).any() or series.null_count() == len(series)
    assert list(bins.edges) == sorted(set(bins.edges))


def test_a_frequent_value_has_a_bin_of_its_own():
    rng = np.random.default_rng(0)
    series = pl.Series(
        "x", np.where(rng.random(1000) < 0.6, 0.0, rng.exponential(size=1000)), dtype=pl.Float32
    )
    bins = number_bins(series)
    zero = bins.codes(pl.Series([0.0]))[0]
    assert bins.codes(pl.Series([1e-6]))[0] == zero + 1
    assert bins.codes(pl.Series([-1e-6]))[0] == zero - 1
    assert bins.name(zero) == "equal to 0"


def test_new_values_beyond_the_reference_have_bins():
    bins = number_bins(pl.Series("x", np.arange(100), dtype=pl.Float32))
    assert [bins.name(code) for code in bins.codes(pl.Series([-1.0, 100, None]))] == [
        "below 0",
        "above 99",
        "missing",
    ]


@pytest.mark.parametrize("values", [[None, None], [5.0] * 10])
def test_columns_that_say_nothing_have_few_bins(values):
    bins = number_bins(pl.Series("x", values, dtype=pl.Float32))
    assert bins.size <= 4


def test_categories_that_are_rare_share_a_bin():
    series = pl.Series("x", ["a"] * 500 + ["b"] * 400 + [f"rare {i}" for i in range(100)] + [None] * 10)
    bins = level_bins(series)
    assert bins.levels == ("a", "b")
    assert bins.codes(pl.Series(["a", "b", "rare 3", "never seen", None])).tolist() == [2, 3, 1, 1, 0]
    assert bins.name(1) == "none of the usual values"


def test_a_category_without_levels_is_watched_for_missing_values():
    assert LevelBins(levels=()).codes(pl.Series(["a", None])).tolist() == [1, 0]
    assert NumberBins(edges=()).codes(pl.Series([3, None], dtype=pl.Int64)).tolist() == [1, 0]


def test_the_values_of_a_protected_column_are_not_named():
    series = pl.Series("x", ["a", "b"] * 50)
    stream = Stream.of_levels(series, 0.01, protected=True)
    assert [stream.bin_name(code) for code in range(4)] == [
        "missing",
        "none of the usual values",
        "in one of its groups",
        "in one of its groups",
    ]


@given(numbers, numbers)
def test_counting_agrees_with_the_codes_of_each_value(reference, values):
    bins, series = (
        number_bins(pl.Series("x", reference, dtype=pl.Float32)),
        pl.Series(values, dtype=pl.Float32),
    )
    assert bins.count(series).tolist() == np.bincount(bins.codes(series), minlength=bins.size).tolist()


@given(st.lists(st.sampled_from(["a", "b", "c", None]), min_size=1))
def test_counting_categories_agrees_with_the_codes_of_each_value(values):
    bins, series = LevelBins(levels=("a", "b")), pl.Series("x", values, dtype=pl.String)
    assert bins.count(series).tolist() == np.bincount(bins.codes(series), minlength=bins.size).tolist()
