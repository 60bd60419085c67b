"""Which texts of a category are spellings of one another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import combinations

from modelwright.data.cleaning.seen import Seen
from modelwright.data.kinds import BLANKS
from modelwright.problem import CleaningStep

MOST_TEXTS = 5000
MOST_CATEGORIES = 1000
"""Of more texts, many are one slip apart without being the same, such as names."""
MOST_DISTINCT = 0.5
"""A column with a larger share of distinct texts holds names or identifiers, not categories."""
LEAST_LENGTH = 5
LENGTH_OF_TWO_SLIPS = 9
LEAST_FREQUENT = 20
RARE = 0.05
"""A slip is at most so frequent as compared with what it is a slip of."""

_between_words = re.compile(r"(?<=[^\W\d_])[\s_/-]+(?=[^\W\d_])")
_marks = re.compile(r"(?<![0-9])[.,;:'\u2019`\"](?![0-9])")


def fold(text: str) -> str:
    """Return a text without what does not tell categories apart: case, blanks, and marks between words.

    Signs that change the meaning, such as ``+``, ``<`` and a minus before a number, stay.
    """
    bare = unicodedata.normalize("NFKC", text).strip(BLANKS).casefold()
    return " ".join(_marks.sub("", _between_words.sub(" ", bare)).split())


def propose_spelling(column: Seen) -> Iterator[CleaningStep]:
    """Propose to join spellings: surely where only case and blanks differ, else for a person to decide."""
    counts = column.raw_counts
    if not column.is_text or not 2 <= len(counts) <= MOST_TEXTS:
        return
    if len(counts) > MOST_DISTINCT * sum(counts.values()) and sum(counts.values()) > LEAST_FREQUENT:
        return
    groups: dict[str, list[str]] = {}
    for text in counts:  # the most frequent first
        groups.setdefault(fold(text) or text, []).append(text)
    joined = {text: _stands_for(group, counts) for group in groups.values() for text in group}
    folded = {text: instead for text, instead in joined.items() if text != instead}
    surely = {text: each for text, each in folded.items() if _only_case_and_blanks(text, each)}
    if not column.is_target:
        yield from _step(column, surely, "differ only in case or blanks", enabled=True)
    doubtful = (
        folded if column.is_target else {text: each for text, each in folded.items() if text not in surely}
    )
    yield from _step(column, doubtful, "differ only in case, blanks or marks", enabled=False)
    if len(counts) > MOST_CATEGORIES:
        return
    together: dict[str, int] = {}
    for text, instead in joined.items():
        together[instead] = together.get(instead, 0) + counts[text]
    yield from _step(
        column, _slips(together), "are rare and all but the same as a frequent one", enabled=False
    )


def _only_case_and_blanks(text: str, other: str) -> bool:
    squeezed = [" ".join(each.split()) for each in (text, other)]
    # A single letter is a code: m and M may be metre and million.
    return squeezed[0].casefold() == squeezed[1].casefold() and (
        len(squeezed[0]) > 2 or squeezed[0] == squeezed[1]
    )


def _stands_for(group: list[str], counts: dict[str, int]) -> str:
    """Return the most frequent spelling without blanks around it, where there is one."""
    neat = [text for text in group if text == text.strip(BLANKS)]
    return max(neat or group, key=lambda text: counts[text])


def _step(column: Seen, replace: dict[str, str], why: str, *, enabled: bool) -> Iterator[CleaningStep]:
    if replace:
        count = sum(column.raw_counts.get(text, 0) for text in replace)
        pairs = [f"{text} → {instead}" for text, instead in replace.items()]
        yield CleaningStep(
            step="spelling",
            columns=(column.name,),
            enabled=enabled,
            replace=replace,
            changes=count,
            evidence=f"{count:,} cells{column.examples(pairs)} {why}",
        )


def _slips(counts: dict[str, int]) -> dict[str, str]:
    """Return rare texts, each with the one frequent text that is a slip of the keyboard away."""
    frequent = [
        text for text, count in counts.items() if count >= LEAST_FREQUENT and len(text) >= LEAST_LENGTH
    ]
    by_less: dict[str, list[str]] = {}
    for text in frequent:
        for less in _shortened(text.casefold()):
            by_less.setdefault(less, []).append(text)
    found = {}
    for text, count in counts.items():
        near = {other for less in _shortened(text.casefold()) for other in by_less.get(less, ())} - {text}
        near = {other for other in near if count <= RARE * counts[other] and _is_slip(text, other)}
        if len(near) == 1 and len(text) >= LEAST_LENGTH:
            found[text] = near.pop()
    return {text: instead for text, instead in found.items() if instead not in found}


def _shortened(text: str) -> set[str]:
    """Return what is left of a text without one or two of its letters, and itself."""
    slips = 2 if len(text) >= LENGTH_OF_TWO_SLIPS and len(text) <= 40 else 1
    return {
        "".join(letter for at, letter in enumerate(text) if at not in gone)
        for n in range(slips + 1)
        for gone in combinations(range(len(text)), n)
    }


def _is_slip(text: str, other: str) -> bool:
    """Whether two texts are one slip apart, or two where both are long; digits and the first letter agree."""
    text, other = text.casefold(), other.casefold()
    digits = [re.sub(r"[^0-9+<>=-]", "", each) for each in (text, other)]
    if digits[0] != digits[1] or text[0] != other[0]:
        return False
    allowed = 2 if min(len(text), len(other)) >= LENGTH_OF_TWO_SLIPS else 1
    return _distance(text, other, allowed) <= allowed


def _distance(text: str, other: str, most: int) -> int:
    """Return the optimal string alignment distance: letters added, left out, changed or swapped."""
    if abs(len(text) - len(other)) > most:
        return most + 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for at, letter in enumerate(text, 1):
        row = [at]
        for to, another in enumerate(other, 1):
            steps = min(above[to] + 1, row[-1] + 1, above[to - 1] + (letter != another))
            swapped = at > 1 and to > 1 and letter == other[to - 2] and text[at - 2] == another
            row.append(min(steps, before[to - 2] + 1) if swapped else steps)
        before, above = above, row
    return above[-1]
