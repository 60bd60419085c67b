"""Whether a column holds numbers that are written as text, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator

from modelwright.data.cleaning.number import reader
from modelwright.data.cleaning.seen import Seen
from modelwright.problem import CleaningStep

CURRENCIES = (
    "$", "€", "£", "¥", "₹", "₽", "₩", "₺", "USD", "EUR", "GBP", "CHF", "JPY", "CNY", "INR", "CAD", "AUD",
    "SEK", "NOK", "DKK", "PLN", "CZK", "US$", "Fr.", "kr", "zł",
)  # fmt: skip
MARKS = (*CURRENCIES, "%", "‰", "#")
WAYS = ((".", ""), (".", ","), (",", ""), (",", "."), (".", " "), (",", " "), (".", "'"))
"""Decimal and thousands marks, in the order in which they are tried."""
LEAST_SHARE = 0.95

_code = re.compile(r"(?<![0-9.,])0[0-9]").search
_groups = re.compile(r"[0-9][,. '\u00a0\u202f][0-9]{3}[,. '\u00a0\u202f][0-9]{3}").search
_small = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?![0-9.,])").search


def propose_number(column: Seen) -> Iterator[CleaningStep]:
    """Propose how the numbers of a column of texts are to be read, where it has any."""
    texts = list(column.counts)
    if not column.is_text or not texts:
        return
    digits = sum(column.counts[text] for text in texts if any(each.isdigit() for each in text))
    if digits < LEAST_SHARE * sum(column.counts.values()):
        return
    if len(column.numbers) or any(_code(text) for text in texts):
        return
    marks = tuple(mark for mark in MARKS if any(mark in text for text in texts))
    read = {way: _unread(texts, way, marks) for way in WAYS}
    way = min(WAYS, key=lambda each: sum(column.counts[text] for text in read[each]))
    unread, total = read[way], sum(column.counts.values())
    left = sum(column.counts[text] for text in unread)
    if left > (1 - LEAST_SHARE) * total:
        return
    plain = set(_unread(texts, (".", ""), ()))
    changed = sum(column.counts[text] for text in plain - set(unread))
    if not changed:
        return
    doubt = _doubt(texts, way, marks, {each: not found for each, found in read.items()})
    if unread:
        doubt = f"but {left:,} cells are none{column.examples(unread)}"
    decimal, thousands = way
    shown = column.examples(sorted(plain - set(unread)))
    yield CleaningStep.model_validate({
        "step": "number",
        "columns": (column.name,),
        "enabled": not doubt,
        "decimal": decimal,
        "thousands": thousands,
        "marks": marks,
        "changes": changed,
        "evidence": f"{changed:,} cells are numbers kept as text{shown}" + (f"; {doubt}" if doubt else ""),
    })  # fmt: skip


def _unread(texts: list[str], way: tuple[str, str], marks: tuple[str, ...]) -> list[str]:
    read = reader(*way, marks)
    return [text for text in texts if read(text) is None]


def _doubt(
    texts: list[str], way: tuple[str, str], marks: tuple[str, ...], whole: dict[tuple[str, str], bool]
) -> str:
    """Say why a person should decide, if one should."""
    currencies = [
        mark
        for mark in marks
        if mark in CURRENCIES and not any(mark != other and mark in other for other in marks)
    ]
    if len(currencies) > 1:
        return f"but in {len(currencies)} currencies"
    if "%" in marks and any("%" not in text for text in texts):
        return "but not all with a percent sign"
    if way[1] == "," and whole[",", ""] and not any(map(_groups, texts)) and not any(map(_small, texts)):
        return "but the comma may be a decimal mark"
    if way[1] == " " and not marks and not any("," in text or "." in text for text in texts):
        return "but they may be codes written in groups"
    if way[1] == "." and not any("," in text for text in texts) and not currencies:
        return "but they may be codes written in groups"
    return ""
