"""Categories: texts of which each means one of some kinds of thing. Numbers become texts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

import polars as pl

from modelwright.data.kinds.kind import BLANKS, Converted, Wrong, all_wrong, is_missing, plain
from modelwright.data.label import label_text, label_texts


class CategoryKind:
    """Texts as they are; numbers, booleans, dates and times by `label_text`."""

    dtype: ClassVar[pl.DataType] = pl.String()
    expected = "a text"

    def __init__(self, markers: frozenset[str]) -> None:
        self._markers = markers

    def series(self, values: pl.Series) -> Converted:
        """Return the column as texts."""
        if values.dtype.is_nested() or values.dtype in (pl.Binary, pl.Object, pl.Duration):
            return all_wrong(values, pl.String())
        texts = label_texts(values)
        # A few categories fill many rows, so each is looked at once.
        distinct = texts.unique()
        bare = distinct.str.strip_chars(BLANKS)
        missing = distinct.filter(bare.is_in(["", *sorted(self._markers)]).fill_null(value=False))
        if len(missing):
            texts = texts.set(texts.is_in(missing.implode()).fill_null(value=False), None)
        return Converted(texts, pl.repeat(value=False, n=len(texts), eager=True, dtype=pl.Boolean))

    def convert(self, value: Any) -> str | None:
        """Return one category as text."""
        value = plain(value)
        if is_missing(value):
            return None
        if not isinstance(value, str):
            if not isinstance(value, int | float | Decimal | dt.date | dt.datetime | dt.time):
                raise Wrong(self.expected)
            value = label_text(value)
        bare = value.strip(BLANKS)
        if not bare or bare in self._markers:
            return None
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError as error:
                raise Wrong("a text of valid Unicode") from error
        return str(value)
