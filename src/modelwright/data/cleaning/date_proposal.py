"""Whether a column holds dates that are written in several ways."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from modelwright.data.cleaning.seen import Seen
from modelwright.data.guess import TIME_FORMATS
from modelwright.data.time_format import TimeFormat
from modelwright.problem import CleaningStep

MOST_FORMATS = 5
SAMPLE = 300
_likely = re.compile(r"[0-9A-Za-z][0-9A-Za-z ,./:+-]{5,34}").fullmatch


@cache
def _formats() -> tuple[TimeFormat, ...]:
    return tuple(TimeFormat(text) for text in TIME_FORMATS)


def propose_date(column: Seen) -> Iterator[CleaningStep]:
    """Propose the formats of a column whose texts are dates in more than one way."""
    texts = list(column.counts)
    if not column.is_text or len(texts) < 2 or len(column.numbers):
        return
    if not all(_likely(text) and any(each.isdigit() for each in text) for text in texts[:SAMPLE]):
        return
    chosen = _chosen(texts)
    if len(chosen) < 2:
        return
    doubt = any(_swapped(each, texts) for each in chosen)
    counted = {each.text: sum(column.counts[text] for text in read) for each, read in chosen.items()}
    total = sum(counted.values())
    shown = ", ".join(f"{count:,} as {text}" for text, count in counted.items())
    swapped = "; but day and month may be the other way round" if doubt else ""
    yield CleaningStep(
        step="date",
        columns=(column.name,),
        enabled=not doubt,
        formats=tuple(counted),
        changes=total,
        evidence=f"{total:,} cells are dates, {shown}{swapped}",
    )


def _chosen(texts: list[str]) -> dict[TimeFormat, list[str]]:
    """Return the formats that together read every text, the one that reads most first; none where none do."""
    left = texts
    chosen: dict[TimeFormat, list[str]] = {}
    while left and len(chosen) < MOST_FORMATS:
        likely = [each for each in _formats() if each.seconds(left[0]) is not None]
        if not likely:
            return {}
        best = max(likely, key=lambda each: sum(each.seconds(text) is not None for text in left))
        chosen[best] = [text for text in left if best.seconds(text) is not None]
        left = [text for text in left if best.seconds(text) is None]
    return {} if left else chosen


def _swapped(format_: TimeFormat, texts: list[str]) -> bool:
    """Whether the other order of day and month reads the same texts as well."""
    if "%d" not in format_.text or "%m" not in format_.text or format_.text.startswith("%Y"):
        return False
    other = TimeFormat(format_.text.replace("%d", "%~").replace("%m", "%d").replace("%~", "%m"))
    return all(other.seconds(text) is not None for text in texts if format_.seconds(text) is not None)
