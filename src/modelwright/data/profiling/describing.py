"""One column: what it is, and its levels for the relations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.profiling import times
from modelwright.data.profiling.distribution import describe_numbers
from modelwright.data.profiling.gathering import Gathered, Moments, counted_as, is_single
from modelwright.data.profiling.meaning import Meant, meant
from modelwright.data.profiling.results import ColumnProfile, Frequent, Numbers
from modelwright.data.profiling.sentinels import number_sentinels, text_sentinels

TOP = 10
LONGEST = 80
UNSHOWN = {"identifier", "text"}
"""What these say may concern a person, so it is not shown."""
MEASURED = {"number", "money", "percent", "latitude", "longitude", "time"}


@dataclass(frozen=True)
class Described:
    """A column, and what its relations are computed from.

    Attributes
    ----------
    profile : ColumnProfile
    values : polars.DataFrame
        ``value`` and ``count`` of what is there, the most frequent first.
    numbers : polars.Series or None
        Each of these values as a number.
    marks : tuple
        What stands for a missing value.
    """

    profile: ColumnProfile
    values: pl.DataFrame
    numbers: pl.Series | None
    marks: tuple[str | float, ...] = ()

    @property
    def is_measured(self) -> bool:
        """Whether its values are numbers on a scale, rather than names."""
        return self.numbers is not None and self.profile.meaning in MEASURED


def describe(found: Gathered, name: str, *, hidden: bool) -> Described:
    """Describe one column.

    Parameters
    ----------
    found : Gathered
    name : str
    hidden : bool
        Whether no value may be shown.
    """
    dtype = found.schema[name]
    if not is_single(dtype):
        return _nested(found, name)
    counted = name in found.counts or found.sample.height == found.rows
    if name in found.counts:
        values = found.counts[name].sort(["count", "value"], descending=[True, False])
    else:  # equally frequent ones stay in the order of the rows
        values = _values(found.sample[name]).sort("count", descending=True, maintain_order=True)
    scale = 1.0 if counted else found.rows / found.sample.height
    marks, known, what = _understood(found, name, values)
    missing = found.nulls[name] + sum(count for _, count in marks)
    present = found.rows - missing
    distinct = known.height
    if not counted:
        distinct = min(max(len(found.distinct[name]) - len(marks), known.height), present)
    unshown = hidden or what.meaning in UNSHOWN
    exact = counted or name not in found.moments or dtype == pl.String
    profile = ColumnProfile(
        name=name,
        stored=str(dtype),
        meaning=what.meaning,
        because=what.because,
        misfits=_misfits(what, known, scale),
        missing=missing,
        sentinels=() if hidden else tuple(Frequent(_text(mark), count) for mark, count in marks),
        distinct=distinct,
        counted=counted,
        formats=what.formats,
        top=() if unshown else _top(known, scale),
        numbers=None
        if unshown
        else _numbers(what, known, scale, None if exact else _moments(found, name, marks)),
        target=None,
        change=None,
        hidden=unshown,
    )
    return Described(profile, known, what.numbers, tuple(mark for mark, _ in marks))


def _nested(found: Gathered, name: str) -> Described:
    profile = ColumnProfile(
        name=name, stored=str(found.schema[name]), meaning="other", because="it holds no single values",
        misfits=0, missing=found.nulls[name], sentinels=(), distinct=0, counted=False, formats=(), top=(),
        numbers=None, target=None, change=None, hidden=True,
    )  # fmt: skip
    return Described(profile, pl.DataFrame({"value": [], "count": []}), None)


def _values(sample: pl.Series) -> pl.DataFrame:
    texts = sample.cast(counted_as(sample.dtype)).drop_nulls().alias("value")
    return texts.to_frame().group_by("value", maintain_order=True).agg(pl.len().cast(pl.Int64).alias("count"))


def _understood(
    found: Gathered, name: str, values: pl.DataFrame
) -> tuple[list[tuple[str | float, int]], pl.DataFrame, Meant]:
    """Return what stands for a missing value and in how many rows, the other values, and what they mean."""
    dtype = values["value"].dtype
    guesses: list[Sequence[str] | Sequence[float]] = [()]
    if dtype == pl.String:  # "none" stands for a missing number, but may be a category
        guesses = [text_sentinels(values, are_numbers=True), text_sentinels(values, are_numbers=False)]
    elif dtype.is_numeric():
        guesses = [number_sentinels(values)]
    for marks in guesses:
        known = values.filter(~are_marks(values["value"], marks))
        present = int(known["count"].sum())
        whole = name in found.counts or found.sample.height == found.rows
        distinct = known.height if whole else max(len(found.distinct[name]) - len(marks), known.height)
        rows = (
            present
            if whole
            else found.rows - found.nulls[name] - sum(_counted(found, name, values, marks).values())
        )
        what = meant(name, known, min(distinct, rows), rows)
        if what.numbers is not None or marks == guesses[-1]:
            break
    counts = _counted(found, name, values, marks)
    return sorted(counts.items(), key=lambda pair: -pair[1]), known, what


def _counted(
    found: Gathered, name: str, values: pl.DataFrame, marks: Sequence[str] | Sequence[float]
) -> dict[str | float, int]:
    """Return in how many rows each mark is."""
    if name in found.counts or found.sample.height == found.rows:
        return dict(values.filter(are_marks(values["value"], marks)).iter_rows())
    return {mark: found.marks[name][mark] for mark in marks if mark in found.marks[name]}


def are_marks(values: pl.Series, marks: Sequence[str] | Sequence[float] | Sequence[str | float]) -> pl.Series:
    """Say which values stand for a missing one."""
    if not marks:
        return pl.Series([False]).new_from_index(0, len(values))
    plain = values.cast(pl.Float64) if values.dtype.is_numeric() else values
    return plain.is_in(pl.Series(list(marks)).cast(plain.dtype).implode()).fill_null(value=False)


def _moments(found: Gathered, name: str, marks: list[tuple[str | float, int]]) -> Moments:
    """Return the exact figures of a column, without what stands for a missing value."""
    moments = replace(found.moments[name])
    stand_for_none = {mark for mark, _ in marks}
    for value, count in found.marks[name].items():
        if value not in stand_for_none:
            moments.with_value(float(value), count)
    return moments


def _misfits(what: Meant, known: pl.DataFrame, scale: float) -> int:
    if what.numbers is None or known["value"].dtype != pl.String:
        return 0
    return round(float(known["count"].filter(what.numbers.is_null()).sum()) * scale)


def _top(known: pl.DataFrame, scale: float) -> tuple[Frequent, ...]:
    if not known.height or (known.height > TOP and known["count"][0] == 1):
        return ()
    return tuple(Frequent(_text(value), round(count * scale)) for value, count in known.head(TOP).iter_rows())


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    text = str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _numbers(what: Meant, known: pl.DataFrame, scale: float, moments: Moments | None) -> Numbers | None:
    if what.numbers is None or what.meaning not in MEASURED:
        return None
    numbers = what.numbers.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    there = ~np.isnan(numbers)
    return describe_numbers(
        numbers[there],
        known["count"].cast(pl.Float64).to_numpy()[there],
        moments=moments,
        scale=scale,
        judge_outliers=what.meaning not in {"latitude", "longitude"},
    )


def level_codes(column: Described, values: pl.Series, *, bins: int, levels: int) -> NDArray[np.int64] | None:
    """Return the level of each row: its bin or its category, and missing as one of its own.

    Parameters
    ----------
    column : Described
    values : polars.Series
        The column in the rows of the sample.
    bins, levels : int
        Most bins of numbers, and most categories told apart.
    """
    if column.profile.meaning in {"identifier", "text", "other", "empty", "coordinates"}:
        return None
    if column.is_measured:
        codes = _binned(numbers_of(column, values), bins)
    else:
        kept = column.values["value"].head(levels - 1)
        plain = values.cast(counted_as(values.dtype))
        places = plain.replace_strict(kept, pl.Series(range(len(kept)), dtype=pl.Int64), default=-1)
        there = plain.is_not_null() & ~are_marks(plain, column.marks)
        codes = pl.select(pl.when(there).then(places + 2)).to_series().fill_null(0).cast(pl.Int64).to_numpy()
    _, dense = np.unique(codes, return_inverse=True)
    return dense.astype(np.int64) if dense.max(initial=0) else None


def numbers_of(column: Described, values: pl.Series) -> NDArray[np.float64]:
    """Return the rows of a measured column as numbers, NaN where nothing is there."""
    if column.numbers is None:
        raise ValueError(f"column '{column.profile.name}' holds no numbers")
    if values.dtype.is_numeric() and column.profile.meaning != "time":
        found = values.cast(pl.Float64).set(are_marks(values, column.marks), None)
    elif values.dtype in (pl.Date, pl.Datetime):
        found = times.seconds(values)
    else:
        plain = values.cast(counted_as(values.dtype))
        found = plain.replace_strict(
            column.values["value"], column.numbers, default=None, return_dtype=pl.Float64
        )
    return np.array(found.fill_null(float("nan")).to_numpy(), dtype=np.float64)


def _binned(numbers: NDArray[np.float64], bins: int) -> NDArray[np.int64]:
    """Cut numbers into bins of equal frequency; a number that would fill a bin has one of its own."""
    there = ~np.isnan(numbers)
    known, counts = np.unique(numbers[there], return_counts=True)
    if not len(known):
        return np.zeros(len(numbers), dtype=np.int64)
    frequent = known[counts * bins >= counts.sum()] if len(known) > bins else known
    own = np.isin(numbers, frequent)
    rest = np.sort(numbers[there & ~own])
    left = bins - len(frequent)
    edges = np.unique(rest[(np.arange(1, left) * len(rest)) // left]) if len(rest) and left > 1 else rest[:0]
    codes = np.where(
        own, np.searchsorted(frequent, numbers) + 1, bins + 1 + np.searchsorted(edges, numbers, "right")
    )
    return np.where(there, codes, 0)
