"""A history in the order of time: its rows, the steps that are lived through, and when labels come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright import data
from modelwright.data import Contract
from modelwright.errors import DataError
from modelwright.problem import Brief, Gap

FIRST_SHARE = 0.2
PERIODS = 24
STEPS = 4
FEWEST_ROWS = 200
_FEWEST_LEARNT = 100
_MONTH = 30.4375 * 86_400
_CALENDARS = 3
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Step:
    """Rows that are answered by one model, before the next decision.

    Attributes
    ----------
    start, stop : int
        Positions of the rows.
    period : int
        Number of the period it is in, from 0.
    begins_period : bool
        Whether it is the first of its period.
    """

    start: int
    stop: int
    period: int
    begins_period: bool


@dataclass(frozen=True)
class History:
    """Rows in the order of time.

    Attributes
    ----------
    rows : polars.DataFrame
        Raw, the oldest first, all with a target.
    frame : polars.DataFrame
        The features, conformed.
    y : ndarray of shape (n,)
        Class codes or values.
    brief : Brief
    contract : Contract
        Inferred from the first rows alone.
    clock : ndarray of shape (n,)
        When each row came, in seconds since 1970; without a calendar, a period counts as a month.
    known : ndarray of shape (n,), int
        For each row, how many rows had come when its label was known.
    first : int
        How many rows the first model learns from.
    steps : tuple of Step
        The rest.
    period : str
        What a period is, in words.
    """

    rows: pl.DataFrame
    frame: pl.DataFrame
    y: NDArray[np.generic]
    brief: Brief
    contract: Contract
    clock: Floats
    known: NDArray[np.int64]
    first: int
    steps: tuple[Step, ...]
    period: str

    @classmethod
    def of(
        cls, rows: pl.DataFrame, brief: Brief, contract: Contract, first: int, *, delay: str, period: str
    ) -> History:
        """Lay a table out in time.

        Parameters
        ----------
        rows : polars.DataFrame
            Raw, in the order of the contract's time.
        brief : Brief
        contract : Contract
            Has a column of the role ``time``.
        first : int
            How many rows the first model learns from.
        delay : str
            How long labels take, as `Gap` reads it.
        period : str
            How long a period is, as `Gap` reads it; empty is a calendar month, or a 24th of the rest.

        Raises
        ------
        DataError
            If delay or period is in a unit that the time does not have.
        """
        times = data.times_of(rows, contract)
        column = contract.with_role("time")
        is_calendar = column is not None and column.kind == "time"
        starts, words = _periods(
            times, first, _read(period, "--period", calendar=is_calendar), calendar=is_calendar
        )
        return cls(
            rows=rows,
            frame=data.conform(contract.accepting(), rows),
            y=data.encode_target(contract, rows[brief.problem.target]),
            brief=brief,
            contract=contract,
            clock=times if is_calendar else _made_up(times, starts),
            known=_known(times, _read(delay, "--label-delay", calendar=is_calendar)),
            first=first,
            steps=_steps(times, starts),
            period=words,
        )

    def labelled(self, now: int) -> NDArray[np.int64]:
        """Return the positions of the rows whose labels are known when `now` rows have come."""
        return np.flatnonzero(self.known[:now] <= now)

    def at(self, row: int) -> datetime:
        """Return when a row came."""
        return datetime.fromtimestamp(float(self.clock[min(row, len(self.clock) - 1)]), UTC)


def _read(text: str, option: str, *, calendar: bool) -> Gap:
    try:
        gap = Gap.parse(text)
    except ValueError as error:
        raise DataError(f"{option}: {error}") from error
    if gap and gap.unit != "rows" and (gap.unit == "seconds") != calendar:
        wanted = "a time such as '7d'" if calendar else "a plain number in the unit of the time"
        what = "has a calendar" if calendar else "has no calendar"
        raise DataError(
            f"{option}: '{text}' does not fit, since the stream {what}: say {wanted}, or '500 rows'"
        )
    return gap


def _periods(times: Floats, first: int, asked: Gap, *, calendar: bool) -> tuple[NDArray[np.int64], str]:
    """Return the position of each period's first row, then the end; and what a period is."""
    n = len(times)
    if asked.unit == "rows" and asked:
        return _edges(np.arange(first, n, int(asked.amount)), first, n), f"{asked.amount:,.0f} rows"
    if asked:
        cuts = np.arange(times[first], times[-1] + asked.amount, asked.amount)
        unit = f"{asked.amount / 86_400:g} days" if calendar else f"{asked.amount:g} units of time"
        return _edges(np.searchsorted(times, cuts), first, n), unit
    if calendar:
        cuts = _months(times[first], times[-1])
        if len(cuts) >= _CALENDARS:
            return _edges(np.searchsorted(times, cuts), first, n), "a calendar month"
    cuts = np.linspace(first, n, PERIODS + 1).astype(np.int64)
    return _edges(cuts, first, n), f"a {PERIODS}th of what is replayed, about {(n - first) // PERIODS:,} rows"


def _edges(cuts: NDArray[np.integer], first: int, n: int) -> NDArray[np.int64]:
    inside = cuts[(cuts > first) & (cuts < n)]
    return np.unique(np.concatenate([[first], inside, [n]])).astype(np.int64)


def _months(start: float, stop: float) -> Floats:
    """Return the first moment of each month between two moments."""
    low, high = (datetime.fromtimestamp(each, UTC) for each in (start, stop))
    moments = []
    year, month = low.year, low.month
    while (year, month) <= (high.year, high.month):
        moments.append(datetime(year, month, 1, tzinfo=UTC).timestamp())
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return np.array(moments)


def _made_up(times: Floats, starts: NDArray[np.int64]) -> Floats:
    """Give a stream without a calendar a clock: a period is a month, rows within it are evenly apart."""
    n, first = len(times), int(starts[0])
    months = np.interp(np.arange(n), starts, np.arange(len(starts)))
    usual = (n - first) / (len(starts) - 1)
    months[:first] = (np.arange(first) - first) / usual
    return np.asarray(_EPOCH.timestamp() + months * _MONTH)


def _known(times: Floats, delay: Gap) -> NDArray[np.int64]:
    """Return for each row how many rows had come when its label was known: at least the row itself."""
    alone = np.arange(1, len(times) + 1)
    if not delay:
        return alone
    if delay.unit == "rows":
        return alone + int(delay.amount)
    return np.maximum(alone, np.searchsorted(times, times + delay.amount, side="left"))


def _steps(times: Floats, starts: NDArray[np.int64]) -> tuple[Step, ...]:
    """Divide each period into a few steps of as many rows; rows of one moment stay together."""
    steps = []
    for number, (start, stop) in enumerate(pairwise(starts.tolist())):
        cuts = np.linspace(start, stop, STEPS + 1).astype(np.int64)[:-1]
        cuts = np.searchsorted(times, times[cuts])  # to the first row of that moment
        cuts = np.unique(np.concatenate([[start], cuts[cuts > start], [stop]]))
        steps += [Step(a, b, number, a == start) for a, b in pairwise(cuts.tolist())]
    return tuple(steps)


def in_order(rows: pl.DataFrame, time: str | None, target: str) -> tuple[pl.DataFrame, str]:
    """Return rows that have a target, the oldest first, and the column that says when.

    Without a time, rows are taken in their order, and a column of their numbers is added.

    Raises
    ------
    DataError
        If a column is not there, a row has no time, or the rows are too few.
    """
    for option, name in (("--target", target), ("--time", time)):
        if name is not None and name not in rows.columns:
            raise DataError(f"{option}: the stream has no column '{name}'; it has {', '.join(rows.columns)}")
    rows = rows.filter(pl.col(target).is_not_null())
    if rows.height < FEWEST_ROWS:
        raise DataError(
            f"the stream has {rows.height} labelled rows; to replay it takes {FEWEST_ROWS} at least"
        )
    if time is None:
        name = "row_number"
        while name in rows.columns:
            name = f"{name}_"
        return rows.with_row_index(name), name
    return rows, time


def sorted_by(rows: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Return rows in the order of the contract's time; those of one moment as they came.

    Raises
    ------
    DataError
        If a row has no time.
    """
    times = data.times_of(rows, contract)
    if not np.isfinite(times).all():
        column = contract.with_role("time")
        raise DataError(
            f"{(~np.isfinite(times)).sum():,} rows have no time in '{column.name if column else ''}', so "
            "nobody knows when they came; leave them out at the source"
        )
    ordered: pl.DataFrame = rows[np.argsort(times, kind="stable")]
    return ordered


def first_rows(n: int, share: float) -> int:
    """Return how many rows the first model learns from."""
    return min(max(int(n * share), _FEWEST_LEARNT), n - 1)
