"""What production has taught: labelled predictions become rows to learn from, and rows to judge by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright import data
from modelwright.data import Contract
from modelwright.lifecycle.judging import FEWEST_NEW_ROWS
from modelwright.problem import Brief, SplitSection
from modelwright.store import Operations

JUDGING_SHARE = 0.5
FEWEST_OF_A_CLASS = 5
LEAST_LEARNT = 0.5
UNCHECKED: tuple[Literal["time", "group"], ...] = ("time", "group")
"""Roles of columns that a request may have, but that the server passes over."""


@dataclass(frozen=True)
class Harvest:
    """Old and new rows.

    Attributes
    ----------
    rows : polars.DataFrame
        The source's rows, then the labelled observations, oldest first.
    judging : ndarray of int or None
        Positions of the newest labelled observations, which neither model may learn from; None where there
        are too few of them.
    labelled : int
        How many observations have a label.
    """

    rows: pl.DataFrame
    judging: NDArray[np.int64] | None
    labelled: int


def harvest(brief: Brief, contract: Contract, source: pl.DataFrame, operations: Operations) -> Harvest:
    """Join the source's rows with what production has taught since.

    Raises
    ------
    RowError
        If a row of either has a value that is not of its column's kind.
    """
    observed = operations.observations(labelled=True)
    if observed.is_empty():
        return Harvest(source, None, 0)
    new = observed["row"].struct.unnest().with_columns(observed["label"].alias(brief.problem.target))
    new = _dated(new, observed["at"], contract, source)
    shared = [name for name in new.columns if name in source.columns and not new[name].dtype.is_nested()]
    old, new = data.typed(contract, source), data.typed(contract, new.select(shared), forgiven=UNCHECKED)
    as_before = pl.Schema({name: dtype for name, dtype in old.schema.items() if name in new.columns})
    rows = pl.concat([old, new.cast(as_before, strict=False)], how="diagonal")
    return Harvest(rows, _judging(rows, len(new), contract, brief.split), len(new))


def _dated(new: pl.DataFrame, at: pl.Series, contract: Contract, source: pl.DataFrame) -> pl.DataFrame:
    """Date the rows that did not say when by the moment of their prediction, and put them in order.

    Where time is a plain number, they come one after the other, after all that was known before.
    """
    column = contract.with_role("time")
    if column is None:
        return new
    known = data.typed(contract, source)[column.name]
    moment = at if column.kind == "time" else pl.int_range(1, len(at) + 1, eager=True) + known.max()
    stated = data.typed(contract, new, forgiven=UNCHECKED)[column.name]
    when = stated.zip_with(stated.is_not_null(), moment.cast(stated.dtype)).alias(column.name)
    return new.with_columns(when).sort(column.name, maintain_order=True)


def _judging(
    rows: pl.DataFrame, n_new: int, contract: Contract, stated: SplitSection
) -> NDArray[np.int64] | None:
    """Choose the newest labelled observations, where they are enough and leave enough to learn from."""
    n = int(n_new * JUDGING_SHARE)
    if n < FEWEST_NEW_ROWS:
        return None
    judging = np.arange(len(rows) - n, len(rows))
    if contract.classes:
        counts = rows[judging][contract.target.name].value_counts()["count"]
        if (counts >= FEWEST_OF_A_CLASS).sum() < 2:
            return None
    split = data.propose_split(rows, contract, stated)
    learnt = data.learnable(rows, contract, split, judging)
    return judging if len(learnt) >= LEAST_LEARNT * (len(rows) - n) else None
