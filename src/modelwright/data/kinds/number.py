"""Numbers: whole or not, also where they are kept as text."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, ClassVar

import numpy as np
import polars as pl

from modelwright.data.kinds.kind import BLANKS, Converted, Wrong, all_wrong, is_missing, known_texts, plain

NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
"""How a number is written as text; Python's and Polars's own ideas differ."""
LARGEST = float(np.finfo(np.float32).max)
"""The largest number that a model can hold."""

_written = re.compile(NUMBER).fullmatch


class NumberKind:
    """Finite numbers that fit into 32-bit floats; booleans count as 0 and 1.

    Parameters
    ----------
    markers : frozenset of str
        Texts that mean "missing".
    infinite_is_missing : bool, default False
        Whether a number that is infinite, or too large for a model, is missing rather than wrong.
    """

    dtype: ClassVar[pl.DataType] = pl.Float32()
    expected = "a finite number"

    def __init__(self, markers: frozenset[str], *, infinite_is_missing: bool = False) -> None:
        self._markers = markers
        self._infinite_is_missing = infinite_is_missing

    def series(self, values: pl.Series) -> Converted:
        """Return the column as 64-bit floats; rounding to 32 bits is left to the caller."""
        given = values.is_not_null()
        if values.dtype == pl.String:
            texts = known_texts(values, self._markers)
            given = texts.is_not_null()
            written = texts.str.contains(rf"\A(?:{NUMBER})\z")
            numbers = texts.set(~written, None).cast(pl.Float64, strict=False)
        elif values.dtype in (pl.Categorical, pl.Enum):
            return self.series(values.cast(pl.String))
        elif isinstance(values.dtype, pl.Decimal):
            numbers = values.cast(pl.String).cast(pl.Float64)  # Polars's own way rounds twice
        elif values.dtype.is_numeric() or values.dtype in (pl.Boolean, pl.Null):
            numbers = values.cast(pl.Float64)
            given &= numbers.is_not_nan().fill_null(value=False)
        else:
            return all_wrong(values, pl.Float64())
        fits = numbers.cast(pl.Float32).is_finite().fill_null(value=False)
        wrong = numbers.is_null() if self._infinite_is_missing else ~fits
        return Converted(numbers.set(~fits, None), given & wrong)

    def convert(self, value: Any) -> float | None:
        """Return one number as a float."""
        value = plain(value)
        if isinstance(value, str):
            value = value.strip(BLANKS)
            if not value or value in self._markers:
                return None
            if _written(value) is None:
                raise Wrong(self.expected)
        elif is_missing(value):
            return None
        elif not isinstance(value, int | float | Decimal):
            raise Wrong(self.expected)
        try:
            return _fitting(value)
        except _DoesNotFit:
            if self._infinite_is_missing:
                return None
            raise


class _DoesNotFit(Wrong):
    """A number that is infinite, or too large for a model."""


def _fitting(value: str | int | float | Decimal) -> float:
    try:
        number = float(value)
    except OverflowError as error:
        raise _DoesNotFit(NumberKind.expected) from error
    except ValueError as error:
        raise Wrong(NumberKind.expected) from error
    if not abs(number) <= LARGEST:  # also where it is NaN
        with np.errstate(over="ignore"):
            rounded = np.float32(number)
        if not np.isfinite(rounded):
            raise _DoesNotFit(NumberKind.expected)
    return number
