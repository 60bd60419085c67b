"""The calendar agrees with Python's own, on every day and second."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from modelwright.features.calendar import PARTS, civil

EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - the calendar itself knows no zones


def expected_parts(moment: dt.datetime) -> list[int]:
    second = moment.hour * 3600 + moment.minute * 60 + moment.second
    yearday, days = moment.timetuple().tm_yday, (moment.date() - EPOCH.date()).days
    return [moment.year, moment.month, moment.day, moment.weekday(), second, yearday, days]


@given(st.lists(st.datetimes(), min_size=1, max_size=20))
def test_agrees_with_datetime(moments):
    seconds = np.array([[(moment - EPOCH) // dt.timedelta(seconds=1)] for moment in moments])
    np.testing.assert_array_equal(civil(seconds), [expected_parts(moment) for moment in moments])


def test_agrees_with_polars_on_every_day_of_eight_centuries():
    days = pl.date_range(dt.date(1599, 1, 1), dt.date(2401, 12, 31), eager=True)
    parts = civil(days.cast(pl.Int32).cast(pl.Int64).to_numpy()[:, None] * 86_400)
    at = PARTS.index
    np.testing.assert_array_equal(parts[:, at("year")], days.dt.year())
    np.testing.assert_array_equal(parts[:, at("month")], days.dt.month())
    np.testing.assert_array_equal(parts[:, at("day")], days.dt.day())
    np.testing.assert_array_equal(parts[:, at("weekday")], days.dt.weekday().to_numpy() - 1)
    np.testing.assert_array_equal(parts[:, at("day of year")], days.dt.ordinal_day())


def test_times_beyond_the_calendar_count_as_its_ends():
    ends = np.array([[np.iinfo(np.int64).min], [np.iinfo(np.int64).max]])
    assert civil(ends)[:, 0].tolist() == [1, 9999]
    assert civil(ends)[:, 4].tolist() == [0, 86_399]
