"""Rows that are left out of what is learned from: copies, and near copies."""

from __future__ import annotations

import re

import polars as pl

from modelwright.data.cleaning.step import RowStep, as_floats, by_text
from modelwright.problem import CleaningStep

LEAST_DISTINCT = 0.1
"""With a smaller share of distinct rows, repeats are no copies: the table has few possible rows."""

_marks = re.compile(r"[\W_]+")


class Duplicates:
    """Of rows that say the same in every column but the ignored ones, the first stays."""

    def __init__(self, declared: CleaningStep) -> None:
        self._ignoring = set(declared.ignoring)

    def kept(self, frame: pl.DataFrame) -> pl.Series:
        """Mark the rows that stay."""
        return _first_of_each(pl.DataFrame(_compared(frame, self._ignoring)))


class NearDuplicates:
    """As for copies, but numbers agree to some significant digits, and texts but for case, blanks and marks.

    Rounding has borders: two numbers at the two sides of one are told apart, however close they are. So some
    near copies are not found; none is found that is not near.
    """

    def __init__(self, declared: CleaningStep) -> None:
        self._ignoring = set(declared.ignoring)
        self._digits = declared.digits

    def kept(self, frame: pl.DataFrame) -> pl.Series:
        """Mark the rows that stay."""
        compared = _compared(frame, self._ignoring)
        return _first_of_each(pl.DataFrame([self._key(values) for values in compared]))

    def _key(self, values: pl.Series) -> pl.Series:
        numbers = as_floats(values)
        if numbers is None:
            return by_text(values, folded)
        if values.dtype.is_integer():
            return values  # what is counted is not measured
        return numbers.round_sig_figs(self._digits)


def folded(text: str) -> str:
    """Return what is left of a text without case, blanks and marks; the text itself where nothing is."""
    return _marks.sub("", text.casefold()) or text


ROW_CLEANERS: dict[str, type[RowStep]] = {"duplicates": Duplicates, "near_duplicates": NearDuplicates}


def kept_rows(frame: pl.DataFrame, steps: tuple[CleaningStep, ...]) -> pl.Series:
    """Mark the rows that the enabled row steps leave.

    Parameters
    ----------
    frame : polars.DataFrame
        Cleaned values.
    steps : tuple of CleaningStep
    """
    kept = pl.repeat(value=True, n=frame.height, eager=True, dtype=pl.Boolean)
    for step in steps:
        if step.enabled and step.step in ROW_CLEANERS:
            kept &= ROW_CLEANERS[step.step](step).kept(frame)
    return kept


def _compared(frame: pl.DataFrame, ignoring: set[str]) -> list[pl.Series]:
    """Return the columns in which copies are alike: none that holds lists or other things."""
    return [
        frame[name]
        for name, dtype in frame.schema.items()
        if name not in ignoring and not dtype.is_nested() and dtype != pl.Object
    ]


def _first_of_each(compared: pl.DataFrame) -> pl.Series:
    everything = pl.repeat(value=True, n=compared.height, eager=True, dtype=pl.Boolean)
    if not compared.width:
        return everything
    # Hashes of 64 bits: two different rows of a million are alike with a chance of 3 in 100 million.
    hashes = compared.hash_rows(seed=1)
    if hashes.n_unique() < LEAST_DISTINCT * len(hashes):
        return everything
    return hashes.is_first_distinct()
