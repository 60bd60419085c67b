"""The declared steps, compiled: one cleaner for each column that has any."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from modelwright.data.cleaning.date import Date
from modelwright.data.cleaning.impossible import Impossible
from modelwright.data.cleaning.missing import Missing
from modelwright.data.cleaning.number import Number
from modelwright.data.cleaning.spelling import Spelling
from modelwright.data.cleaning.step import ValueStep
from modelwright.data.cleaning.unit import Unit
from modelwright.data.kinds import NUMBER, Converted, Kind
from modelwright.problem import CleaningStep

STEPS: dict[str, type[ValueStep]] = {
    "missing": Missing,
    "spelling": Spelling,
    "number": Number,
    "date": Date,
    "unit": Unit,
    "impossible": Impossible,
}

_written = re.compile(NUMBER).fullmatch


class Cleaner:
    """The steps of one column, one after the other.

    Parameters
    ----------
    declared : sequence of CleaningStep
    """

    def __init__(self, declared: Sequence[CleaningStep]) -> None:
        self._steps = [STEPS[each.step](each) for each in declared]
        self.known_texts = [text for each in declared for text in (*each.replace, *each.values)]
        """Texts that are likely to be met."""

    def series(self, values: pl.Series) -> pl.Series:
        """Clean a raw column."""
        for step in self._steps:
            values = step.series(values)
        return values

    def cell(self, value: Any) -> Any:
        """Clean one raw value."""
        for step in self._steps:
            value = step.cell(value)
        return value

    def number(self, value: Any) -> Any:
        """Clean one raw value of a column of numbers, and read it where it is one."""
        value = self.cell(value)
        return float(value) if isinstance(value, str) and _written(value) else value


class CleanedKind:
    """A kind of column whose values are cleaned first.

    Parameters
    ----------
    kind : Kind
    cleaner : Cleaner
    """

    def __init__(self, kind: Kind, cleaner: Cleaner) -> None:
        self.dtype = kind.dtype
        self.expected = kind.expected
        self._kind = kind
        self._cleaner = cleaner

    def series(self, values: pl.Series) -> Converted:
        """Clean a raw column, and turn it into the form that models take."""
        return self._kind.series(self._cleaner.series(values))

    def convert(self, value: Any) -> Any:
        """Clean one raw value, and turn it into the form that models take."""
        return self._kind.convert(self._cleaner.cell(value))


def cleaners_of(steps: Iterable[CleaningStep]) -> dict[str, Cleaner]:
    """Return the cleaner of each column that has enabled steps."""
    by_column: dict[str, list[CleaningStep]] = {}
    for step in steps:
        if step.enabled and step.step in STEPS:
            for column in step.columns:
                by_column.setdefault(column, []).append(step)
    return {column: Cleaner(declared) for column, declared in by_column.items()}


def clean(frame: pl.DataFrame, steps: Iterable[CleaningStep]) -> pl.DataFrame:
    """Clean the values of a raw table; rows and columns stay.

    Parameters
    ----------
    frame : polars.DataFrame
    steps : iterable of CleaningStep
        Those that are enabled are done, in their order.
    """
    cleaners = cleaners_of(steps)
    return frame.with_columns(
        cleaner.series(frame[name]).alias(name) for name, cleaner in cleaners.items() if name in frame.columns
    )
