"""One file for each kind of column: what its values must be, and how they become what models take.

In: raw columns and single raw values. Out: the same numbers, texts and seconds from both.
"""

from modelwright.data.kinds.category import CategoryKind
from modelwright.data.kinds.choice import kind_named
from modelwright.data.kinds.kind import BLANKS, Converted, Kind, Wrong, known_texts, plain
from modelwright.data.kinds.number import LARGEST, NUMBER, NumberKind
from modelwright.data.kinds.text import words_of

__all__ = [
    "BLANKS",
    "LARGEST",
    "NUMBER",
    "CategoryKind",
    "Converted",
    "Kind",
    "NumberKind",
    "Wrong",
    "kind_named",
    "known_texts",
    "plain",
    "words_of",
]
