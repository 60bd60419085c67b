"""From the steps that a brief declares to the contract that travels with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelwright.data.cleaning.cleaner import cleaners_of
from modelwright.data.column import Column
from modelwright.errors import BriefError
from modelwright.problem import CleaningStep

if TYPE_CHECKING:
    from modelwright.data.contract import Contract


def apply_steps(contract: Contract, steps: tuple[CleaningStep, ...]) -> Contract:
    """Return a contract with the declared steps, and with the roles that follow from them.

    Raises
    ------
    BriefError
        If a step names a column that the contract does not have, or can't be done.
    """
    for number, step in enumerate(steps, 1):
        _is_feasible(contract, step, f"cleaning, step {number} ({step.step})")
    columns = [_with_role(column, steps) for column in contract.columns]
    kept = tuple(_bare(step) for step in steps if _means_something(step, contract))
    return type(contract)(columns=tuple(columns), missing_values=contract.missing_values, cleaning=kept)


def _is_feasible(contract: Contract, step: CleaningStep, where: str) -> None:
    from difflib import get_close_matches

    known = {column.name: column for column in contract.columns}
    for name in (*step.columns, *step.ignoring):
        if name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"did you mean '{near[0]}'?" if near else "name a column of contract.toml"
            raise BriefError(f"{where}: there is no column '{name}'; {hint}")
        role = known[name].role
        if step.step == "constant" and role not in {"feature", "ignore"} and name in step.columns:
            raise BriefError(f"{where}: '{name}' has the role '{role}', so it can't be left out")
    try:
        cleaners_of([step])
    except ValueError as error:
        raise BriefError(f"{where}: {error}") from error


def _with_role(column: Column, steps: tuple[CleaningStep, ...]) -> Column:
    for step in steps:
        if step.step == "constant" and column.name in step.columns:
            if step.enabled:
                return column.model_copy(update={"role": "ignore", "required": False})
            if column.role == "ignore" and column.kind != "text":
                return column.model_copy(update={"role": "feature", "required": True})
    return column


def _means_something(step: CleaningStep, contract: Contract) -> bool:
    if step.enabled or step.step == "no_target":
        return True
    return step.step == "missing" and not set(step.values).isdisjoint(contract.missing_values)


def _bare(step: CleaningStep) -> CleaningStep:
    """Leave out what is for people: a contract is the same, whatever was said of it."""
    return step.model_copy(update={"evidence": "", "changes": 0})
