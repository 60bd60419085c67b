"""Times: stored so, counted in numbers, or written in one or several formats."""

from __future__ import annotations

import numpy as np
import polars as pl

from modelwright.data.guess import time_formats
from modelwright.data.profiling.results import Frequent
from modelwright.data.profiling.written import pattern_of

_NAMED = pattern_of("time|times|timestamp|ts|date|datetime|day|epoch|created|updated|at|when|dt")
_DATE_LIKE = (
    r"(?i)[0-9]{1,4}[-/. ](?:[0-9]{1,2}|[a-z]{3,9})[-/., ]+[0-9]{2,4}|[a-z]{3,9} [0-9]{1,2}, ?[0-9]{4}"
)
_TRIED = 60
COVERED = 0.95
MOST_FORMATS = 8


def seconds(values: pl.Series) -> pl.Series:
    """Return stored dates and times as seconds since 1970-01-01 UTC."""
    return values.cast(pl.Datetime("us")).to_physical().cast(pl.Float64) / 1e6


def are_numbers_of_time(named: str, low: float, high: float) -> bool:
    """Whether whole numbers under such a name are seconds or milliseconds since 1970, or days as 20130814."""
    if not _NAMED.search(named):
        return False
    are_seconds = low >= 6e8 and high <= 4.2e9
    are_milliseconds = low >= 6e11 and high <= 4.2e12
    return are_seconds or are_milliseconds or _are_days(low, high)


def _are_days(low: float, high: float) -> bool:
    return low >= 19000101 and high <= 21001231 and 101 <= low % 10000 <= 1231 and 101 <= high % 10000 <= 1231


def seconds_of_numbers(numbers: pl.Series) -> pl.Series:
    """Return numbers that are times as seconds since 1970-01-01 UTC."""
    low, high = float(numbers.min()), float(numbers.max())  # type: ignore[arg-type]
    if _are_days(low, high):
        days = numbers.cast(pl.Int64).cast(pl.String).str.to_date("%Y%m%d", strict=False)
        return seconds(days)
    return numbers / 1000 if high > 4.2e9 else numbers


def spelled(
    texts: pl.Series, counts: pl.Series, few: pl.Series
) -> tuple[pl.Series, tuple[Frequent, ...]] | None:
    """Read texts as times, in as many formats as they are written in; None where they are no times.

    Parameters
    ----------
    texts : polars.Series
        Distinct texts.
    counts : polars.Series
        How often each is there.
    few : polars.Series
        Those from which the formats are guessed.
    """
    if float(few.str.contains(_DATE_LIKE).mean() or 0.0) < COVERED:  # type: ignore[arg-type]
        return None
    tried = few.gather_every(max(len(few) // _TRIED, 1)).to_list()
    likely = [
        (sum(each.seconds(text) is not None for text in tried), -at, each)
        for at, each in enumerate(time_formats())
    ]
    found = pl.Series([None] * len(texts), dtype=pl.Int64)
    formats: list[Frequent] = []
    for fitting, _, each in sorted(likely, key=lambda one: one[:2], reverse=True)[:MOST_FORMATS]:
        left = found.is_null()
        if not fitting or not left.any():
            break
        read = each.series(texts.filter(left))
        rows = int(counts.filter(left).filter(read.is_not_null()).sum())
        if rows:
            formats.append(Frequent(each.text, rows))
            found = found.scatter(np.flatnonzero(left.to_numpy()), read)
    covered = float(counts.filter(found.is_not_null()).sum()) / float(counts.sum())
    if covered < COVERED:
        return None
    return found.cast(pl.Float64), tuple(formats)
