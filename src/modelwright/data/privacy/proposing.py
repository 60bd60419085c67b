"""What shall be done with personal data: proposed when a problem is framed, changed by people."""

from __future__ import annotations

import polars as pl

from modelwright.data.column import Column, Treatment
from modelwright.data.contract import Contract
from modelwright.data.guess import guess
from modelwright.data.inference import describe
from modelwright.data.privacy.detecting import Detection, find_personal_data
from modelwright.data.privacy.treating import Treatments, with_key
from modelwright.errors import ContractError
from modelwright.problem import Brief

_SAID_LESS = {"birth_date", "coordinates", "ip", "postcode"}


def protect(contract: Contract, frame: pl.DataFrame, brief: Brief) -> Contract:
    """Propose what shall be done with the personal data of a new table.

    What tells people apart directly is dropped; hashed where it identifies or groups rows. Dates of birth,
    places, addresses on the internet and postcodes are said less exactly.

    Parameters
    ----------
    contract : Contract
        As inferred from the raw table.
    frame : polars.DataFrame
        The raw table.
    brief : Brief

    Returns
    -------
    Contract
        As the treated table is.

    Raises
    ------
    PrivacyError
        If a column must be hashed and there is no key.
    """
    found = find_personal_data(frame, frozenset(contract.missing_values))
    for each in found:
        column = contract.column(each.column)
        if column.role == "target":
            continue
        treatment = _proposed(column, each, brief)
        reason = "the brief needs it to order rows" if treatment == "keep" else each.evidence
        stated = {"sensitive": each.kind, "treatment": treatment, "reason": reason}
        contract = _restated(contract, column, stated, frame[column.name], brief)
    return contract


def infer_treated(contract: Contract, frame: pl.DataFrame, brief: Brief) -> Contract:
    """Infer the contract of a treated table, where cleaning changes what its columns are.

    Parameters
    ----------
    contract : Contract
        As `protect` returned it; what it says of personal data stays.
    frame : polars.DataFrame
        The treated table.
    brief : Brief
        With its steps of cleaning.
    """
    there = tuple(name for name in brief.columns.ignore if name in frame.columns)
    roles = brief.columns.model_copy(update={"ignore": there})
    inferred = Contract.infer(frame, brief.model_copy(update={"columns": roles}))
    columns = {each.name: each for each in inferred.columns}
    whole = tuple(each if each.is_personal else columns[each.name] for each in contract.columns)
    return inferred.but(columns=whole, privacy_key=contract.privacy_key)


def retreat(
    contract: Contract, frame: pl.DataFrame, brief: Brief, name: str, treatment: str, reason: str
) -> Contract:
    """Change what is done with a column.

    Parameters
    ----------
    contract : Contract
    frame : polars.DataFrame
        The raw table, which the column is described by anew.
    brief : Brief
    name : str
        The column.
    treatment : {"drop", "hash", "generalise", "keep", "none"}
        ``none`` says that it holds no personal data.
    reason : str
        Why; needed to keep personal data.

    Raises
    ------
    ContractError
        If there is no such column, or it can't be treated so.
    PrivacyError
        If it is to be hashed and there is no key.
    """
    column = contract.column(name)
    if name not in frame.columns:
        raise ContractError(f"the source has no column '{name}', so it can't be described anew")
    found = find_personal_data(frame.select(name), frozenset(contract.missing_values))
    kind = column.sensitive if column.is_personal else next((each.kind for each in found), "other")
    if treatment == "none":
        stated = {"sensitive": "none", "reason": reason}
    else:
        because = reason or column.reason or next((each.evidence for each in found), "")
        stated = {
            "sensitive": kind,
            "treatment": treatment,
            "reason": because if treatment != "keep" else reason,
        }
    return _restated(contract, column, stated, frame[name], brief)


def _proposed(column: Column, found: Detection, brief: Brief) -> Treatment:
    if column.role in {"id", "group"}:
        return "hash"
    if column.role == "time":
        return "keep"
    if column.name in brief.columns.ignore:
        return "drop"
    if column.name in brief.columns.protected and found.kind not in _SAID_LESS:
        return "hash"
    return "generalise" if found.kind in _SAID_LESS else "drop"


def _restated(
    contract: Contract, column: Column, stated: dict[str, str], raw: pl.Series, brief: Brief
) -> Contract:
    """Return the contract with one column as its treated values are."""
    draft = Column.model_validate(_draft(column, stated, raw, contract, brief))
    changed = with_key(_replaced(contract, draft))
    if draft.treatment == "drop":
        return changed
    treated = Treatments(changed).column(draft.name, raw)
    described = describe(treated, draft, frozenset(contract.missing_values))
    return _replaced(changed, described)


def _draft(
    column: Column, stated: dict[str, str], raw: pl.Series, contract: Contract, brief: Brief
) -> dict[str, object]:
    """Return a column without what its values are like."""
    seems = guess(raw, frozenset(contract.missing_values))
    treatment, sensitive = stated.get("treatment"), stated["sensitive"]
    role = column.role
    kind: str = column.kind if role in {"id", "group", "time"} else seems.kind
    if role in {"feature", "ignore"}:
        role = "ignore" if column.name in brief.columns.ignore or treatment == "drop" else "feature"
    if treatment in {"drop", "hash"}:
        kind = "text" if treatment == "drop" else "category"
    elif treatment == "generalise":
        kind = (
            "number"
            if sensitive == "birth_date" or (sensitive, seems.kind) == ("coordinates", "number")
            else "category"
        )
    elif role == "feature" and (seems.why_not or (treatment == "keep" and kind in {"category", "text"})):
        role = "ignore"
    protected = column.protected or column.name in brief.columns.protected
    required = role in {"feature", "time", "group"}
    known = {"name": column.name, "kind": kind, "role": role, "protected": protected, "required": required}
    return known | ({"format": seems.format} if kind == "time" else {}) | stated


def _replaced(contract: Contract, column: Column) -> Contract:
    return contract.but(
        columns=tuple(column if each.name == column.name else each for each in contract.columns)
    )
