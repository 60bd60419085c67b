"""The contract follows the brief's cleaning: what a switched step makes of a column is looked at anew."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from modelwright.data.column import Column
from modelwright.data.conforming import kind_of
from modelwright.data.contract import Contract
from modelwright.data.guess import guess
from modelwright.data.inference import infer_column
from modelwright.problem import VALUE_STEPS, CleaningStep

_MAKES = {"number": "number", "unit": "number", "date": "time"}
_EMPTIES = ("missing", "impossible")
_SEEN_IN_VALUES = (
    "kind", "role", "missing", "missing_share", "minimum", "maximum", "infinite", "categories",
    "unseen_share", "format",
)  # fmt: skip


def at_odds(contract: Contract, steps: Iterable[CleaningStep]) -> list[str]:
    """Return the features whose contract may not be what the steps that are on and off now make of them.

    Parameters
    ----------
    contract : Contract
        As the project has it, with the brief's cleaning.
    steps : iterable of CleaningStep
        All that the brief declares.
    """
    declared = _by_column(steps)
    return [
        column.name
        for column in contract.features
        if column.name in declared and _is_at_odds(column, declared[column.name])
    ]


def follow_cleaning(contract: Contract, steps: Iterable[CleaningStep], frame: pl.DataFrame) -> Contract:
    """Return the contract as the steps that are switched on and off now make it.

    ``contract.toml`` was inferred after the steps that were on then. A person switches others on and off in
    the brief. So for each feature that is at odds with them, this is made good: a kind that a step makes or
    no longer makes is inferred anew; categories that a step no longer joins are added; and where a step makes
    values missing, missing is accepted. All else stays as a person left it.

    Parameters
    ----------
    contract : Contract
        As the project has it, with the brief's cleaning.
    steps : iterable of CleaningStep
        All that the brief declares.
    frame : polars.DataFrame
        Raw rows; of the columns, at least those of `at_odds` that there are.
    """
    steps = tuple(steps)
    names = {name for name in at_odds(contract, steps) if name in frame.columns}
    declared = _by_column(steps)
    return contract.with_columns(
        _followed(contract, column, declared[column.name], frame[column.name])
        if column.name in names
        else column
        for column in contract.columns
    )


def _by_column(steps: Iterable[CleaningStep]) -> dict[str, list[CleaningStep]]:
    declared: dict[str, list[CleaningStep]] = {}
    for step in steps:
        for name in step.columns if step.step in VALUE_STEPS else ():
            declared.setdefault(name, []).append(step)
    return declared


def _is_at_odds(column: Column, steps: list[CleaningStep]) -> bool:
    made = {_MAKES[step.step] for step in steps if step.enabled and step.step in _MAKES}
    unmade = {_MAKES[step.step] for step in steps if not step.enabled and step.step in _MAKES} - made
    if column.kind in unmade or (made and column.kind not in made):
        return True
    if column.missing == "refuse" and any(step.enabled and step.step in _EMPTIES for step in steps):
        return True
    apart = (text for step in steps if not step.enabled for text in (*step.replace, *step.values))
    return column.kind == "category" and not set(apart) <= set(column.categories)


def _followed(contract: Contract, column: Column, steps: list[CleaningStep], raw: pl.Series) -> Column:
    cleaner = contract.cleaners.get(column.name)
    cleaned = raw if cleaner is None else cleaner.series(raw)
    wanted = {_MAKES.get(step.step) for step in steps if step.enabled} - {None}
    dropped = {_MAKES.get(step.step) for step in steps if not step.enabled} - {None}
    unread = column.kind in dropped - wanted and bool(kind_of(contract, column).series(raw).wrong.any())
    if unread or (wanted and column.kind not in wanted):
        markers = contract.markers(column.name)
        found = guess(cleaned, markers)
        anew = infer_column(cleaned, found, column.role, markers, protected=column.protected)
        return column.model_copy(update={key: getattr(anew, key) for key in _SEEN_IN_VALUES})
    changed: dict[str, Any] = {}
    values = kind_of(contract, column).series(raw).values
    if column.kind == "category" and not all(step.enabled for step in steps):
        known = set(column.categories)
        back = [text for step in steps if not step.enabled for text in (*step.replace, *step.values)]
        there = set(values.drop_nulls().unique().to_list())
        changed["categories"] = (*column.categories, *(text for text in back if text in there - known))
    emptied = values.null_count() > raw.null_count()
    if column.missing == "refuse" and emptied and any(step.enabled for step in steps):
        changed |= {"missing": "accept", "missing_share": values.null_count() / max(len(values), 1)}
    return column.model_copy(update=changed) if changed else column
