"""Impossible values, such as an age below zero, become missing."""

from __future__ import annotations

import re
from contextlib import suppress
from decimal import Decimal
from typing import Any

import polars as pl

from modelwright.data.cleaning.step import as_floats, by_text
from modelwright.data.kinds import BLANKS, NUMBER, plain
from modelwright.problem import CleaningStep

_written = re.compile(NUMBER).fullmatch


class Impossible:
    """Numbers beyond the declared limits become missing, also where they are kept as text."""

    def __init__(self, declared: CleaningStep) -> None:
        self._low = float("-inf") if declared.minimum is None else declared.minimum
        self._high = float("inf") if declared.maximum is None else declared.maximum

    def series(self, values: pl.Series) -> pl.Series:
        """Clean a raw column."""
        numbers = as_floats(values)
        if numbers is None:
            return by_text(values, self._change)
        beyond = ((numbers < self._low) | (numbers > self._high)).fill_null(value=False)
        return values.set(beyond, None) if beyond.any() else values

    def cell(self, value: Any) -> Any:
        """Clean one raw value."""
        value = plain(value)
        if isinstance(value, str):
            return self._change(value)
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return value
        return None if self._is_beyond(value) else value

    def _change(self, text: str) -> str | None:
        bare = text.strip(BLANKS)
        return None if _written(bare) is not None and self._is_beyond(float(bare)) else text

    def _is_beyond(self, value: int | float | Decimal) -> bool:
        with suppress(OverflowError):  # too large for a float, but not for a comparison
            value = float(value)
        return value < self._low or value > self._high
