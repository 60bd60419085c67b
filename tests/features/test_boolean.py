"""Booleans: 0, 1 and NaN for trees; filled and flagged for linear learners."""

from __future__ import annotations

import numpy as np
import polars as pl

from modelwright.data import Column
from modelwright.features import BooleanColumns, Setting, Style
from modelwright.problem import Task


def fit(frame: pl.DataFrame, style: Style) -> BooleanColumns:
    columns = [Column(name=name, kind="boolean") for name in frame.columns]
    return BooleanColumns.fit(frame, columns, np.zeros(0), Setting(Task.REGRESSION, style))


FRAME = pl.DataFrame({"mostly": [1.0, 1.0, 0.0, None], "never": [0.0, 0.0, 0.0, 0.0]}).cast(pl.Float32)


def test_trees_see_zero_one_and_nan():
    np.testing.assert_array_equal(
        fit(FRAME, Style.TREE).transform(FRAME)[:, 0], np.float32([1, 1, 0, np.nan])
    )


def test_missing_becomes_the_more_frequent_value_and_is_flagged():
    fitted = fit(FRAME, Style.LINEAR)
    assert fitted.names == ("mostly", "never", "mostly: missing")
    assert fitted.transform(FRAME).tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 0], [1, 0, 1]]
