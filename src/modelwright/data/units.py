"""What rows are to each other: groups and exact duplicates, the order of time, and how much each counts."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.cleaning import LEAST_DISTINCT, clean
from modelwright.data.conforming import kind_of
from modelwright.data.contract import Contract
from modelwright.errors import DataError


def times_of(frame: pl.DataFrame, contract: Contract) -> NDArray[np.float64]:
    """Return when each row was known, as a number to compare; the earliest where that is missing."""
    column = contract.with_role("time")
    if column is None:
        raise ValueError("the contract has no column of the role 'time'")
    values = kind_of(contract, column).series(frame[column.name]).values
    return values.cast(pl.Float64).fill_null(float("-inf")).to_numpy()


def groups_of(frame: pl.DataFrame, contract: Contract) -> NDArray[np.int64]:
    """Return the number of each row's group; a row without one is a group of its own."""
    column = contract.with_role("group")
    if column is None:
        raise ValueError("the contract has no column of the role 'group'")
    values = kind_of(contract, column).series(frame[column.name]).values
    codes = values.cast(pl.Categorical).to_physical().cast(pl.Int64)
    alone = codes.is_null().to_numpy()
    numbers = codes.fill_null(-1).to_numpy(writable=True)
    numbers[alone] = numbers.max(initial=-1) + 1 + np.arange(alone.sum())
    return _numbered(numbers)


def weights_of(frame: pl.DataFrame, contract: Contract) -> NDArray[np.float64] | None:
    """Return how much each row counts, with a mean of 1; None where no column has the role 'weight'.

    Raises
    ------
    DataError
        If a row has no weight, or one that is not above zero.
    """
    column = contract.with_role("weight")
    if column is None or not frame.height:
        return None
    if column.name not in frame.columns:
        raise DataError(f"the column '{column.name}', the weight of each row, is not in the data")
    values = kind_of(contract, column).series(frame[column.name]).values
    weights = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    if not (weights > 0).all():
        unusable = np.flatnonzero(~(weights > 0))
        raise DataError(
            f"{len(unusable)} of {len(weights)} rows have no weight above 0 in '{column.name}' (the first is "
            f"row {unusable[0]}, counted from 0 among those with a target); give each row a positive "
            "number, or leave such rows out at the source"
        )
    return np.asarray(weights / weights.mean(), dtype=np.float64)


def duplicates_of(frame: pl.DataFrame, contract: Contract) -> NDArray[np.int64]:
    """Return one number for all rows that say the same in every column but id, weight and ignored ones.

    Where hardly any row is distinct, as with a few categories only, each row has its own number: such repeats
    are what the model will meet, and keeping them together would judge it by combinations never seen.
    """
    compared = [each.name for each in contract.columns if each.role not in {"id", "weight", "ignore"}]
    numbers = _numbered(clean(frame.select(compared), contract.cleaning).hash_rows().to_numpy())
    few = numbers.max(initial=0) + 1 < LEAST_DISTINCT * len(numbers)
    return np.arange(len(numbers)) if few else numbers


def units_of(frame: pl.DataFrame, contract: Contract, *, grouped: bool) -> NDArray[np.int64]:
    """Return the number of what each row must stay with: its group, or else its duplicates."""
    return groups_of(frame, contract) if grouped else duplicates_of(frame, contract)


def _numbered(values: NDArray[np.generic]) -> NDArray[np.int64]:
    """Give equal values one number, from 0 in the order of their first appearance."""
    _, first, inverse = np.unique(values, return_index=True, return_inverse=True)
    place = np.empty(len(first), dtype=np.int64)
    place[np.argsort(first)] = np.arange(len(first))
    return place[inverse]
