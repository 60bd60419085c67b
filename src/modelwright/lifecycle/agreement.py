"""The contract as the brief asks for it: people edit both files, and what the brief names counts."""

from __future__ import annotations

from difflib import get_close_matches

from modelwright.data import Column, Contract, refuse_impossible_directions
from modelwright.errors import BriefError
from modelwright.lifecycle.behaving import refuse_impossible_behaviour
from modelwright.problem import Brief, Task


def agree(contract: Contract, brief: Brief) -> Contract:
    """Give the contract's columns the roles, the order of labels and the cleaning that the brief states.

    Parameters
    ----------
    contract : Contract
        As ``contract.toml`` has it.
    brief : Brief
        As ``modelwright.toml`` has it.

    Raises
    ------
    BriefError
        If the brief names a column or label that the contract does not have, asks another question than
        the contract was made for, or no longer names a column that the contract has a role for.
    """
    _names_known_columns(contract, brief)
    cleaned = contract.with_cleaning(brief.cleaning)
    agreed = cleaned.with_columns(_column(column, brief) for column in cleaned.columns)
    refuse_impossible_directions(agreed, brief)
    refuse_impossible_behaviour(agreed, brief)
    return agreed


def _names_known_columns(contract: Contract, brief: Brief) -> None:
    known = [column.name for column in contract.columns]
    stated = {role: [name] if isinstance(name, str) else name for role, name in brief.columns}
    for role, names in stated.items():
        for name in names:
            if name and name not in known:
                near = get_close_matches(name, known, n=1, cutoff=0.5)
                hint = f"did you mean '{near[0]}'?" if near else "name a column of contract.toml"
                raise BriefError(f"columns.{role}: there is no column '{name}'; {hint}")
    if brief.problem.target != contract.target.name:
        raise BriefError(
            f"problem.target is '{brief.problem.target}', but contract.toml was made to predict "
            f"'{contract.target.name}'; frame the other question in a project of its own: `modelwright new`"
        )


def _column(column: Column, brief: Brief) -> Column:
    if column.role == "target":
        return column.model_copy(update={"categories": _labels(column, brief)})
    protected = column.protected or column.name in brief.columns.protected
    column = column.model_copy(update={"protected": protected})
    for role in ("id", "time", "group", "weight"):
        stated = getattr(brief.columns, role)
        if column.name == stated:
            return _with_role(column, role)
        if column.role == role:
            says = f"is '{stated}'" if stated else "is empty"
            raise BriefError(
                f"columns.{role} {says} in the brief, but '{column.name}' has the role "
                f"'{role}' in contract.toml; name it in the brief, or give it another role there"
            )
    if column.name in brief.columns.ignore:
        return column.model_copy(update={"role": "ignore", "required": False})
    return column


def _with_role(column: Column, role: str) -> Column:
    if column.role == role:
        return column
    if role == "time":
        if column.kind not in {"time", "number"}:
            raise BriefError(
                f"columns.time: '{column.name}' is of the kind '{column.kind}' in contract.toml, but rows "
                'are put in order by a time or a number; if it holds times, set kind = "time" there'
            )
        return column.model_copy(update={"role": role, "required": True})
    if role == "weight":
        if column.kind != "number":
            raise BriefError(
                f"columns.weight: '{column.name}' is of the kind '{column.kind}' in contract.toml, but a "
                "weight is a number; name another column"
            )
        return column.model_copy(update={"role": role, "required": True, "missing": "refuse"})
    if column.treatment in {"drop", "generalise"}:
        raise BriefError(
            f"columns.{role}: '{column.name}' holds personal data (treatment = \"{column.treatment}\" in "
            f"contract.toml), so its rows can't be told apart by it; `modelwright privacy --column "
            f"{column.name} --treatment hash` has it hashed"
        )
    return Column.model_validate(
        {
            "name": column.name,
            "kind": "category",
            "role": role,
            "protected": column.protected,
            "required": role == "group",
            "missing_share": column.missing_share,
            "sensitive": column.sensitive,
            "treatment": column.treatment,
            "reason": column.reason,
        }
    )


def _labels(target: Column, brief: Brief) -> tuple[str, ...]:
    """Return the labels in the order of their codes: the positive one last, where there are two."""
    task, labels = brief.problem.task, target.categories
    wanted = "number" if task is Task.REGRESSION else "category"
    if target.kind != wanted or (task is Task.BINARY and len(labels) != 2):
        found = f"{len(labels)} labels" if labels else "numbers"
        raise BriefError(
            f"problem.task is {task}, but contract.toml says that '{target.name}' has {found}; change the "
            "task back, or frame the problem again with `modelwright new`"
        )
    if task is not Task.BINARY:
        return labels
    positive = brief.problem.positive
    if positive not in labels:
        near = get_close_matches(positive, labels, n=1, cutoff=0.5)
        hint = f"did you mean '{near[0]}'?" if near else f"the labels are {', '.join(map(repr, labels))}"
        raise BriefError(f"problem.positive: '{target.name}' has no label '{positive}'; {hint}")
    return tuple(sorted(labels, key=lambda label: label == positive))
