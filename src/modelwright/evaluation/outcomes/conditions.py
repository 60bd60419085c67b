"""Conditions on one column, of which weak slices are made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.evaluation.figures import decimals_for

if TYPE_CHECKING:
    from modelwright.data import Column

MOST_LEVELS = 12
_FEW_VALUES = 6
_EDGES = (0.1, 0.25, 0.5, 0.75, 0.9)
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True)
class Condition:
    """A condition on one column.

    Attributes
    ----------
    column : str
    kind : {"missing", "level", "value", "range", "month"}
    level : str
        The text, for ``level``.
    low, high : float
        For ``range``, from (inclusive) and to (exclusive); for ``value`` and ``month`` both are the value.
    boolean : bool
        Whether the value is a truth value.
    """

    column: str
    kind: Literal["missing", "level", "value", "range", "month"]
    level: str = ""
    low: float = -np.inf
    high: float = np.inf
    boolean: bool = False

    def holds(self, frame: pl.DataFrame) -> NDArray[np.bool_]:
        """Say of each row whether the condition holds."""
        values = frame[self.column]
        if self.kind == "missing":
            found = values.is_null()
        elif self.kind == "level":
            found = values == self.level
        elif self.kind == "value":
            found = values == self.low
        elif self.kind == "month":
            found = _month(values) == int(self.low)
        else:
            found = (values >= self.low) & (values < self.high)
        return found.fill_null(False).to_numpy()

    def __str__(self) -> str:
        if self.kind == "missing":
            return f"{self.column} is missing"
        if self.kind == "level":
            return f"{self.column} is '{self.level}'"
        if self.kind == "month":
            return f"{self.column} is in {_MONTHS[int(self.low) - 1]}"
        if self.kind == "value":
            said = ("false", "true")[int(self.low)] if self.boolean else f"{self.low:g}"
            return f"{self.column} is {said}"
        spread = self.high - self.low if np.isfinite(self.high - self.low) else 0.0
        low, high = (_written(edge, spread) for edge in (self.low, self.high))
        if np.isinf(self.low):
            return f"{self.column} is below {high}"
        if np.isinf(self.high):
            return f"{self.column} is at least {low}"
        return f"{self.column} is from {low} to below {high}"


def propose_conditions(frame: pl.DataFrame, columns: list[Column], support: int) -> list[Condition]:
    """List the conditions that enough rows meet, on each column.

    Frequent levels of categories, tenths and quarters of numbers, months of times, and missing values.

    Parameters
    ----------
    frame : polars.DataFrame
        Conformed rows.
    columns : list of Column
        Those to look at.
    support : int
        How many rows must meet a condition, and how many must not.
    """
    listed = []
    for column in columns:
        for condition in _of_column(column, frame[column.name], support):
            rows = int(condition.holds(frame).sum())
            if support <= rows <= len(frame) - support:
                listed.append(condition)
    return listed


def _of_column(column: Column, values: pl.Series, support: int) -> Iterator[Condition]:
    if values.null_count() >= support:
        yield Condition(column.name, "missing")
    known = values.drop_nulls()
    if known.is_empty():
        return
    if column.kind == "category":
        counts = known.value_counts(sort=True).head(MOST_LEVELS)
        frequent = counts.filter(pl.col("count") >= support)
        yield from (Condition(column.name, "level", level=str(each)) for each in frequent[column.name])
    elif column.kind == "time":
        months = _month(known).unique().sort()
        yield from (Condition(column.name, "month", low=each, high=each) for each in months)
    else:
        yield from _of_numbers(column, known)


def _of_numbers(column: Column, known: pl.Series) -> Iterator[Condition]:
    if known.n_unique() <= _FEW_VALUES:
        boolean = column.kind == "boolean"
        for each in known.unique().sort():
            yield Condition(column.name, "value", low=each, high=each, boolean=boolean)
        return
    inner = np.unique(np.quantile(known.to_numpy(), _EDGES, method="nearest").astype(float))
    edges = [-np.inf, *inner.tolist(), np.inf]
    for low, high in pairwise(edges):
        yield Condition(column.name, "range", low=low, high=high)


def _month(values: pl.Series) -> pl.Series:
    return pl.from_epoch(values, time_unit="s").dt.month()


def _written(edge: float, spread: float) -> str:
    if np.isinf(edge):
        return ""
    if edge == round(edge):
        return f"{edge:,.0f}"
    return f"{edge:,.{decimals_for(spread, edge)}f}"
