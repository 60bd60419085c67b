"""Numbers kept as text, with currency signs, thousands marks, decimal commas or percent signs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import polars as pl

from modelwright.data.cleaning.step import by_text
from modelwright.data.kinds import BLANKS
from modelwright.problem import CleaningStep

GAPS = "\u00a0\u2007\u2009\u202f"
"""White space that is set between thousands, or between a number and its mark."""


class Number:
    """What is written as declared becomes a plain number; other texts, and numbers, stay as they are.

    A percentage becomes the number before the sign. Parentheses mean less than zero, as in accounts.
    """

    def __init__(self, declared: CleaningStep) -> None:
        self._read = reader(declared.decimal, declared.thousands, declared.marks)

    def series(self, values: pl.Series) -> pl.Series:
        """Clean a raw column."""
        return by_text(values, self._change)

    def cell(self, value: Any) -> Any:
        """Clean one raw value."""
        return self._change(value) if isinstance(value, str) else value

    def _change(self, text: str) -> str:
        return self._read(text) or text


def reader(decimal: str, thousands: str, marks: tuple[str, ...]) -> Callable[[str], str | None]:
    """Return what reads a number that is written in a stated way, as a plain number or None.

    Parameters
    ----------
    decimal, thousands : str
    marks : tuple of str
        What may stand before or after.
    """
    gap = f"[{re.escape(BLANKS + GAPS)}]*"
    point = re.escape(decimal)
    apart = f"[ {GAPS}]" if thousands == " " else re.escape(thousands)
    whole = rf"[1-9][0-9]{{0,2}}(?:{apart}[0-9]{{3}})+|[0-9]*" if thousands else "[0-9]*"
    mark = f"(?:{'|'.join(map(re.escape, sorted(marks, key=len, reverse=True)))})" if marks else ""
    around = f"(?:{mark}{gap})?" if mark else ""
    power = "(?P<power>[eE][+-]?[0-9]+)?" if decimal == "." else ""
    pattern = re.compile(
        rf"{gap}(?P<open>\()?{gap}(?P<sign>[+\-\u2212]?){gap}{around}(?P<late>[+\-\u2212]?)(?P<whole>{whole})"
        rf"(?:{point}(?P<part>[0-9]*))?{power}{gap}{around}(?P<close>\))?{gap}"
    )
    # 1.234 read again must not become 1234.
    ending = "e0" if thousands == "." else ""

    def read(text: str) -> str | None:
        match = pattern.fullmatch(text)
        if match is None:
            return None
        found = match.groupdict("")
        digits = re.sub(r"[^0-9]", "", found["whole"])
        below = [found["open"], found["sign"], found["late"]]
        signs = [sign for sign in below if sign]
        if not (digits or found["part"]) or len(signs) > 1 or bool(found["open"]) != bool(found["close"]):
            return None
        minus = "-" if signs and signs[0] != "+" else ""
        part = f".{found['part']}" if found["part"] else ""
        return f"{minus}{digits or '0'}{part}{found.get('power', '')}{ending}"

    return read
