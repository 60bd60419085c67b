"""From any table to typed, checked, split rows.

In: a source and a brief. Out: the `Contract` that says what each column must be, and what follows from it: a
conformed frame, matrices for the portable model, findings, snapshots, splits and the vault.
"""

from modelwright.data.column import Column
from modelwright.data.conforming import conform, encode_target, labelled_rows
from modelwright.data.contract import Contract
from modelwright.data.inputs import Inputs, matrices
from modelwright.data.label import label_text

__all__ = [
    "Column",
    "Contract",
    "Inputs",
    "conform",
    "encode_target",
    "label_text",
    "labelled_rows",
    "matrices",
]
