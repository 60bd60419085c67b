"""Dates kept as text in several formats."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from modelwright.data.cleaning.step import by_text
from modelwright.data.kinds import BLANKS
from modelwright.data.time_format import TimeFormat
from modelwright.problem import CleaningStep

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Date:
    """What is written in one of the formats becomes ISO 8601 in UTC; all else stays as it is."""

    def __init__(self, declared: CleaningStep) -> None:
        self._formats = [TimeFormat(text) for text in declared.formats]

    def series(self, values: pl.Series) -> pl.Series:
        """Clean a raw column."""
        return by_text(values, self._change)

    def cell(self, value: Any) -> Any:
        """Clean one raw value."""
        return self._change(value) if isinstance(value, str) else value

    def _change(self, text: str) -> str:
        bare = text.strip(BLANKS)
        for each in self._formats:
            seconds = each.seconds(bare)
            if seconds is not None:
                return written(seconds)
        return text


def written(seconds: int) -> str:
    """Write seconds from 1970-01-01 UTC as ISO 8601."""
    return f"{_EPOCH + dt.timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}".rjust(20, "0")
