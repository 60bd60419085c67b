"""Seconds since 1970 as parts of the proleptic Gregorian calendar, by numpy and by a graph alike.

ONNX knows no dates, so both ways do the same whole-number arithmetic and read the same table: days are
counted from 1 March of year 0, the days that centuries leave out are put back, and what remains is a cycle
of four years that a table holds (as in Hinnant, "chrono-compatible low-level date algorithms", 2013).
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from spox import Var

PARTS = ("year", "month", "day", "weekday", "second", "day of year", "day number")
"""The parts, in the order of their columns: weekday 0 is Monday, second counts from midnight, day of year
from 1, day number from 1970-01-01."""

MISSING_TIME = np.iinfo(np.int64).min
"""How the graph's input says that a time is missing."""

_DAY = 86_400
_FIRST = int(dt.datetime(1, 1, 1, tzinfo=dt.UTC).timestamp())
_LAST = int(dt.datetime(9999, 12, 31, 23, 59, 59, tzinfo=dt.UTC).timestamp())
_EPOCH = 719_468  # days from 0000-03-01 to 1970-01-01
_CENTURIES = 146_097  # days in 400 years
_CYCLE = 1461  # days in four years


def civil(seconds: np.ndarray) -> np.ndarray:
    """Return int64 ``[n, 7 t]`` for int64 seconds ``[n, t]``: a column per time for each of `PARTS` in turn.

    Times outside the years 1 to 9999 count as the nearest instant inside.
    """
    moved = np.clip(seconds, _FIRST, _LAST) + _EPOCH * _DAY
    days, second = moved // _DAY, moved % _DAY
    century = (4 * days + 3) // _CENTURIES
    julian = days + century - century // 4
    cycle, row = julian // _CYCLE, julian % _CYCLE
    row = row + _shift()[cycle % 100]
    years, month, day, yearday = (column[row] for column in _table())
    weekday = (days + 2) % 7
    return np.concatenate(
        [4 * cycle + years, month, day, weekday, second, yearday, days - _EPOCH], axis=1, dtype=np.int64
    )


@lru_cache(maxsize=8)  # the members of an ensemble share the calendar of the same times
def civil_graph(seconds: Var) -> Var:
    """Return the same as `civil`, as a graph."""
    import spox.opset.ai.onnx.v21 as op

    def whole(number: int) -> Var:
        return op.const(np.int64(number))

    moved = op.add(op.clip(seconds, whole(_FIRST), whole(_LAST)), whole(_EPOCH * _DAY))
    days, second = op.div(moved, whole(_DAY)), op.mod(moved, whole(_DAY))
    century = op.div(op.add(op.mul(days, whole(4)), whole(3)), whole(_CENTURIES))
    julian = op.add(days, op.sub(century, op.div(century, whole(4))))
    cycle, row = op.div(julian, whole(_CYCLE)), op.mod(julian, whole(_CYCLE))
    row = op.add(row, op.gather(op.const(_shift()), op.mod(cycle, whole(100))))
    tables = (
        op.cast(op.const(column.astype(np.int16)), to=np.int64) for column in _table()
    )  # folded when loaded
    years, month, day, yearday = (op.gather(table, row) for table in tables)
    year = op.add(op.mul(cycle, whole(4)), years)
    weekday = op.mod(op.add(days, whole(2)), whole(7))
    return op.concat([year, month, day, weekday, second, yearday, op.sub(days, whole(_EPOCH))], axis=1)


@lru_cache(maxsize=1)
def _table() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return years since the cycle's first, month, day and day of year for each day of a cycle.

    A cycle runs from 1 March of a year divisible by four. The second half is for cycles whose first year
    is no leap year, such as 1900's: its days after February come one earlier in the year.
    """
    start = dt.date(2000, 3, 1)
    dates = [start + dt.timedelta(days=day) for day in range(_CYCLE)]
    parts = [(date.year - 2000, date.month, date.day, date.timetuple().tm_yday) for date in dates]
    common = [(year, month, day, yday - (year == 0)) for year, month, day, yday in parts]
    years, month, day, yearday = np.array(parts + common, dtype=np.int64).T.copy()
    return years, month, day, yearday


@lru_cache(maxsize=1)
def _shift() -> np.ndarray:
    """Return where the table starts for each of the 100 cycles of 400 years."""
    cycles = np.arange(100)
    return np.where((cycles % 25 == 0) & (cycles != 0), _CYCLE, 0).astype(np.int64)
