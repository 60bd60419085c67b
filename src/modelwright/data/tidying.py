"""What every source's frames go through: values that no calendar and no number has become missing."""

from __future__ import annotations

import datetime as dt

import polars as pl
import polars.selectors as cs

from modelwright.data.sources import Notes
from modelwright.problem import Finding

_EPOCH = dt.date(1970, 1, 1)
_FIRST, _LAST = (dt.date.min - _EPOCH).days, (dt.date.max - _EPOCH).days
_IN_A_DAY = {"ms": 86_400 * 10**3, "us": 86_400 * 10**6, "ns": 86_400 * 10**9}


class Tidying:
    """Makes NaN and dates beyond the years 1 to 9999 missing, and remarks on the latter.

    Parameters
    ----------
    shown : str
        The source, for messages.
    schema : polars.Schema
        Of the frames.
    notes : Notes
    """

    def __init__(self, shown: str, schema: pl.Schema, notes: Notes) -> None:
        self._shown = shown
        self._notes = notes
        self._dates = [name for name, dtype in schema.items() if dtype == pl.Date or _can_be_far(dtype)]
        self._beyond: dict[str, int] = {}

    def tidy(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return a frame's tidy copy."""
        frame = frame.with_columns(cs.float().fill_nan(None))
        for name in self._dates:
            values = frame.get_column(name)
            beyond = _beyond(values.alias(""))
            count = int(beyond.sum())
            if count:
                empty = pl.Series("", [None], dtype=values.dtype)
                kept = ~beyond.fill_null(value=False)
                frame = frame.with_columns(values.alias("").zip_with(kept, empty).alias(name))
                self._remark(name, count)
        return frame

    def _remark(self, name: str, count: int) -> None:
        self._beyond[name] = self._beyond.get(name, 0) + count
        self._notes.remark(
            Finding(
                code="MW-S012",
                severity="warning",
                column=name,
                message=f"{self._shown}, column '{name}': {self._beyond[name]:,} dates are infinite or "
                "beyond the years 1 to 9999, and are missing",
                count=self._beyond[name],
                advice="Such dates often stand for 'no end'; say so in a column of its own at the source.",
            )
        )


def _can_be_far(dtype: pl.DataType) -> bool:
    # In nanoseconds, 64 bits reach no farther than the year 2262.
    return isinstance(dtype, pl.Datetime) and dtype.time_unit != "ns"


def _beyond(values: pl.Series) -> pl.Series:
    unit = 1 if values.dtype == pl.Date else _IN_A_DAY[values.dtype.time_unit]  # type: ignore[attr-defined]
    physical = values.to_physical()
    return (physical < _FIRST * unit) | (physical >= (_LAST + 1) * unit)
