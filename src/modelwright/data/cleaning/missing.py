"""Sentinel values, such as ``unknown`` or -999, become missing."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import polars as pl

from modelwright.data.cleaning.step import as_floats, by_text
from modelwright.data.kinds import BLANKS, NUMBER, plain
from modelwright.data.label import label_text
from modelwright.problem import CleaningStep

_written = re.compile(NUMBER).fullmatch
_code = re.compile(r"[+-]?0[0-9]").match


class Missing:
    """Texts are compared as they are, but for blanks around them; numbers by their value, also as text."""

    def __init__(self, declared: CleaningStep) -> None:
        self._texts = frozenset(text.strip(BLANKS) for text in declared.values)
        self._numbers = frozenset(float(text) for text in self._texts if _is_number(text))

    def series(self, values: pl.Series) -> pl.Series:
        """Clean a raw column."""
        numbers = as_floats(values)
        if numbers is not None:
            sentinel = numbers.is_in(pl.Series(sorted(self._numbers), dtype=pl.Float64).implode())
            return values.set(sentinel.fill_null(value=False), None) if sentinel.any() else values
        if values.dtype in (pl.Date, pl.Datetime):
            days = [day for day in values.drop_nulls().unique().to_list() if label_text(day) in self._texts]
            sentinel = values.is_in(pl.Series(days, dtype=values.dtype).implode()).fill_null(value=False)
            return values.set(sentinel, None) if days else values
        return by_text(values, lambda text: None if self._means_missing(text) else text)

    def cell(self, value: Any) -> Any:
        """Clean one raw value."""
        value = plain(value)
        if isinstance(value, str):
            return None if self._means_missing(value) else value
        if isinstance(value, bool):
            return value
        if isinstance(value, int | float | Decimal):
            return None if _float(value) in self._numbers else value
        if isinstance(value, dt.date):
            return None if label_text(value) in self._texts else value
        return value

    def _means_missing(self, text: str) -> bool:
        text = text.strip(BLANKS)
        return text in self._texts or (
            bool(self._numbers) and _is_number(text) and float(text) in self._numbers
        )


def _is_number(text: str) -> bool:
    # A leading zero makes a code: 00 is not 0.
    return _written(text) is not None and _code(text) is None


def _float(value: int | float | Decimal) -> float | None:
    try:
        return float(value)
    except OverflowError:
        return None
