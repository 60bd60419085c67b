"""Numbers, amounts, shares and places as people write them in texts."""

from __future__ import annotations

import re

import polars as pl

from modelwright.data.kinds import BLANKS, NUMBER

_CODES = "USD|EUR|GBP|JPY|CHF|CNY|INR|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|TRY|RUB|KRW|SGD|HKD"
_CURRENCY = rf"(?:[$€£¥₹₩₽₺]|(?:US|A|C|NZ|HK|S)\$|{_CODES}|kr|zł|Kč|Fr\.|Rs\.?)"
_GROUPED = r"[0-9]{1,3}(?:[,.' \x{a0}\x{202f}][0-9]{3})+(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+"
_AMOUNT = rf"[+-]?{_CURRENCY} ?[+-]?(?:{_GROUPED})|[+-]?(?:{_GROUPED}) ?{_CURRENCY}"
PLAIN = rf"\A(?:{NUMBER})\z"
LOCAL = rf"\A[+-]?(?:{_GROUPED})\z"
"""With thousands apart, or a decimal comma."""
MONEY = rf"(?i)\A(?:{_AMOUNT}|\((?:{_AMOUNT})\))\z"
PERCENT = rf"\A[+-]?(?:{_GROUPED}) ?%\z"
_LATITUDE = r"[+-]?(?:[0-8]?[0-9](?:\.[0-9]+)|90(?:\.0+)?)"
_LONGITUDE = r"[+-]?(?:1[0-7][0-9]|180|[0-9]?[0-9])\.[0-9]+"
PLACE = rf"\A\(?{_LATITUDE} ?[,;] ?{_LONGITUDE}\)?\z"
_MINUTES = r"""[0-9]{1,2}(?:\.[0-9]+)? ?['\x{2032}]"""
_SECONDS = r"""[0-9]{1,2}(?:\.[0-9]+)? ?["\x{2033}]"""
DEGREES = rf"\A[0-9]{{1,3}}(?:\.[0-9]+)? ?°(?: ?{_MINUTES}(?: ?{_SECONDS})?)? ?[NSEWO]\z"
CODE = r"\A[0-9]*[A-Za-z]{1,3}[0-9][0-9.]*\z"
"""Letters and digits, as in V57."""


def stripped(texts: pl.Series) -> pl.Series:
    """Strip what is not seen."""
    return texts.str.strip_chars(BLANKS)


def fits(texts: pl.Series, pattern: str) -> pl.Series:
    """Say which texts are written so."""
    return texts.str.contains(pattern)


def as_numbers(texts: pl.Series) -> pl.Series:
    """Read texts as numbers, whatever marks their thousands and decimals; null where they are none.

    In one column, the mark that comes last in the texts with both is the decimal mark; a single mark followed
    by three digits everywhere separates thousands.
    """
    bare = texts.str.replace_all(rf"(?i){_CURRENCY}|[%\s\x{{a0}}\x{{202f}}']", "")
    negative = bare.str.starts_with("(") | bare.str.starts_with("-")
    bare = bare.str.replace_all(r"[()+]", "").str.strip_prefix("-")
    decimal = _decimal_mark(bare.drop_nulls())
    thousands = "," if decimal == "." else "."
    plain = bare.str.replace_all(thousands, "", literal=True).str.replace(decimal, ".", literal=True)
    numbers = plain.cast(pl.Float64, strict=False)
    return pl.select(pl.when(negative).then(-numbers).otherwise(numbers)).to_series().alias(texts.name)


def _decimal_mark(bare: pl.Series) -> str:
    if not bare.str.contains(",", literal=True).any():
        points = bare.filter(bare.str.contains(".", literal=True))
        many = len(points) and bool(points.str.contains(r"\A[0-9]{1,3}(?:\.[0-9]{3}){2,}\z").any())
        return "," if many else "."
    commas = bare.filter(bare.str.contains(",", literal=True))
    both = commas.filter(commas.str.contains(".", literal=True))
    if len(both):
        last = both.str.extract(r"([.,])[0-9]*\z")
        return "," if (last == ",").sum() > len(both) / 2 else "."
    grouped = commas.str.contains(r"\A[0-9]{1,3}(?:,[0-9]{3})+\z")
    return "." if grouped.all() else ","


def pattern_of(parts: str) -> re.Pattern[str]:
    """Return a compiled pattern of words in a column's name."""
    return re.compile(rf"(?:^|_)(?:{parts})(?:_|$)")


def as_plain_numbers(texts: pl.Series) -> pl.Series:
    """Read texts that are written as numbers; null where they are none."""
    return texts.set(~fits(texts, PLAIN), None).cast(pl.Float64, strict=False)
