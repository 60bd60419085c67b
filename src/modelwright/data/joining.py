"""Join rows that were written in different ways, and keep apart what one side must not know."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.column import Column, Role
from modelwright.data.conforming import kind_of
from modelwright.data.contract import Contract
from modelwright.data.dividing import before
from modelwright.data.split import Split
from modelwright.data.units import times_of, units_of
from modelwright.errors import RowError, RowFault

_TYPED = {"feature", "target", "time", "group", "weight"}
_TOLD_APART_BY = _TYPED - {"weight"}


def typed(contract: Contract, frame: pl.DataFrame, *, forgiven: tuple[Role, ...] = ()) -> pl.DataFrame:
    """Return a raw table with its values in the types of their kinds, however they were written.

    Parameters
    ----------
    contract : Contract
    frame : polars.DataFrame
        Raw rows: from a file, or as JSON brought them.
    forgiven : tuple of Role
        Roles whose columns nobody checked before; their wrong values are taken as missing.

    Returns
    -------
    polars.DataFrame
        Features, target, time, group and weight as Float64 (numbers), Boolean, String (categories) or
        Datetime in UTC (times), null where missing or absent; then the other columns as they were.

    Raises
    ------
    RowError
        If values are not of their column's kind.
    """
    known = [column for column in contract.columns if column.role in _TYPED]
    names = [column.name for column in known]
    return frame.select(
        *(_typed(contract, column, frame, forgiven) for column in known),
        *(frame[name] for name in frame.columns if name not in names),
    )


def learnable(
    frame: pl.DataFrame, contract: Contract, split: Split, vault: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Choose what may be learned from, where the rows of the vault are chosen already.

    Parameters
    ----------
    frame : polars.DataFrame
        Raw rows.
    contract : Contract
    split : Split
    vault : ndarray of int
        Positions of the rows to be judged by.

    Returns
    -------
    ndarray of int
        Positions, ascending: no row of the vault, none of its duplicates, none of its groups where the split
        keeps them apart, and forward in time only what is earlier than all of it, by the split's gap.
    """
    units = units_of(frame, contract, grouped=split.groups_apart)
    apart = ~np.isin(units, units[vault])
    if split.kind == "forward":
        times = times_of(frame, contract)
        apart &= before(times, float(times[vault].min()), split.gap)
    return np.flatnonzero(apart)


def unknown_rows(contract: Contract, known: pl.DataFrame, rows: pl.DataFrame) -> NDArray[np.bool_]:
    """Say which rows are none of those that are known, however they were written.

    Where hardly any row is distinct, as with a few categories only, equal rows are no copies, and all are
    unknown.

    Raises
    ------
    RowError
        If values are not of their column's kind.
    """
    names = [column.name for column in contract.columns if column.role in _TOLD_APART_BY]
    joined = pl.concat([typed(contract, each).select(names) for each in (known, rows)])
    units = units_of(joined, contract, grouped=False)
    return ~np.isin(units[known.height :], units[: known.height])


def _typed(contract: Contract, column: Column, frame: pl.DataFrame, forgiven: tuple[Role, ...]) -> pl.Series:
    absent = pl.Series(column.name, [None] * frame.height, dtype=pl.String)
    # What was written is kept, not its words: a person may want to read it.
    kind = kind_of(
        contract, column.model_copy(update={"kind": "category"}) if column.kind == "text" else column
    )
    values, wrong = kind.series(frame[column.name] if column.name in frame.columns else absent)
    if column.role not in forgiven and wrong.any():
        rows = np.flatnonzero(wrong.to_numpy())
        raise RowError([RowFault(int(row), column.name, f"must be {kind.expected}") for row in rows[:20]])
    if column.kind == "boolean":
        values = values.cast(pl.Boolean)
    elif column.kind == "time":
        values = (values * 1_000_000).cast(pl.Datetime("us", "UTC"))
    return values.alias(column.name)
