"""A column as the proposals look at it: its texts or numbers, counted once."""

from __future__ import annotations

import re
from functools import cached_property

import polars as pl

from modelwright.data.cleaning.step import as_floats
from modelwright.data.kinds import NUMBER, known_texts
from modelwright.data.label import label_text

SHOWN = 3
MOST_TEXTS = 20_000
"""Of a column with more distinct texts, so many of the most frequent are looked at."""


class Seen:
    """One column of a table.

    Parameters
    ----------
    values : polars.Series
        Raw, or cleaned by the steps proposed so far.
    markers : frozenset of str
        Texts that mean "missing" everywhere.
    is_target : bool
    is_shown : bool
        Whether messages may show its values.
    """

    def __init__(
        self, values: pl.Series, markers: frozenset[str], *, is_target: bool = False, is_shown: bool = True
    ) -> None:
        if values.dtype in (pl.Categorical, pl.Enum):
            values = values.cast(pl.String)
        self.name = values.name
        self.values = values
        self.markers = markers
        self.is_target = is_target
        self.is_shown = is_shown

    @property
    def is_text(self) -> bool:
        """Whether it holds texts."""
        return self.values.dtype == pl.String

    @cached_property
    def known(self) -> pl.Series:
        """Its texts without blanks around them, null where missing."""
        return known_texts(self.values, self.markers)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How often each text is there, the most frequent first; blanks around texts are passed over."""
        counted = self.known.drop_nulls().alias("text").value_counts(name="count")
        counted = counted.sort(["count", "text"], descending=[True, False]).head(MOST_TEXTS)
        return dict(counted.iter_rows())

    @cached_property
    def raw_counts(self) -> dict[str, int]:
        """How often each text is there, just as it is written, the most frequent first."""
        given = self.values.filter(self.known.is_not_null())
        counted = given.alias("text").value_counts(name="count")
        counted = counted.sort(["count", "text"], descending=[True, False]).head(MOST_TEXTS)
        return dict(counted.iter_rows())

    @cached_property
    def numbers(self) -> pl.Series:
        """Its numbers, where it holds numbers or texts that are all plain ones; empty otherwise."""
        found = as_floats(self.values)
        if found is not None:
            return found.drop_nulls()
        plain = re.compile(NUMBER).fullmatch
        if self.is_text and self.counts and all(plain(text) for text in self.counts):
            return self.known.cast(pl.Float64, strict=False).drop_nulls()
        return pl.Series(dtype=pl.Float64)

    def examples(self, texts: list[str]) -> str:
        """Return a few values for a message, or nothing where they must not be shown."""
        if not self.is_shown:
            return ""
        shown = ", ".join(f"'{text[:40]}'" for text in texts[:SHOWN])
        return f": {shown}" + (", …" if len(texts) > SHOWN else "")


def number_text(value: float) -> str:
    """Write a number as a declaration has it."""
    return label_text(value)
