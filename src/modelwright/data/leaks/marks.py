"""A column that says something only where the outcome is known: filled in, counted or flagged afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.data.leaks.measures import explained, least_share, most_share
from modelwright.data.leaks.names import names_the_target, support
from modelwright.data.leaks.result import Leak
from modelwright.data.leaks.table import Feature, Table

LEVEL = 0.01
"""Of wrong accusations over all columns and classes together."""
PURE = 0.8
FEWEST_MARKED = 15
USUAL = 0.7
MOSTLY = 0.5
LIFT = 3.0
NAMED_SHARE = 0.35
SAID_BY_PRESENCE = 0.5
MISSED = 0.1
MISSED_OFTEN = 0.02
OFTEN = 0.2
COVERED = 0.4

ADVICE = (
    "Ask when it is filled in. If only after the outcome, leave it out (columns.ignore in modelwright.toml)."
)


@dataclass(frozen=True)
class _Cell:
    """One outcome among marked and unmarked rows; `inside` and `outside` are its shares there."""

    outcome: NDArray[np.bool_]
    base: float
    inside: float
    outside: float
    marked: int
    least: float
    most_outside: float


def filled_afterwards(table: Table) -> Iterator[Leak]:
    """MW-L004: whether a column is filled in, or is not at its "nothing", gives the outcome away.

    **How**: rows are marked where the column is not missing, zero, false or none (or where it is, should
    these be the fewer). Found where all marked rows but a few have one outcome (the lower confidence limit
    of the share is at least 80 %, and the exceptions are ten times rarer than among all rows); or most
    marked rows have an outcome that hardly any other row has; or the mark alone says half of the target.
    The error of 1 % is shared among all columns and classes (Bonferroni). Where the name speaks of what
    comes afterwards, or is the target's own, a three times higher share that is at least 35 % is enough.

    **Why**: such columns are written when the outcome is known: a date of the claim, a reason of leaving, a
    flag of the kind of failure.

    **What to do**: find out when it is filled in.
    """
    outcomes = _outcomes(table)
    tests = max(len(table.tested) * len(outcomes), 1)
    for feature in table.tested.values():
        if feature.nothing is None:
            continue
        found = [_judge(table, feature, outcome, tests) for outcome in outcomes]
        strongest = max(
            (each for each in found if each is not None), key=lambda one: one.strength, default=None
        )
        if strongest is not None:
            yield strongest


def _outcomes(table: Table) -> list[NDArray[np.bool_]]:
    if table.is_regression:
        # Many values with a heap at one of them: whether a value is on the heap is an outcome too.
        values, rows = np.unique(table.y, return_counts=True)
        heap = values[rows.argmax()]
        return [table.y != heap] if 0.3 <= rows.max() / len(table.y) <= 0.99 else []
    if table.n_classes == 2:
        return [table.y == 1, table.y == 0]
    present = np.flatnonzero(np.bincount(table.y, minlength=table.n_classes) >= FEWEST_MARKED)
    usual = int(np.bincount(table.y).argmax())
    return [table.y == code for code in present[:20]] + [table.y != usual]


def _judge(table: Table, feature: Feature, outcome: NDArray[np.bool_], tests: int) -> Leak | None:
    nothing = feature.nothing if feature.nothing is not None else feature.missing
    best = None
    for marked, what in ((~nothing, "filled in"), (nothing, "left at nothing")):
        cell = _cell(outcome, marked, LEVEL / (2 * tests))
        if cell is None or (what == "left at nothing" and not _matters(feature, cell)):
            continue
        found = _accuse(table, feature, cell, marked, what)
        if found is not None and (best is None or found.strength > best.strength):
            best = found
    return best


def _matters(feature: Feature, cell: _Cell) -> bool:
    """Whether a zero has a good part of the outcome: honest scales begin at zero too."""
    return bool(feature.missing.any()) or cell.marked * cell.inside >= COVERED * cell.outcome.sum()


def _cell(outcome: NDArray[np.bool_], marked: NDArray[np.bool_], error: float) -> _Cell | None:
    n, hits = int(marked.sum()), int((outcome & marked).sum())
    rest = len(marked) - n
    if n < FEWEST_MARKED or not rest:
        return None
    outside = int((outcome & ~marked).sum())
    return _Cell(
        outcome=outcome,
        base=float(outcome.mean()),
        inside=hits / n,
        outside=outside / rest,
        marked=n,
        least=least_share(hits, n, error),
        most_outside=most_share(outside, rest, error),
    )


def _accuse(table: Table, feature: Feature, cell: _Cell, marked: NDArray[np.bool_], what: str) -> Leak | None:
    strength = max(_pure(feature, cell), _parted(cell), _named(table, feature, cell))
    if not strength and table.n_classes == 2:
        said = explained(marked.astype(np.int64), table.y, table.n_classes, table.half)
        strength = 0.8 if said >= SAID_BY_PRESENCE else 0.0
    if not strength:
        return None
    words = (
        f"where it is {what} ({cell.marked:,} rows), {cell.inside:.1%} of the rows have one outcome; "
        f"elsewhere {cell.outside:.2%} have it"
    )
    figures = {"marked": cell.marked, "share_inside": cell.inside, "share_outside": cell.outside}
    return Leak("MW-L004", (feature.name,), strength, "filled afterwards", words, ADVICE, figures)


def _pure(feature: Feature, cell: _Cell) -> float:
    """All marked rows but a few have the outcome; of a flag often set, hardly any has another."""
    often = cell.marked > OFTEN * len(cell.outcome) and not feature.missing.any()
    missed = MISSED_OFTEN if often else MISSED
    if cell.base > USUAL or cell.least < PURE or (1 - cell.inside) > (1 - cell.base) * missed:
        return 0.0
    covered = cell.marked * cell.inside / max(cell.base * len(cell.outcome), 1)
    return 0.7 + 0.25 * min(covered, 1.0)


def _parted(cell: _Cell) -> float:
    """Most marked rows have the outcome, and hardly any other row has."""
    much = cell.least >= max(MOSTLY, min(LIFT * cell.base, 0.9))
    return 0.9 if much and cell.most_outside <= cell.base / 15 else 0.0


def _named(table: Table, feature: Feature, cell: _Cell) -> float:
    named = support(feature.name) or names_the_target(feature.name, table.contract.target.name) == "whole"
    lifted = cell.base <= 1 / LIFT and cell.least >= max(NAMED_SHARE, LIFT * cell.base)
    return 0.6 if named and lifted else 0.0
