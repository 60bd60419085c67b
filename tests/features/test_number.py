"""Numbers: raw for trees; filled, bounded and standardised for linear learners."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelwright.data import Column
from modelwright.features import NumberColumns, Setting, Style
from modelwright.problem import Task

Y = np.zeros(0, dtype=np.int64)


def fit(frame: pl.DataFrame, style: Style) -> NumberColumns:
    columns = [Column(name=name, kind="number") for name in frame.columns]
    return NumberColumns.fit(frame, columns, Y, Setting(Task.BINARY, style, ("no", "yes")))


def numbers(*values: float | None) -> pl.DataFrame:
    return pl.DataFrame({"x": values}, schema={"x": pl.Float32})


def test_trees_see_numbers_as_they_are_and_nan_where_missing():
    frame = numbers(1.5, None, -2.0)
    np.testing.assert_array_equal(
        fit(frame, Style.TREE).transform(frame), np.float32([[1.5], [np.nan], [-2.0]])
    )


def test_infinity_counts_as_the_largest_number():
    frame = numbers(float("inf"), float("-inf"))
    largest = np.finfo(np.float32).max
    assert fit(frame, Style.TREE).transform(frame).ravel().tolist() == [largest, -largest]


def test_linear_learners_see_standardised_numbers():
    values = np.random.default_rng(0).normal(50.0, 9.0, 5_000).astype(np.float32)
    seen = fit(pl.DataFrame({"x": values}), Style.LINEAR).transform(pl.DataFrame({"x": values}))
    assert seen.mean() == pytest.approx(0.0, abs=1e-4)
    assert seen.std() == pytest.approx(1.0, abs=1e-4)


def test_missing_numbers_become_the_median_and_are_flagged():
    fitted = fit(numbers(1.0, 2.0, 30.0, None), Style.LINEAR)
    assert fitted.names == ("x", "x: missing")
    missing, median = fitted.transform(numbers(None, 2.0))
    assert missing.tolist() == [median[0], 1.0]
    assert median[1] == 0.0


def test_a_column_without_gaps_has_no_flag_and_still_takes_them():
    fitted = fit(numbers(1.0, 2.0, 3.0), Style.LINEAR)
    assert fitted.names == ("x",)
    assert fitted.transform(numbers(None)).tolist() == fitted.transform(numbers(2.0)).tolist()


def test_an_outlier_neither_sets_the_scale_nor_moves_a_prediction_without_bound():
    values = np.append(np.random.default_rng(0).normal(size=999), 1e30).astype(np.float32)
    fitted = fit(pl.DataFrame({"x": values}), Style.LINEAR)
    usual, far, farther = fitted.transform(numbers(1.0, 1e30, float("inf"))).ravel()
    assert usual == pytest.approx(1.0, abs=0.2)
    assert far == farther < 10.0


def test_what_few_rows_say_in_a_column_of_zeros_is_kept():
    values = np.zeros(10_000, dtype=np.float32)
    values[:20] = 5.0
    fitted = fit(pl.DataFrame({"x": values}), Style.LINEAR)
    assert fitted.transform(numbers(5.0)).item() > 10.0


def test_a_constant_column_is_harmless():
    for frame in (numbers(7.0, 7.0), numbers(None, None)):
        fitted = fit(frame, Style.LINEAR)
        assert np.isfinite(fitted.transform(numbers(7.0, None, 1e38, -1e38))).all()
