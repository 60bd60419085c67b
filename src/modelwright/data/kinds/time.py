"""Times: dates and datetimes, and texts in the format that the contract states."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import polars as pl

from modelwright.data.kinds.kind import BLANKS, Converted, Wrong, all_wrong, is_missing, known_texts, plain
from modelwright.data.time_format import ISO, TimeFormat

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_PER_SECOND = {"ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_SHOWN = "2013-08-14 or 2013-08-14T13:05:00Z"


class TimeKind:
    """Whole seconds from 1970-01-01 UTC. Without a zone, UTC is meant."""

    dtype: ClassVar[pl.DataType] = pl.Int64()

    def __init__(self, markers: frozenset[str], format: str = ISO) -> None:  # noqa: A002 - the contract's key
        self._markers = markers
        self._format = TimeFormat(format)
        self.expected = f"a time written like {_SHOWN}" if format == ISO else f"a time written as {format}"

    def series(self, values: pl.Series) -> Converted:
        """Return the column as seconds."""
        if values.dtype in (pl.Categorical, pl.Enum):
            values = values.cast(pl.String)
        if values.dtype == pl.String:
            texts = known_texts(values, self._markers)
            seconds = self._format.series(texts)
            return Converted(seconds, texts.is_not_null() & seconds.is_null())
        if values.dtype == pl.Date:
            seconds = values.to_physical().cast(pl.Int64) * 86400
        elif isinstance(values.dtype, pl.Datetime):
            seconds = values.to_physical() // _PER_SECOND[values.dtype.time_unit]
        else:
            return all_wrong(values, pl.Int64())
        return Converted(seconds, pl.repeat(value=False, n=len(values), eager=True, dtype=pl.Boolean))

    def convert(self, value: Any) -> int | None:
        """Return one time as seconds."""
        if isinstance(value, str):
            value = value.strip(BLANKS)
            if not value or value in self._markers:
                return None
            seconds = self._format.seconds(value)
            if seconds is None:
                raise Wrong(self.expected)
            return seconds
        value = plain(value)
        if is_missing(value):
            return None
        if isinstance(value, dt.datetime):
            zoned = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
            return (zoned - _EPOCH) // dt.timedelta(seconds=1)
        if isinstance(value, dt.date):
            return (value - _EPOCH.date()).days * 86400
        raise Wrong(self.expected)
