"""The graph makes the features that transform makes, to the last bit, whatever the cells."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwright.features import (
    BooleanColumns,
    CategoryColumns,
    ColumnTransformer,
    NumberColumns,
    TextColumns,
    TimeColumns,
)
from modelwright.testing import graph_features

from .strategies import Table, tables


def assert_same(table: Table, transformer: type[ColumnTransformer]) -> None:
    fitted, features = transformer.fit_transform(table.fitted, table.columns, table.y, table.setting)
    assert features.shape == (table.fitted.height, len(fitted.names))
    assert not np.isinf(features).any()
    again = transformer.from_dict(json.loads(json.dumps(fitted.to_dict(), allow_nan=False)))
    rows = pl.concat([table.fitted, table.others])
    expected = fitted.transform(rows)
    assert not np.isinf(expected).any()
    np.testing.assert_array_equal(graph_features(fitted, rows), expected)
    np.testing.assert_array_equal(graph_features(again, rows), expected)


@settings(max_examples=60, deadline=None)
@given(table=tables("number"))
def test_numbers(table):
    assert_same(table, NumberColumns)


@settings(max_examples=30, deadline=None)
@given(table=tables("boolean"))
def test_booleans(table):
    assert_same(table, BooleanColumns)


@settings(max_examples=100, deadline=None)
@given(table=tables("category"))
def test_categories(table):
    assert_same(table, CategoryColumns)


@settings(max_examples=40, deadline=None)
@given(table=tables("time"))
def test_times(table):
    assert_same(table, TimeColumns)


@settings(max_examples=60, deadline=None)
@given(table=tables("category"), many=st.integers(0, 3))
def test_categories_with_the_means_of_the_target(table, many):
    with pytest.MonkeyPatch.context() as patch:  # few levels are enough to get means
        patch.setattr("modelwright.features.category_fit.MANY", many)
        patch.setattr("modelwright.features.category_fit.INDICATORS", max(many, 1))
        assert_same(table, CategoryColumns)


@settings(max_examples=15, deadline=None)
@given(table=tables("text"), fewest=st.integers(1, 3))
def test_texts(table, fewest):
    with pytest.MonkeyPatch.context() as patch:  # words of few rows are known
        patch.setattr("modelwright.features.grams.FEWEST_ROWS", fewest)
        assert_same(table, TextColumns)
