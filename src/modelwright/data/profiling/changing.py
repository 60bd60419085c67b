"""How columns change over time, or along the rows."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.profiling.describing import Described, are_marks, numbers_of
from modelwright.data.profiling.gathering import ROW
from modelwright.data.profiling.results import Change, Part

PARTS = 12
FEWEST = 20
"""Rows in a stretch of time, at least."""


class Stretches:
    """Rows of the sample in order, cut into stretches of as many rows each.

    Parameters
    ----------
    sample : polars.DataFrame
    time : Described or None
        The column that says when; without one, the order of the rows does.
    """

    def __init__(self, sample: pl.DataFrame, time: Described | None) -> None:
        self._height = sample.height
        rows = sample[ROW].to_numpy().astype(np.float64)
        when = rows if time is None else numbers_of(time, sample[time.profile.name])
        there = np.flatnonzero(~np.isnan(when))
        self.order = there[np.argsort(when[there], kind="stable")]
        self.count = max(1, min(PARTS, len(self.order) // FEWEST))
        self._cuts = [(at * len(self.order)) // self.count for at in range(self.count + 1)]
        starts = [when[self.order[cut]] for cut in self._cuts[:-1]] if len(self.order) else []
        self.starts = [_said(at, start, time) for at, start in enumerate(starts)]

    def codes_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the stretch of rows of the sample; those without a time are in one of their own."""
        found = np.zeros(self._height, dtype=np.int64)
        for at in range(self.count):
            found[self._rows(at)] = at + 1
        return np.unique(found[rows], return_inverse=True)[1]

    def change(self, column: Described, values: pl.Series, strength: float) -> Change:
        """Follow one column through the stretches.

        Parameters
        ----------
        column : Described
        values : polars.Series
            The column in the rows of the sample.
        strength : float
            Of its relation with the stretches.
        """
        measured, there = _followed(column, values)
        parts = []
        for at, start in enumerate(self.starts):
            rows = self._rows(at)
            known = measured[rows][there[rows]]
            shown = len(known) > 0 and not column.profile.hidden and column.profile.meaning != "other"
            middle = np.median if column.is_measured else np.mean
            typical = float(middle(known)) if shown else None
            parts.append(Part(start, float(1 - there[rows].mean()), typical))
        return Change(strength, tuple(parts))

    def _rows(self, at: int) -> NDArray[np.int64]:
        return self.order[self._cuts[at] : self._cuts[at + 1]]


def _followed(column: Described, values: pl.Series) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return what is followed of each row, and whether it is there."""
    if column.is_measured:
        numbers = numbers_of(column, values)
        return numbers, ~np.isnan(numbers)
    if values.dtype.is_nested():
        return np.zeros(len(values)), values.is_not_null().to_numpy()
    plain = values.cast(column.values["value"].dtype)
    gone = plain.is_null() | are_marks(plain, column.marks)
    first = column.values["value"].head(1)
    usual = plain.is_in(first.implode()).fill_null(value=False) if len(first) else plain.is_null()
    return usual.cast(pl.Float64).to_numpy(), ~gone.to_numpy()


def _said(at: int, start: float, time: Described | None) -> str:
    if time is None:
        return f"row {int(start) + 1:,}"
    if time.profile.hidden:
        return f"part {at + 1}"
    if time.profile.meaning != "time":
        return f"{start:.10g}"
    text = datetime.fromtimestamp(start, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return text.removesuffix(" 00:00:00")
