"""The same label has the same text, wherever it came from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data import label_text
from modelwright.data.label import label_texts
from tests.data.strategies import columns


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (1.0, "1"),
        (np.float32(1), "1"),
        (np.int8(1), "1"),
        (Decimal("1.000"), "1"),
        ("1", "1"),
        ("1.0", "1.0"),
        (-0.0, "0"),
        (1.5, "1.5"),
        (1e20, "100000000000000000000"),
        (True, "True"),
        (np.bool_(False), "False"),
        ("yes", "yes"),
    ],
)
def test_whole_numbers_lose_their_point(value: Any, text: str) -> None:
    assert label_text(value) == text


@given(data=st.data())
def test_a_column_has_the_texts_of_its_values(data: st.DataObject) -> None:
    values = data.draw(columns(rows=6))
    expected = [None if value is None or value != value else label_text(value) for value in values.to_list()]  # noqa: PLR0124

    assert label_texts(values).to_list() == expected


def test_a_missing_value_that_made_integers_floats_changes_no_label() -> None:
    assert label_texts(pl.Series([1.0, None, 2.0])).to_list() == ["1", None, "2"]
    assert label_texts(pl.Series([1, None, 2])).to_list() == ["1", None, "2"]
