"""What is known to be personal in a source, and what is done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from modelwright import data
from modelwright.errors import ContractError
from modelwright.lifecycle.folder import Folder
from modelwright.problem import Brief, Finding
from modelwright.store import write_atomic

TREATMENTS = ("drop", "hash", "generalise", "keep", "none")


@dataclass(frozen=True)
class PersonalColumn:
    """A column that holds, or seems to hold, personal data.

    Attributes
    ----------
    column : str
    sensitive : str
        What it is, such as ``email``.
    treatment : str
        ``drop``, ``hash``, ``generalise`` or ``keep``; empty where nothing is done.
    role : str
        The column's role in the contract; empty where the contract does not know it.
    reason : str
        Why it is treated so.
    share : float or None
        Share of the distinct values of the source that are valid as such; None where they do not seem so.
    confidence : float or None
        How sure that is, from 0 to 1.
    """

    column: str
    sensitive: str
    treatment: str
    role: str
    reason: str
    share: float | None
    confidence: float | None


@dataclass(frozen=True)
class Privacy:
    """Personal data in a source.

    Attributes
    ----------
    source : str
    rows : int
    columns : tuple of PersonalColumn
    findings : tuple of Finding
        Codes MW-P020 to MW-P022.
    """

    source: str
    rows: int
    columns: tuple[PersonalColumn, ...]
    findings: tuple[Finding, ...]


def privacy(contract: data.Contract, frame: pl.DataFrame, source: Any) -> Privacy:
    """Say which columns of a source are personal data, and what is done with them.

    Parameters
    ----------
    contract : Contract
    frame : polars.DataFrame
        Raw rows.
    source : Any
        Where they come from, for the answer.
    """
    found = {each.column: each for each in data.find_personal_data(frame, frozenset(contract.missing_values))}
    known = {each.name: each for each in contract.columns if each.sensitive}
    roles = {each.name: each.role for each in contract.columns}
    columns = [
        PersonalColumn(
            column=name,
            sensitive=known[name].sensitive if name in known else found[name].kind,
            treatment=known[name].treatment if name in known else "",
            role=roles.get(name, ""),
            reason=known[name].reason if name in known else found[name].evidence,
            share=found[name].share if name in found else None,
            confidence=found[name].confidence if name in found else None,
        )
        for name in dict.fromkeys([*known, *found])
    ]
    return Privacy(
        source=data.shown(source),
        rows=frame.height,
        columns=tuple(columns),
        findings=(*data.treated_personal(contract), *data.untreated_personal(contract, frame)),
    )


def change_treatment(
    folder: Folder, brief: Brief, frame: pl.DataFrame, column: str | None, treatment: str | None, reason: str
) -> data.Contract:
    """Change what is done with a column, and write the contract anew.

    Raises
    ------
    ContractError
        If the column or the treatment is not stated, there is no such column, or it can't be treated so.
    PrivacyError
        If it is to be hashed and there is no key.
    """
    if column is None or treatment not in TREATMENTS:
        known = ", ".join(TREATMENTS)
        raise ContractError(f"name a column with --column and a treatment with --treatment: one of {known}")
    contract = data.retreat(folder.read_contract(), frame, brief, column, treatment, reason)
    write_atomic(folder.contract, contract.to_toml(), mode=0o666)
    return contract
