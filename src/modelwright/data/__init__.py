"""From any table to typed, checked, split rows.

In: a source and a brief. Out: the `Contract` that says what each column must be, and what follows from it: a
conformed frame, matrices for the portable model, findings, snapshots, splits and the vault.
"""

from modelwright.data.amending import amend
from modelwright.data.change import Change
from modelwright.data.checking import Checker, check
from modelwright.data.cleaned import cleaned_table
from modelwright.data.cleaning import Effect, clean, effects, propose_cleaning
from modelwright.data.column import Column
from modelwright.data.conforming import conform, encode_target, labelled_rows, rows_to_learn_from
from modelwright.data.contract import Contract
from modelwright.data.directions import refuse_impossible_directions
from modelwright.data.dividing import alike_rows, folds, hold_out
from modelwright.data.evolving import differences, with_changes
from modelwright.data.exporting import EXPORTS, export
from modelwright.data.first_look import first_findings
from modelwright.data.following import at_odds, follow_cleaning
from modelwright.data.guess import counts_or_identifies
from modelwright.data.inputs import Inputs, matrices
from modelwright.data.joining import learnable, typed, unknown_rows
from modelwright.data.kinds import words_of
from modelwright.data.label import label_text
from modelwright.data.leaks import Audit, Leak, audit
from modelwright.data.origin import Origin, shown
from modelwright.data.places import place_pairs
from modelwright.data.privacy import (
    Detection,
    Treatments,
    find_personal_data,
    infer_treated,
    protect,
    retreat,
    treat,
    treated_personal,
    untreated_personal,
    with_key,
)
from modelwright.data.profiling import ColumnProfile, Profile, profile, write_profile
from modelwright.data.reading import Batches, batches, read
from modelwright.data.schema import json_schema
from modelwright.data.snapshot import (
    STAGED,
    Snapshot,
    list_snapshots,
    open_snapshot,
    remove_snapshot,
    take_snapshot,
)
from modelwright.data.sources import Asked, Notes, Opened, Source, all_sources, by_ending, by_scheme, is_table
from modelwright.data.split import Split, propose_split
from modelwright.data.spooling import spooled
from modelwright.data.units import times_of, weights_of
from modelwright.data.validator import Validator
from modelwright.data.vault import Vault, open_vault, seal, vaults

__all__ = [
    "EXPORTS",
    "STAGED",
    "Asked",
    "Audit",
    "Batches",
    "Change",
    "Checker",
    "Column",
    "ColumnProfile",
    "Contract",
    "Detection",
    "Effect",
    "Inputs",
    "Leak",
    "Notes",
    "Opened",
    "Origin",
    "Profile",
    "Snapshot",
    "Source",
    "Split",
    "Treatments",
    "Validator",
    "Vault",
    "alike_rows",
    "all_sources",
    "amend",
    "at_odds",
    "audit",
    "batches",
    "by_ending",
    "by_scheme",
    "check",
    "clean",
    "cleaned_table",
    "conform",
    "counts_or_identifies",
    "differences",
    "effects",
    "encode_target",
    "export",
    "find_personal_data",
    "first_findings",
    "folds",
    "follow_cleaning",
    "hold_out",
    "infer_treated",
    "is_table",
    "json_schema",
    "label_text",
    "labelled_rows",
    "learnable",
    "list_snapshots",
    "matrices",
    "open_snapshot",
    "open_vault",
    "place_pairs",
    "profile",
    "propose_cleaning",
    "propose_split",
    "protect",
    "read",
    "refuse_impossible_directions",
    "remove_snapshot",
    "retreat",
    "rows_to_learn_from",
    "seal",
    "shown",
    "spooled",
    "take_snapshot",
    "times_of",
    "treat",
    "treated_personal",
    "typed",
    "unknown_rows",
    "untreated_personal",
    "vaults",
    "weights_of",
    "with_changes",
    "with_key",
    "words_of",
    "write_profile",
]
