"""Free text: what people write, as the words that it is made of."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import polars as pl

from modelwright.data.kinds.category import CategoryKind
from modelwright.data.kinds.kind import Converted

MOST_WORDS = 1_000
"""Words of one text that are looked at: what it is about is said in the first of them."""
LONGEST = 20_000
"""Characters of one text that are looked at, so that nobody can keep a server busy with a single one."""

_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]"  # Japanese and Chinese put no blanks between words: each sign is one
    r"|[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:['\u2019][^\W_]+)*"
    r"|[^\w\s.,;:\"'\u2019()\[\]-]"  # marks that say something, such as !, £ and emoji, are words too
)
_LONG_NUMBER = re.compile(r"\d{5,}")


def words_of(text: str) -> str:
    """Return the words of a text, in small letters, with one blank between each two.

    Words are runs of letters and digits; of the marks, those that only structure a sentence are left out.
    Five or more digits in a row become as many zeros: that there is a long number may say something, which
    one it is (a telephone, an account) identifies somebody.
    """
    text = text[:LONGEST]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(_WORD.findall(_LONG_NUMBER.sub(_zeros, text.lower()))[:MOST_WORDS])


def _zeros(number: re.Match[str]) -> str:
    return "0" * len(number[0])


class TextKind(CategoryKind):
    """What a category may be, as its words: Python splits both a column and a cell, so that both agree."""

    def series(self, values: pl.Series) -> Converted:
        """Return the column as words."""
        texts, wrong = super().series(values)
        words = [None if text is None else words_of(text) for text in texts.to_list()]
        return Converted(pl.Series(texts.name, words, dtype=pl.String), wrong)

    def convert(self, value: Any) -> str | None:
        """Return one text as words."""
        text = super().convert(value)
        return None if text is None else words_of(text)
