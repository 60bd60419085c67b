"""Spellings of one category become one."""

from __future__ import annotations

from typing import Any

import polars as pl

from modelwright.data.cleaning.step import by_text
from modelwright.problem import CleaningStep


class Spelling:
    """Texts are replaced as the declaration says, and stay as they are otherwise."""

    def __init__(self, declared: CleaningStep) -> None:
        self._replace = dict(declared.replace)

    def series(self, values: pl.Series) -> pl.Series:
        """Clean a raw column."""
        return by_text(values, lambda text: self._replace.get(text, text))

    def cell(self, value: Any) -> Any:
        """Clean one raw value."""
        return self._replace.get(value, value) if isinstance(value, str) else value
