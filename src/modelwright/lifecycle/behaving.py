"""The brief's behaviour tests: held to the contract, and their files read."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any

import polars as pl

from modelwright import data
from modelwright.data import Column, Contract
from modelwright.errors import BriefError, ModelwrightError
from modelwright.problem import BehaviourTest, Brief, Case

_ABOUT_CASE = ("case", "expected", "at_least", "at_most")


def refuse_impossible_behaviour(contract: Contract, brief: Brief) -> None:
    """Hold the behaviour tests of a brief to the contract.

    Raises
    ------
    BriefError
        If a test names a column, category or label that the contract does not have, or changes a column in a
        way that its kind does not allow.
    """
    for position, test in enumerate(brief.behaviour):
        where = f"behaviour.{position} ({test.title})"
        if test.label:
            _known(test.label, contract.classes, f"{where}: label", "label")
        elif len(contract.classes) > 2 and _needs_label(test):
            raise BriefError(f"{where}: label: with more than two labels, say whose probability is meant")
        if test.kind == "minimum":
            for case in test.cases:
                _check_case(case, contract, where)
        else:
            _check_change(test, contract, where)


def with_cases(brief: Brief, root: Path) -> Brief:
    """Return the brief with the cases of its files read, so that a build keeps what it tried.

    Parameters
    ----------
    brief : Brief
    root : Path
        The project's folder, from which relative paths are meant.

    Raises
    ------
    BriefError
        If a file cannot be read, or has no cases.
    """
    if not any(test.file for test in brief.behaviour):
        return brief
    tests = [
        test.model_copy(update={"cases": test.cases + _read_cases(test.file, root), "file": ""})
        for test in brief.behaviour
    ]
    return Brief.from_dict(brief.model_dump() | {"behaviour": [test.model_dump() for test in tests]})


def _needs_label(test: BehaviourTest) -> bool:
    bounded = any(case.at_least is not None or case.at_most is not None for case in test.cases)
    return test.kind == "direction" or bounded


def _check_change(test: BehaviourTest, contract: Contract, where: str) -> None:
    column = _feature(test.column, contract, where)
    ordered = column.kind in {"number", "time"}
    if test.change and not ordered:
        raise BriefError(
            f"{where}: change: '{column.name}' is a {column.kind}, which cannot be raised; give `values` "
            "instead"
        )
    if ordered and not test.change and (column.kind == "time" or not test.values):
        raise BriefError(
            f"{where}: change: '{column.name}' is a {column.kind}; say by how much it is changed"
        )
    for value in test.values:
        if column.kind == "category":
            text = data.label_text(value)
            if column.is_sensitive:
                if text not in column.categories:
                    raise BriefError(f"{where}: values: one of them is no category of '{column.name}'")
                continue
            _known(text, column.categories, f"{where}: values", f"category of '{column.name}'")
        elif not isinstance(value, bool | int | float):
            raise BriefError(
                f"{where}: values: '{column.name}' is a {column.kind}, but got the text {value!r}"
            )


def _check_case(case: Case, contract: Contract, where: str) -> None:
    where = f"{where}, case '{case.case}'"
    for name in case.row:
        _feature(name, contract, where)
    if case.expected:
        if not contract.classes:
            raise BriefError(f"{where}: expected: a number has no labels; give at_least, at_most or both")
        _known(case.expected, contract.classes, f"{where}: expected", "label")
    free = contract.accepting()
    row = {
        name: pl.Series(name, [data.label_text(value)], dtype=pl.String) for name, value in case.row.items()
    }
    try:
        data.conform(free, pl.DataFrame(row))
    except ModelwrightError as error:
        raise BriefError(f"{where}: {error}") from error


def _feature(name: str, contract: Contract, where: str) -> Column:
    found = next((column for column in contract.features if column.name == name), None)
    if found is not None:
        return found
    if any(column.name == name for column in contract.columns):
        raise BriefError(f"{where}: the model does not see '{name}', so changing it can do nothing")
    _known(name, tuple(column.name for column in contract.features), where, "column")
    raise BriefError(f"{where}: there is no column '{name}'")


def _known(name: str, known: tuple[str, ...], where: str, what: str) -> None:
    if name in known:
        return
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    shown = ", ".join(f"'{each}'" for each in known[:8]) + (", …" if len(known) > 8 else "")
    hint = f"did you mean '{near[0]}'?" if near else f"there are {shown}" if known else "there are none"
    raise BriefError(f"{where}: there is no {what} '{name}'; {hint}")


def _read_cases(file: str, root: Path) -> tuple[Case, ...]:
    path = Path(file).expanduser()
    frame = data.read(path if path.is_absolute() else root / path)
    try:
        return tuple(
            Case.model_validate(_case(row, position))
            for position, row in enumerate(frame.to_dicts(), start=1)
        )
    except ValueError as error:
        raise BriefError(
            f"behaviour: {file}: each row needs an `expected` label, `at_least` or `at_most`, beside columns "
            "of the contract"
        ) from error


def _case(row: dict[str, Any], position: int) -> dict[str, Any]:
    said = {name: value for name, value in row.items() if value is not None}
    stated = {name: said.pop(name) for name in _ABOUT_CASE if name in said}
    for name in ("case", "expected"):
        if name in stated:
            stated[name] = data.label_text(stated[name])
    values = {
        name: value if isinstance(value, bool | int | float | str) else data.label_text(value)
        for name, value in said.items()
    }
    return {"case": f"row {position}", **stated, "row": values}
