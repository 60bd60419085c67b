"""Times as text: one format, one meaning."""

# ruff: noqa: DTZ001 - times without a zone are what tables have

from __future__ import annotations

import datetime as dt
from functools import cache

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data.guess import TIME_FORMATS
from modelwright.data.time_format import ISO, TimeFormat

TIMES = st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2068, 12, 31))


time_format = cache(TimeFormat)


def utc(time: dt.datetime) -> int:
    return int(time.replace(tzinfo=dt.UTC, microsecond=0).timestamp())


@given(text=st.sampled_from([each for each in TIME_FORMATS if each != ISO]), time=TIMES)
def test_what_python_writes_is_read_back(text: str, time: dt.datetime) -> None:
    written = time.strftime(text)
    expected = utc(dt.datetime.strptime(written, text))  # noqa: DTZ007 - UTC is meant

    assert time_format(text).seconds(written) == expected
    assert time_format(text).series(pl.Series([written, None])).to_list() == [expected, None]


@given(
    time=st.datetimes(dt.datetime(1000, 1, 1), dt.datetime(2999, 12, 30), timezones=st.timezones()),
    sep=st.sampled_from("T "),
)
def test_iso_8601_is_read_back_with_its_zone(time: dt.datetime, sep: str) -> None:
    offset = time.utcoffset()
    if offset is None or offset.total_seconds() % 60:
        return  # local mean times have seconds, which ISO 8601 has not
    written = time.replace(microsecond=0).isoformat(sep=sep)
    expected = (time.replace(microsecond=0) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(
        seconds=1
    )

    assert time_format(ISO).seconds(written) == expected
    assert time_format(ISO).series(pl.Series([written])).to_list() == [expected]


@given(
    text=st.sampled_from(TIME_FORMATS),
    written=st.lists(st.text("0123456789-/:. TZ+aApPmMjJnN,", max_size=25), min_size=1, max_size=4),
)
def test_any_text_means_the_same_alone_and_in_a_column(text: str, written: list[str]) -> None:
    time = time_format(text)

    assert time.series(pl.Series(written)).to_list() == [time.seconds(each) for each in written]


@pytest.mark.parametrize(
    "written",
    [
        "2021-02-29",
        "2020-00-10",
        "2020-04-31",
        "2020-01-01T24:00",
        "2020-01-01T10:60",
        "20-01-01",
        "2020-01-01 ",
        "٢٠٢٠-01-01",
    ],
)
def test_impossible_times_are_none(written: str) -> None:
    assert time_format(ISO).seconds(written) is None
    assert time_format(ISO).series(pl.Series([written])).to_list() == [None]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("%Y-%m", "lacks a year, a month or a day"),
        ("%Y-%m-%q", "directive '%q'"),
        ("%d %b %B %Y", "twice"),
        ("", "lacks"),
    ],
)
def test_impossible_formats_are_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        TimeFormat(text)
