"""The audit: every test in its order, and what they found put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import polars as pl

from modelwright.data.contract import Contract
from modelwright.data.leaks.copies import copies
from modelwright.data.leaks.families import families
from modelwright.data.leaks.future import later_dates, later_values
from modelwright.data.leaks.identity import copied_rows, groups, identifiers, row_order
from modelwright.data.leaks.marks import filled_afterwards
from modelwright.data.leaks.parts import flags_and_comparisons, sums_and_products
from modelwright.data.leaks.result import Audit, Leak
from modelwright.data.leaks.scores import model_scores
from modelwright.data.leaks.table import Table
from modelwright.data.leaks.too_good import named_afterwards, too_good
from modelwright.problem import stated_reason

Test = Callable[[Table], Iterator[Leak]]
"""One test: a function that looks at the table and yields what it finds, the column's own way of leaking."""

TESTS: tuple[Test, ...] = (
    later_values,
    copies,
    sums_and_products,
    filled_afterwards,
    flags_and_comparisons,
    identifiers,
    later_dates,
    too_good,
    model_scores,
    named_afterwards,
    families,
    row_order,
    copied_rows,
    groups,
)
"""In this order: what is known to be of the past is found first, families last of those that accuse
columns."""
_INFORM_ONLY = {"MW-L008", "MW-L009", "MW-L013"}


def audit(frame: pl.DataFrame, contract: Contract, *, passed_over: Sequence[str] = ()) -> Audit:
    """Say which columns or rows give the answer away.

    Parameters
    ----------
    frame : polars.DataFrame
        Raw rows, the target included; rows without a target are passed over.
    contract : Contract
        What the columns are; names target, time and group.
    passed_over : sequence of str
        Columns that a person has decided not to learn from; they are not tested.

    Returns
    -------
    Audit
        Of more than 50,000 rows a sample is looked at, always the same.
    """
    table = Table(frame, contract, tuple(passed_over))
    found: list[Leak] = []
    for test in TESTS:
        for leak in test(table):
            found.append(replace(leak, why=stated_reason(test), strength=round(leak.strength, 3)))
            if leak.accuses:
                table.accused |= dict.fromkeys(leak.columns, leak.strength)
            if leak.code == "MW-L001":
                table.copies |= set(leak.columns)
    kept = _told_once(found)
    rows = "all rows" if len(table.y) == len(table.whole) else f"a sample of {len(table.y):,} rows"
    return Audit(
        target=contract.target.name,
        rows=len(table.whole),
        rows_looked_at=len(table.y),
        columns=len(table.features),
        clean=not any(leak.accuses for leak in kept),
        findings=tuple(kept),
        how=f"{len(TESTS)} tests on {len(table.features)} columns and {rows} with a target.",
    )


def _told_once(found: list[Leak]) -> list[Leak]:
    """Keep what is the strongest finding about at least one column; the strongest first."""
    kept: list[Leak] = []
    told: set[str] = set()
    for leak in sorted(found, key=lambda one: (-one.strength, one.code)):
        if leak.code not in _INFORM_ONLY:
            if set(leak.columns) <= told:
                continue
            told |= set(leak.columns)
        elif leak.columns and set(leak.columns) <= told:
            continue
        kept.append(leak)
    return kept
