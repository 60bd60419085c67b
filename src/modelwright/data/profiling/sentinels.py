"""Values that stand for a missing one."""

from __future__ import annotations

import polars as pl

from modelwright.data.kinds import BLANKS

_ANYWHERE = (
    "", "?", "??", "???", "na", "n/a", "n.a.", "n.a", "#n/a", "#na", "nan", "-nan", "null", "nil",
    "<na>", "missing", "(missing)", "unknown", "(unknown)", "unknown/invalid", "not available",
    "not known", "not specified", "unspecified", "undefined", "no data", "#value!", "#ref!", "#div/0!",
    "#null!", "unbekannt", "k.a.", "inconnu", "desconocido", "sconosciuto",
)  # fmt: skip
_AMONG_NUMBERS = ("none", "(none)", "-", "--", "---", ".", "..", "tbd", "unk", "undef", "x")
"""Among categories, these may be categories of their own."""
WORDS = frozenset(_ANYWHERE)
WORDS_AMONG_NUMBERS = frozenset((*_ANYWHERE, *_AMONG_NUMBERS))
NUMBER_MARKS = sorted(
    {sign * float(digit * length) for sign in (1, -1) for digit in "89" for length in range(2, 10)}
    | {-1.0, -8.0, -9.0, 99.99, 999.9, 999.99, 9999.99, -99.9, -99.99, -999.9, -999.99, -9999.9, -(2.0**31)}
)
"""Numbers that often stand for a missing one; they do where they lie apart from all others."""
TEXT_MARKS = sorted(
    {
        form
        for word in WORDS_AMONG_NUMBERS
        for cased in (word, word.upper(), word.title(), word.capitalize(), "NaN", "-NaN")
        for form in (cased, f" {cased}", f"{cased} ", f" {cased} ")
    }
    | {" " * length for length in range(1, 17)}
    | {f"{mark:g}" for mark in NUMBER_MARKS}
    | {f"{mark:.1f}" for mark in NUMBER_MARKS}
)
"""What such a text may look like; counted in every row."""
FEWEST = 3
LEAST_SHARE = 0.001
LEAST_NEGATIVE = 0.01
FEWEST_OTHERS = 5


def text_sentinels(values: pl.DataFrame, *, are_numbers: bool) -> list[str]:
    """Return the texts that stand for a missing value.

    Parameters
    ----------
    values : polars.DataFrame
        ``value`` (texts) and ``count``.
    are_numbers : bool
        Whether the other texts are numbers or times: then "none" is no category.
    """
    words = WORDS_AMONG_NUMBERS if are_numbers else WORDS
    plain = values["value"].str.strip_chars(BLANKS).str.to_lowercase()
    return sorted(values["value"].filter(plain.is_in(sorted(words))).to_list())


def number_sentinels(values: pl.DataFrame) -> list[float]:
    """Return the numbers that stand for a missing value.

    One does where it is such a number as people take for that, is repeated, and lies apart: below or above
    all others by more than their whole range; or it is the only negative one, in one row of a hundred or
    more. Where few others are distinct, nothing is said.

    Parameters
    ----------
    values : polars.DataFrame
        ``value`` (numbers) and ``count``.
    """
    known = values.select(pl.col("value").cast(pl.Float64), "count").filter(pl.col("value").is_finite())
    total = float(known["count"].sum())
    marked = known.filter(pl.col("value").is_in(NUMBER_MARKS))
    candidates = sorted(marked.iter_rows(), key=lambda pair: -abs(pair[0]))
    found: list[float] = []
    for mark, count in candidates:
        if count < max(FEWEST, LEAST_SHARE * total):
            continue
        others = known["value"].filter(~known["value"].is_in([*found, mark]))
        if len(others) < FEWEST_OTHERS:
            continue
        low, high = float(others.min()), float(others.max())  # type: ignore[arg-type]
        only_negative = mark < 0 <= low and count >= LEAST_NEGATIVE * total
        if only_negative or (low - mark if mark < low else mark - high) > high - low:
            found.append(mark)
    return found
