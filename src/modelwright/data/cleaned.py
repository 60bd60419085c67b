"""A raw table, cleaned as the contract's steps say, for people and other tools."""

from __future__ import annotations

import polars as pl

from modelwright.data.conforming import kind_of, rows_to_learn_from
from modelwright.data.contract import Contract


def cleaned_table(contract: Contract, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that are learned from, with every value cleaned.

    Parameters
    ----------
    contract : Contract
    frame : polars.DataFrame
        Raw rows, the target included.

    Returns
    -------
    polars.DataFrame
        Columns that have steps are of the types of their kinds, but for those of which some value is not what
        it must be, which stay as they were written; columns that are left out as constant are not there.
    """
    rows = frame[rows_to_learn_from(contract, frame)]
    constant = {name for step in contract.cleaning if step.step == "constant" for name in step.columns}
    by_name = {column.name: column for column in contract.columns}
    made = []
    for name in rows.columns:
        if name in constant:
            continue
        values = rows[name]
        if name in contract.cleaners:
            found, wrong = kind_of(contract, by_name[name]).series(values)
            if wrong.any():
                found = contract.cleaners[name].series(values)
            elif by_name[name].kind == "time":
                found = (found * 1_000_000).cast(pl.Datetime("us", "UTC"))
            values = found.alias(name)
        made.append(values)
    return pl.DataFrame(made)
