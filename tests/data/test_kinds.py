"""A column and a cell of it become the same numbers, texts and seconds."""

# ruff: noqa: DTZ001 - times without a zone are what tables have

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwright.data.kinds import Kind, Wrong, kind_named
from tests.data.strategies import CELLS, TEXTS, columns

MARKERS = frozenset({"?", "NA", "NaN", "nan"})
KINDS = ("number", "boolean", "category", "text", "time")


def one_by_one(kind: Kind, values: list[Any]) -> tuple[list[Any], list[bool]]:
    converted, wrong = [], []
    for value in values:
        try:
            converted.append(kind.convert(value))
            wrong.append(False)
        except Wrong:
            converted.append(None)
            wrong.append(True)
    return converted, wrong


def assert_same(kind: Kind, values: pl.Series) -> None:
    whole = kind.series(values)
    converted, wrong = one_by_one(kind, values.to_list())

    assert whole.values.to_list() == converted
    assert whole.wrong.to_list() == wrong


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
def test_a_column_and_its_cells_agree(name: str, data: st.DataObject) -> None:
    assert_same(kind_named(name, MARKERS), data.draw(columns(rows=8)))


@pytest.mark.parametrize("cells", sorted(CELLS))
@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=10)
@given(data=st.data())
def test_every_kind_takes_every_column(name: str, cells: str, data: st.DataObject) -> None:
    assert_same(kind_named(name, MARKERS), data.draw(columns(rows=4, kind=cells)))


@pytest.mark.parametrize("name", KINDS)
@given(
    text=st.lists(TEXTS | st.text("0123456789.eE+-_ nafit \t\xa0\x1f", max_size=8), min_size=1, max_size=5)
)
def test_any_text_is_read_alike(name: str, text: list[str]) -> None:
    assert_same(kind_named(name, MARKERS), pl.Series(text, dtype=pl.String))


@pytest.mark.parametrize(
    "values",
    [
        pl.Series([None, None]),
        pl.Series([], dtype=pl.String),
        pl.Series([[1, 2], None]),
        pl.Series([b"x", None]),
        pl.Series([{"a": 1}, None]),
        pl.Series([dt.timedelta(days=1), None]),
        pl.Series([2**64 - 1, 0], dtype=pl.UInt64),
        pl.Series(["x", "?", None], dtype=pl.Enum(["x", "?"])),
    ],
    ids=lambda values: str(values.dtype),
)
@pytest.mark.parametrize("name", KINDS)
def test_unusual_columns_are_taken_or_refused_whole(name: str, values: pl.Series) -> None:
    assert_same(kind_named(name, MARKERS), values)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 1.0),
        (2.5, 2.5),
        (True, 1.0),
        (Decimal("0.1"), 0.1),
        (np.float32(0.5), 0.5),
        (np.int64(7), 7.0),
        (" 12 ", 12.0),
        ("1e3", 1000.0),
        ("", None),
        ("  ", None),
        ("?", None),
        (None, None),
        (math.nan, None),
    ],
)
def test_what_a_number_may_be(value: Any, expected: float | None) -> None:
    assert kind_named("number", MARKERS).convert(value) == expected


@pytest.mark.parametrize(
    "value", ["abc", "1,5", "1_000", "inf", math.inf, 1e39, 10**400, [1], dt.date(2020, 1, 1)]
)
def test_what_a_number_may_not_be(value: Any) -> None:
    with pytest.raises(Wrong, match="a finite number"):
        kind_named("number", MARKERS).convert(value)


def test_numbers_round_once_to_32_bits() -> None:
    # 2**24 + 1 and its neighbours are where a second rounding would show.
    values = [2**54 + 2**30 + 1, 16777217, 0.1, 3.4028235e38]
    whole = kind_named("number", MARKERS).series(pl.Series(values, dtype=pl.Float64)).values.cast(pl.Float32)

    assert whole.to_list() == [float(np.float32(float(value))) for value in values]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, 1.0), (0, 0.0), (1.0, 1.0), ("TRUE", 1.0), ("false", 0.0), ("0", 0.0), ("", None), (None, None)],
)
def test_what_a_boolean_may_be(value: Any, expected: float | None) -> None:
    assert kind_named("boolean", MARKERS).convert(value) == expected


@pytest.mark.parametrize("value", [2, 0.5, "yes", "tʀue", dt.date(2020, 1, 1)])
def test_what_a_boolean_may_not_be(value: Any) -> None:
    with pytest.raises(Wrong, match="true or false"):
        kind_named("boolean", MARKERS).convert(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "a"),
        (" a ", " a "),
        (1, "1"),
        (1.0, "1"),
        (1.5, "1.5"),
        (True, "True"),
        (" ? ", None),
        ("", None),
    ],
)
def test_what_a_category_may_be(value: Any, expected: str | None) -> None:
    assert kind_named("category", MARKERS).convert(value) == expected


def test_a_text_that_is_no_unicode_is_refused() -> None:
    with pytest.raises(Wrong, match="Unicode"):
        kind_named("category", MARKERS).convert("\ud800")


def test_times_are_whole_seconds_downwards() -> None:
    kind = kind_named("time", MARKERS)

    assert kind.convert(dt.datetime(1969, 12, 31, 23, 59, 59, 500_000)) == -1
    assert kind.convert("1969-12-31T23:59:59.5") == -1
    assert kind.convert(dt.date(1970, 1, 2)) == 86_400
    assert kind.convert("1970-01-01T02:00:00+02:00") == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("WIN £1000 now!!! Call 08001234567.", "win £ 1000 now ! ! ! call 00000000000"),
        ("Don't stop (it's \u2018fine\u2019), e.g. 12%", "don't stop it's \u2018 fine e g 12 %"),
        ("\uff26ull width, Stra\u00dfe, e\u0301", "full width straße \u00e9"),
        ("\u4e2d\u6587abc", "\u4e2d \u6587 abc"),
        ("so good \U0001f600", "so good \U0001f600"),
        ("a\tb\n c_d", "a b c d"),
        ("...", ""),
        ("x " * 1500, " ".join(["x"] * 1000)),
    ],
)
def test_a_text_becomes_its_words(text: str, words: str) -> None:
    assert kind_named("text", MARKERS).convert(text) == words


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=30))
def test_words_are_parted_by_single_blanks(text: str) -> None:
    words = kind_named("text", frozenset()).convert(text)
    if words is not None:
        assert words.split(" ") == (words.split() or [""])
