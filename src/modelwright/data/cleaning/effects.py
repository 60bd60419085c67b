"""What each declared step changes on a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from modelwright.data.cleaning.cleaner import STEPS, clean
from modelwright.data.cleaning.rows import ROW_CLEANERS
from modelwright.data.label import label_text
from modelwright.problem import CleaningStep

if TYPE_CHECKING:
    from modelwright.data.contract import Contract

SHOWN = 3
SHOWN_CHARACTERS = 40


@dataclass(frozen=True)
class Effect:
    """What one step changes on a table, or would change where it is switched off.

    Attributes
    ----------
    code : str
        Stable code of the step.
    step : str
    columns : tuple of str
    enabled : bool
    changes : int
        How many cells, rows or columns.
    of : {"cells", "rows", "columns"}
        What is counted.
    examples : tuple of str
        A few of the changes; empty for sensitive columns, rows and columns.
    evidence : str
        Why it was declared, as the brief says.
    """

    code: str
    step: str
    columns: tuple[str, ...]
    enabled: bool
    changes: int
    of: str
    examples: tuple[str, ...]
    evidence: str


def effects(frame: pl.DataFrame, steps: tuple[CleaningStep, ...], contract: Contract) -> tuple[Effect, ...]:
    """Say what each declared step changes, given the enabled ones before it.

    Parameters
    ----------
    frame : polars.DataFrame
        Raw rows.
    steps : tuple of CleaningStep
        All that are declared, in their order.
    contract : Contract
        Says which columns are sensitive, and what the target is.
    """
    hidden = {column.name for column in contract.columns if column.is_sensitive}
    found = []
    rows = frame
    for step in steps:
        if step.step in STEPS:
            count, examples = _cells(rows, step, hidden)
            found.append(_effect(step, count, "cells", examples))
            rows = clean(rows, [step])
        elif step.step == "constant":
            found.append(_effect(step, sum(name in rows.columns for name in step.columns), "columns"))
        else:
            kept = _kept(rows, step, contract)
            found.append(_effect(step, int((~kept).sum()), "rows"))
            rows = rows.filter(kept) if step.enabled else rows
    return tuple(found)


def _effect(step: CleaningStep, changes: int, of: str, examples: tuple[str, ...] = ()) -> Effect:
    return Effect(step.code, step.step, step.columns, step.enabled, changes, of, examples, step.evidence)


def _cells(rows: pl.DataFrame, step: CleaningStep, hidden: set[str]) -> tuple[int, tuple[str, ...]]:
    count, examples = 0, []
    for name in step.columns:
        if name not in rows.columns:
            continue
        before = rows[name]
        if before.dtype in (pl.Categorical, pl.Enum):
            before = before.cast(pl.String)
        after = STEPS[step.step](step).series(before)
        changed = before.ne_missing(after)
        count += int(changed.sum())
        if name not in hidden:
            pairs = pl.DataFrame({"before": before, "after": after}).filter(changed)
            distinct = pairs.unique(maintain_order=True).head(SHOWN)
            examples += [f"{_shown(old)} → {_shown(new, step)}" for old, new in distinct.iter_rows()]
    return count, tuple(dict.fromkeys(examples))[:SHOWN]


def _shown(value: object, step: CleaningStep | None = None) -> str:
    if value is None:
        return "missing"
    text = label_text(value)
    # A power of nought only keeps a number from being read in another way.
    text = text.removesuffix("e0") if step and step.thousands == "." else text
    return f"'{text[:SHOWN_CHARACTERS]}'"


def _kept(rows: pl.DataFrame, step: CleaningStep, contract: Contract) -> pl.Series:
    from modelwright.data.conforming import kind_of

    target = contract.target
    if step.step == "no_target":
        values, wrong = kind_of(contract, target).series(rows[target.name])
        return values.is_not_null() | wrong
    return ROW_CLEANERS[step.step](step).kept(rows)
