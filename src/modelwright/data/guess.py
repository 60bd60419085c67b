"""What a column seems to be, from its values and its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import polars as pl

from modelwright.data.column import ColumnKind
from modelwright.data.kinds import NUMBER, known_texts
from modelwright.data.time_format import ISO, TimeFormat

UNIQUE_SHARE = 0.95
"""From this share of distinct values on, a text or a whole number called an identifier is one."""
FEWEST_ROWS = 20
"""Below, being distinct says nothing."""
FREE_TEXT_CHARACTERS = 40
FREE_TEXT_WORDS = 6
FREE_TEXT_DISTINCT = 0.3
LONGEST_CATEGORY = 1_000
"""A column with a longer text, in bytes, is free text, whatever its other texts are."""
ROWS_PER_CODE = 20
"""With so many rows a value on average, whole numbers that are called a code are categories."""
MOST_CODES = 1_000
LEADING_ZERO = r"\A0[0-9]"
TIME_FORMATS = (
    ISO,
    *(
        day + clock
        for day in (
            "%m/%d/%Y",
            "%d/%m/%Y",
            "%Y/%m/%d",
            "%d.%m.%Y",
            "%d-%m-%Y",
            "%m-%d-%Y",
            "%m/%d/%y",
            "%d/%m/%y",
            "%d-%b-%Y",
            "%d-%b-%y",
            "%d %b %Y",
            "%b %d, %Y",
            "%d %B %Y",
            "%B %d, %Y",
        )
        for clock in ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
    ),
)
"""Ways to write times, tried in this order; the first that reads every value is taken."""

Why = Literal["constant", "empty", "identifier", "row number", "not a table's type"]
_IDENTIFIER = re.compile(
    r"(?:^|_)(?:id|ids|uuid|guid|key|nbr|no|num|number|index|idx|ref|code)$|^(?:id|uuid)_", re.ASCII
)
_CODE = re.compile(r"(?:^|_)(?:id|code|zip|zipcode|postcode|plz)$", re.ASCII)


@dataclass(frozen=True)
class Guess:
    """What a column seems to be.

    Attributes
    ----------
    kind : {"number", "boolean", "category", "time", "text"}
    why_not : str or None
        Why it is not of use as a feature; None where it is.
    format : str
        How its times are written.
    """

    kind: ColumnKind
    why_not: Why | None = None
    format: str = ISO


def guess(values: pl.Series, markers: frozenset[str]) -> Guess:
    """Say what a column seems to be.

    Parameters
    ----------
    values : polars.Series
        A raw column.
    markers : frozenset of str
        Texts that mean "missing".
    """
    dtype = values.dtype
    if dtype.is_nested() or dtype in (pl.Binary, pl.Object, pl.Duration, pl.Time):
        return Guess("text", "not a table's type")
    if dtype == pl.String:
        values = known_texts(values, markers)
    elif dtype.is_float():
        values = values.fill_nan(None)
    known = values.drop_nulls()
    distinct = known.unique()
    if len(known) == 0:
        return Guess("category", "empty")
    found = _guess_kind(known, distinct)
    if len(distinct) == 1 and len(known) == len(values):
        return Guess(found.kind if found.kind != "text" else "category", "constant", found.format)
    return found


def _guess_kind(known: pl.Series, distinct: pl.Series) -> Guess:
    dtype = known.dtype
    if dtype == pl.Boolean:
        return Guess("boolean")
    if dtype.is_numeric():
        if dtype.is_integer() and _are_codes(known, distinct):
            return Guess("category")
        return Guess("number", _identifies(known, distinct) if dtype.is_integer() else None)
    if dtype.is_temporal():
        return Guess("time")
    if dtype in (pl.Categorical, pl.Enum):
        return _guess_category(known.cast(pl.String), distinct.cast(pl.String))
    if _are_numbers(distinct):
        numbers = known.cast(pl.Float64)
        whole = bool((numbers == numbers.floor()).all())
        return Guess("number", _identifies(numbers, numbers.unique()) if whole else None)
    if format_ := time_format_of(distinct):
        return Guess("time", format=format_)
    return _guess_category(known, distinct)


def _guess_category(known: pl.Series, distinct: pl.Series) -> Guess:
    share = len(distinct) / len(known)
    if int(distinct.str.len_bytes().max()) > LONGEST_CATEGORY:  # type: ignore[arg-type]
        return Guess("text")
    if len(known) >= FEWEST_ROWS and share >= FREE_TEXT_DISTINCT:
        sample = distinct.head(1000)
        words = (sample.str.count_matches(r"\S+")).mean()
        characters = sample.str.len_chars().mean()
        if float(words or 0) >= FREE_TEXT_WORDS or float(characters or 0) >= FREE_TEXT_CHARACTERS:  # type: ignore[arg-type]
            return Guess("text")
    if len(known) >= FEWEST_ROWS and share >= UNIQUE_SHARE:
        return Guess("category", "identifier")
    return Guess("category")


def _are_numbers(distinct: pl.Series) -> bool:
    # A leading zero makes a code, such as a postcode: as numbers, 01234 and 1234 would be the same.
    if distinct.str.contains(LEADING_ZERO).any():
        return False
    return bool(distinct.str.contains(rf"\A(?:{NUMBER})\z").all())


def time_format_of(distinct: pl.Series) -> str | None:
    """Return the first format in which every text is a time, if there is one."""
    return next(iter(time_formats_of(distinct)), None)


def time_formats_of(distinct: pl.Series) -> list[str]:
    """Return every format in which every text is a time."""
    few = distinct.head(50).to_list()
    likely = [each for each in time_formats() if all(each.seconds(text) is not None for text in few)]
    return [each.text for each in likely if each.series(distinct).null_count() == 0]


_built: list[TimeFormat] = []


def time_formats() -> list[TimeFormat]:
    """Return the known ways to write times, in the order in which they are tried."""
    if not _built:
        _built.extend(TimeFormat(text) for text in TIME_FORMATS)
    return _built


def _identifies(known: pl.Series, distinct: pl.Series) -> Why | None:
    if len(known) < FEWEST_ROWS:
        return None
    low, high = float(known.min()), float(known.max())  # type: ignore[arg-type]
    if len(distinct) == len(known) and high - low + 1 == len(known) and known.is_sorted():
        return "row number"
    named = _IDENTIFIER.search(snake_case(known.name)) is not None
    return "identifier" if named and len(distinct) >= UNIQUE_SHARE * len(known) else None


def counts_or_identifies(values: pl.Series) -> bool:
    """Whether numbers are all distinct and whole, and count the rows or are called an identifier.

    Parameters
    ----------
    values : polars.Series
        Of any type; what are no numbers do not count.
    """
    known = values.drop_nulls()
    if len(known) < FEWEST_ROWS or not known.dtype.is_numeric():
        return False
    numbers = known.cast(pl.Float64)
    if not (numbers.is_finite() & (numbers == numbers.floor())).all() or numbers.n_unique() < len(numbers):
        return False
    low, high = float(numbers.min()), float(numbers.max())  # type: ignore[arg-type]
    return high - low + 1 == len(numbers) or is_named_identifier(values.name)


def _are_codes(known: pl.Series, distinct: pl.Series) -> bool:
    """Whether whole numbers are names of kinds, such as 3 for "emergency": their order means nothing."""
    few = 2 < len(distinct) <= min(MOST_CODES, len(known) / ROWS_PER_CODE)
    return few and may_be_codes(known.name)


def may_be_codes(name: str) -> bool:
    """Whether a name says that whole numbers are codes."""
    return _CODE.search(snake_case(name)) is not None


def is_named_identifier(name: str) -> bool:
    """Whether a name says that a column holds identifiers."""
    return _IDENTIFIER.search(snake_case(name)) is not None


def snake_case(name: str) -> str:
    """Return a name in small letters, its words joined by underscores."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "_", name)
    return parted.strip("_").lower()
