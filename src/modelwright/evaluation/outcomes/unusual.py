"""The value of a row that is most unusual among the training rows."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.evaluation.outcomes.background import Background

_RARE = 0.01


def most_unusual(rows: pl.DataFrame, background: Background) -> list[tuple[str, ...]]:
    """Say of each row which of its values is the rarest, where one is that few training rows have.

    A number is as rare as numbers at least as far out on its side, a category as often as it comes, a missing
    value as often as there is none. Columns that must not be shown are passed over: that a value is rare
    would give it away.

    Parameters
    ----------
    rows : polars.DataFrame of k rows
        Conformed.
    background : Background

    Returns
    -------
    list of tuple of str
        One sentence for each row, or none where every value is usual.
    """
    columns = [each for each in background.shown if each.name in rows.columns]
    if not columns or not len(rows):
        return [()] * len(rows)
    shares = np.stack([_shares(rows[each.name], background.frame[each.name]) for each in columns])
    rarest = shares.argmin(axis=0)
    said: list[tuple[str, ...]] = []
    for place, at in enumerate(rarest):
        share, column = float(shares[at, place]), columns[int(at)]
        if share > _RARE:
            said.append(())
            continue
        value = _what(rows[column.name][place])
        often = "no training row has" if share == 0 else f"only {share:.2%} of training rows have"
        more = "such a value or one farther out" if value.startswith("is far") else "that"
        said.append((f"'{column.name}' {value}: {often} {more}",))
    return said


def _shares(values: pl.Series, known: pl.Series) -> NDArray[np.float64]:
    """Return which share of the known values is like each value, or farther out."""
    count = max(len(known), 1)
    if values.dtype == pl.String:
        counts = known.value_counts()
        often = dict(zip(counts[known.name].to_list(), counts["count"].to_list(), strict=True))
        return np.array([often.get(value, 0) / count for value in values])
    numbers = known.cast(pl.Float64).fill_nan(None).drop_nulls()
    there = np.sort(numbers.to_numpy())
    asked = values.cast(pl.Float64).to_numpy()
    below = np.searchsorted(there, asked, side="right")
    above = len(there) - np.searchsorted(there, asked, side="left")
    share = np.minimum(below, above) / count
    return np.where(np.isfinite(asked), share, (count - len(there)) / count)


def _what(value: object) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN is the one value that differs from itself
        return "is missing"
    if isinstance(value, str):
        return f"is '{value}'"
    return f"is far out, at {value:.6g}"
