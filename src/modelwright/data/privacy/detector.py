"""What every detector of personal data does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from modelwright.data.column import Sensitive


@dataclass(frozen=True)
class Detector:
    """One kind of personal data: how its values are written, what makes one valid, and what columns call it.

    Attributes
    ----------
    kind : str
        What it finds, as the contract names it.
    title : str
        What it finds, in words, in the plural.
    pattern : str
        How a value is written, as a regular expression that Polars and Python read alike; a first sieve.
    valid : callable
        Whether a text of that pattern is one: by its check digits, its parts or its length.
    words : str
        What columns are called, in several languages: in lower case, without accents, the parts of a word
        joined by ``_``, the words apart by spaces.
    named : float
        Share of the distinct values that must be valid where the column's name says it.
    alone : float or None
        Share of the distinct values that must be valid where the name says nothing; None where values alone
        are no evidence.
    strength : float
        How sure it is where all values are valid and the name says nothing, from 0 to 1.
    fewest : int
        Distinct values that are needed where the name says nothing.
    fewest_named : int
        Distinct values that are needed where it does.
    """

    kind: Sensitive
    title: str
    pattern: str
    valid: Callable[[str], bool]
    words: str
    named: float = 0.5
    alone: float | None = 0.8
    strength: float = 0.95
    fewest: int = 10
    fewest_named: int = 1


def always(_: str) -> bool:
    """Accept each value of the pattern."""
    return True
