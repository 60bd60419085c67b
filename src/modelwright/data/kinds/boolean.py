"""Booleans: true or false, also as 0 and 1."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

import polars as pl

from modelwright.data.kinds.kind import BLANKS, Converted, Wrong, all_wrong, is_missing, known_texts, plain

TEXTS = {"true": 1.0, "false": 0.0, "1": 1.0, "0": 0.0}


class BooleanKind:
    """True and false, the numbers 1 and 0, and the texts ``true``, ``false``, ``1`` and ``0`` in any case."""

    dtype: ClassVar[pl.DataType] = pl.Float32()
    expected = "true or false"

    def __init__(self, markers: frozenset[str]) -> None:
        self._markers = markers

    def series(self, values: pl.Series) -> Converted:
        """Return the column as 1 and 0."""
        if values.dtype in (pl.Categorical, pl.Enum):
            values = values.cast(pl.String)
        if values.dtype == pl.String:
            texts = known_texts(values, self._markers)
            # Not lower-cased: Unicode's lower case lets other letters in.
            spelled = pl.Series([text for text in texts.unique() if text is not None], dtype=pl.String)
            meant = pl.Series([_spelled(text) for text in spelled], dtype=pl.Float64)
            numbers = texts.replace_strict(spelled, meant, default=None, return_dtype=pl.Float64)
            return Converted(numbers, texts.is_not_null() & numbers.is_null())
        if values.dtype.is_float():
            values = values.fill_nan(None)
        elif not (values.dtype.is_numeric() or values.dtype in (pl.Boolean, pl.Null)):
            return all_wrong(values, pl.Float64())
        numbers = values.cast(pl.Float64)
        wrong = ~numbers.is_in([0.0, 1.0]) & numbers.is_not_null()
        wrong = wrong.fill_null(value=False)
        return Converted(numbers.set(wrong, None), wrong)

    def convert(self, value: Any) -> float | None:
        """Return one boolean as 1 or 0."""
        value = plain(value)
        if isinstance(value, str):
            value = value.strip(BLANKS)
            if not value or value in self._markers:
                return None
            meant = _spelled(value)
            if meant is None:
                raise Wrong(self.expected)
            return meant
        if is_missing(value):
            return None
        if not isinstance(value, int | float | Decimal) or value not in (0, 1):
            raise Wrong(self.expected)
        return float(value)


def _spelled(text: str) -> float | None:
    return TEXTS.get(text.lower()) if text.isascii() else None
