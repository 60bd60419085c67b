"""What every step of cleaning does, on a column, on a record's cell, or on the rows of a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import polars as pl

from modelwright.problem import CleaningStep


class ValueStep(Protocol):
    """A step that changes cells.

    Both ways must agree on every value, so each step keeps them side by side in one file. Done twice, a step
    changes nothing more.

    Parameters
    ----------
    declared : CleaningStep
    """

    def __init__(self, declared: CleaningStep) -> None: ...

    def series(self, values: pl.Series) -> pl.Series:
        """Clean a raw column."""
        ...

    def cell(self, value: Any) -> Any:
        """Clean one raw value."""
        ...


class RowStep(Protocol):
    """A step that leaves rows out of what is learned from.

    Parameters
    ----------
    declared : CleaningStep
    """

    def __init__(self, declared: CleaningStep) -> None: ...

    def kept(self, frame: pl.DataFrame) -> pl.Series:
        """Mark the rows that stay."""
        ...


def by_text(values: pl.Series, change: Callable[[str], str | None]) -> pl.Series:
    """Change each text of a column as one text is changed; other columns stay as they are.

    Parameters
    ----------
    values : polars.Series
    change : callable
        Returns what becomes of a text, None where it becomes a missing value.
    """
    if values.dtype in (pl.Categorical, pl.Enum):
        changed = by_text(values.cast(pl.String), change)
        return values if changed.equals(values.cast(pl.String), null_equal=True) else changed
    if values.dtype != pl.String:
        return values
    # Most texts come again and again, so each is looked at once.
    found = {text: change(text) for text in values.drop_nulls().unique().to_list()}
    found = {text: becomes for text, becomes in found.items() if becomes != text}
    if not found:
        return values
    old, new = pl.Series(list(found), dtype=pl.String), pl.Series(list(found.values()), dtype=pl.String)
    return values.replace(old, new)


def as_floats(values: pl.Series) -> pl.Series | None:
    """Return a column of numbers as 64-bit floats, NaN as missing; None where it holds something else."""
    if isinstance(values.dtype, pl.Decimal):
        return values.cast(pl.String).cast(pl.Float64)  # Polars's own way rounds twice
    if not values.dtype.is_numeric():
        return None
    return values.cast(pl.Float64).fill_nan(None)
