"""What every kind of column does: turn values into what a model takes, from a whole column or from one cell.

Both ways must agree on every value, so each kind keeps them side by side in one file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import numpy as np
import polars as pl

BLANKS = " \t\n\r\x0b\x0c\xa0"
"""What is stripped from texts; Python's and Polars's own ideas of white space differ."""

Convert = Callable[[Any], Any]
"""Turns one value into what the matrices hold; raises `Wrong` where it can't."""


class Wrong(ValueError):  # noqa: N818 - what a value is
    """A value is not what its column must be; the message says what is expected."""


class Converted(NamedTuple):
    """A column in the form that models take.

    Attributes
    ----------
    values : polars.Series
        Null where missing or wrong.
    wrong : polars.Series
        True where the value is not what it must be.
    """

    values: pl.Series
    wrong: pl.Series


class Kind(Protocol):
    """One kind of column, as the contract states it.

    Parameters
    ----------
    markers : frozenset of str
        Texts that mean "missing"; blank texts always do.
    format : str
        How times are written.
    """

    @property
    def dtype(self) -> pl.DataType:
        """Of its columns in a conformed frame."""
        ...

    @property
    def expected(self) -> str:
        """What a value must be, to be put after "must be"."""
        ...

    def series(self, values: pl.Series) -> Converted:
        """Turn a raw column into the form that models take."""
        ...

    def convert(self, value: Any) -> Any:
        """Turn one raw value into the form that models take, None where it is missing.

        Raises
        ------
        Wrong
            If the value is not what it must be.
        """
        ...


def known_texts(values: pl.Series, markers: frozenset[str]) -> pl.Series:
    """Strip texts, and make those that mean "missing" null."""
    stripped = values.str.strip_chars(BLANKS)
    return stripped.set(stripped.is_in(["", *sorted(markers)]).fill_null(value=False), None)


def plain(value: Any) -> Any:
    """Return a NumPy scalar as Python's own type, and other values as they are."""
    return value.item() if isinstance(value, np.generic) else value


def is_missing(value: Any) -> bool:
    """Whether a value that is not text stands for no value."""
    return value is None or (isinstance(value, float) and value != value)  # noqa: PLR0124 - NaN


def all_wrong(values: pl.Series, dtype: pl.DataType) -> Converted:
    """Return a column of which no value is what it must be."""
    given = values.fill_nan(None) if values.dtype.is_float() else values
    return Converted(pl.Series(values.name, [None] * len(values), dtype=dtype), given.is_not_null())
