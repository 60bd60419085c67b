"""The directions in which a prediction must go with a column, held against the contract."""

from __future__ import annotations

from modelwright.data.contract import Contract
from modelwright.errors import BriefError
from modelwright.problem import Brief


def refuse_impossible_directions(contract: Contract, brief: Brief) -> None:
    """Refuse a direction for a column that has no order, or that models do not see.

    Raises
    ------
    BriefError
        If a column of `increasing` or `decreasing` is not a feature of numbers or booleans.
    """
    for name, direction in brief.columns.directions.items():
        column, key = contract.column(name), "increasing" if direction > 0 else "decreasing"
        if column.role != "feature":
            raise BriefError(
                f"columns.{key}: '{name}' is no feature (its role in contract.toml is '{column.role}'), so "
                "no prediction goes with it; take it out of the list"
            )
        if column.kind not in {"number", "boolean"}:
            raise BriefError(
                f"columns.{key}: '{name}' is of the kind '{column.kind}', and only numbers and booleans have "
                "a direction; take it out of the list, or give its values as numbers at the source"
            )
