"""Which values stand for a missing one: words, lone numbers, and spikes far outside of all other numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from modelwright.data.cleaning.seen import Seen, number_text
from modelwright.data.kinds import BLANKS, NUMBER
from modelwright.problem import CleaningStep

NEVER_MEANT = frozenset({
    "#ref!", "#value!", "#div/0!", "#name?", "#null!", "#num!", "#n/a", "\\n", "(null)", "[null]", "<null>",
    "(blank)", "<na>", "nan", "nat",
})  # fmt: skip
"""What programs write where there is no value; in lower case."""
NOT_KNOWN = frozenset({
    "na", "n/a", "n.a.", "n.a", "n/d", "nd", "null", "unknown", "unk", "unkn", "undefined", "unspecified",
    "missing", "tbd", "--", "---", "-", ".", "..", "?", "??", "not available", "not known", "not provided",
    "not specified", "not stated", "not recorded", "no data", "no value", "no answer", "unknown/invalid",
    "don't know", "dont know",
})  # fmt: skip
"""What people write where they know no value; in lower case. In a category it may mean something."""
NOTHING = frozenset({"none", "nil", "not applicable", "never"})
"""What means nothing, which among numbers may be zero; taken for missing among times only."""

FEWEST_OF_A_SPIKE = 5
FEWEST_OTHERS = 10
FAR = 1.0
"""A sentinel is farther from all other numbers than they are spread, times this."""
VERY_FAR = 3.0
FEW_STRAYS = 0.01
MOST_STRAYS = 5

_nines = re.compile(r"-?(?:9{2,}|8{3,}|9{2,}\.9+)").fullmatch
_plain = re.compile(NUMBER).fullmatch


def propose_markers(column: Seen) -> tuple[tuple[str, ...], int]:
    """Return the contract's own texts for "missing" that a column has, and how many cells have one."""
    if not column.is_text or not column.markers:
        return (), 0
    given = column.values.filter(column.values.is_not_null() & column.known.is_null()).str.strip_chars(BLANKS)
    counted = given.filter(given != "")
    return tuple(sorted(counted.unique().to_list())), len(counted)


def words(column: Seen, *, among: str) -> list[str]:
    """Return the texts of a column that stand for a missing value.

    Parameters
    ----------
    column : Seen
    among : {"numbers", "times", "categories", "doubt"}
        What the other texts are.
    """
    meant = {
        "numbers": NEVER_MEANT | NOT_KNOWN,
        "times": NEVER_MEANT | NOT_KNOWN | NOTHING,
        "categories": NEVER_MEANT,
        "doubt": NOT_KNOWN - NEVER_MEANT - {"-", ".", "na", "nd"},
    }[among]
    return [text for text in column.counts if text.lower() in meant]


def without(column: Seen, texts: list[str]) -> Seen:
    """Return a column without some of its texts."""
    rest = (
        column.values.set(column.known.is_in(texts).fill_null(value=False), None) if texts else column.values
    )
    return Seen(rest, column.markers, is_target=column.is_target, is_shown=column.is_shown)


def propose_words(column: Seen, texts: list[str], why: str, *, enabled: bool) -> Iterator[CleaningStep]:
    """Propose that texts mean "missing"."""
    if texts:
        count = sum(column.counts[text] for text in texts)
        yield CleaningStep(
            step="missing",
            columns=(column.name,),
            enabled=enabled,
            values=tuple(texts),
            changes=count,
            evidence=f"{count:,} cells{column.examples(texts)}: {why}",
        )


def propose_strays(column: Seen) -> Iterator[CleaningStep]:
    """Propose the few texts among numbers, or the one number among words; a person decides."""
    numbers = [text for text in column.counts if _plain(text)]
    others = [text for text in column.counts if not _plain(text)]
    total = sum(column.counts.values())
    few = max(FEW_STRAYS * total, 1)
    if 0 < len(others) <= MOST_STRAYS < len(numbers) and sum(column.counts[each] for each in others) <= few:
        yield from propose_words(column, others, "all other texts are numbers", enabled=False)
    zero_alone = numbers == ["0"] and len(others) >= 3 and column.counts["0"] <= few
    if zero_alone and all(any(letter.isalpha() for letter in text) for text in others):
        yield from propose_words(column, numbers, "all other texts are words", enabled=False)


def propose_spike(column: Seen) -> Iterator[CleaningStep]:
    """Propose a number that recurs far outside of all others, or a zero where none can be."""
    numbers = column.numbers
    if len(numbers) < FEWEST_OTHERS:
        return
    for value in {float(numbers.min()), float(numbers.max())}:  # type: ignore[arg-type]
        others = numbers.filter(numbers != value)
        count = len(numbers) - len(others)
        if count < FEWEST_OF_A_SPIKE or others.n_unique() < FEWEST_OTHERS:
            continue
        low, high = float(others.min()), float(others.max())  # type: ignore[arg-type]
        gap, spread = max(low - value, value - high), high - low
        usual = _nines(number_text(value)) is not None
        if usual and value < 0 <= low:
            yield _spike(column, value, count, "no other is below zero", enabled=True)
        elif usual and gap > FAR * spread:
            words_ = f"{gap:,.6g} away from all others, which lie from {low:,.6g} to {high:,.6g}"
            yield _spike(column, value, count, words_, enabled=gap > VERY_FAR * spread)
        elif value == 0 and _is_age(column.name) and low >= 10:
            words_ = f"an age of 0, where all others are from {low:,.6g} on"
            yield _spike(column, value, count, words_, enabled=False)
        elif (
            value == -1
            and low >= 0
            and bool((others == others.floor()).all())
            and count >= 0.01 * len(numbers)
        ):
            yield _spike(column, value, count, f"all others are from {low:,.6g} on", enabled=False)


def propose_far_day(column: Seen) -> Iterator[CleaningStep]:
    """Propose the day that stands for "never", such as 9999-12-31."""
    if column.values.dtype not in (pl.Date, pl.Datetime):
        return
    days = column.values.drop_nulls()
    never = days.filter(days.dt.year() >= 9000)
    if never.n_unique() == 1 and len(never) < len(days):
        text = never[0].isoformat()
        yield CleaningStep(
            step="missing",
            columns=(column.name,),
            values=(text,),
            changes=len(never),
            evidence=f"{len(never):,} cells are {text}, which stands for never",
        )


def _spike(column: Seen, value: float, count: int, why: str, *, enabled: bool) -> CleaningStep:
    # A number is no value of a person that a message must keep to itself where many rows share it.
    return CleaningStep(
        step="missing",
        columns=(column.name,),
        enabled=enabled,
        values=(number_text(value),),
        changes=count,
        evidence=f"{count:,} cells are {number_text(value)}, {why}",
    )


def _is_age(name: str) -> bool:
    return (
        re.search(r"(?:^|[^a-z])age(?:[^a-z]|$)", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())
        is not None
    )
