"""Cleaning: declared steps, one file for each, the same on a table and on one record.

In: the steps that the brief declares. Out: cleaned values, and the rows that stay. Proposals for steps, and
what each changes.
"""

from modelwright.data.cleaning.applying import apply_steps
from modelwright.data.cleaning.cleaner import CleanedKind, Cleaner, clean, cleaners_of
from modelwright.data.cleaning.effects import Effect, effects
from modelwright.data.cleaning.proposing import propose_cleaning
from modelwright.data.cleaning.rows import LEAST_DISTINCT, kept_rows

__all__ = [
    "LEAST_DISTINCT",
    "CleanedKind",
    "Cleaner",
    "Effect",
    "apply_steps",
    "clean",
    "cleaners_of",
    "effects",
    "kept_rows",
    "propose_cleaning",
]
