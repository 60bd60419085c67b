"""Quantities with a unit, such as ``5 kg`` and ``5000 g``, become numbers of one unit."""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from modelwright.data.cleaning.number import reader
from modelwright.data.cleaning.step import by_text
from modelwright.data.kinds import BLANKS
from modelwright.problem import CleaningStep

_parts = re.compile(r"(?P<number>.*?[0-9.,])[\s\u00a0\u202f]*(?P<unit>[^0-9\s.,][^\n]*)?", re.ASCII).fullmatch


class Unit:
    """A number with a known unit becomes the number of the declared unit; a plain number is of it already.

    Texts with other units, or none that is known, stay as they are.
    """

    def __init__(self, declared: CleaningStep) -> None:
        one = declared.factors[declared.unit]
        self._factors = {unit: factor / one for unit, factor in declared.factors.items()}
        self._read = reader(declared.decimal, declared.thousands, ())

    def series(self, values: pl.Series) -> pl.Series:
        """Clean a raw column."""
        return by_text(values, self._change)

    def cell(self, value: Any) -> Any:
        """Clean one raw value."""
        return self._change(value) if isinstance(value, str) else value

    def _change(self, text: str) -> str:
        found = parted(text)
        factor = self._factors.get(found[1]) if found else None
        number = self._read(found[0]) if found and factor is not None else None
        if number is None or factor is None:
            return text
        return number if factor == 1 else repr(float(number) * factor)


def parted(text: str) -> tuple[str, str] | None:
    """Return a quantity's number and its unit, or None where a text is no quantity with a unit."""
    match = _parts(text.strip(BLANKS))
    if match is None or not match["unit"]:
        return None
    return match["number"], match["unit"].strip(BLANKS)
