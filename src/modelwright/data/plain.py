"""Columns of plain numbers, looked at all at once: most hold to the contract, and a few figures show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import polars.selectors as cs
from numpy.typing import ArrayLike, NDArray

from modelwright.data.column import Column
from modelwright.data.guess import UNIQUE_SHARE, may_be_codes


class Extent(NamedTuple):
    """How far the numbers of a column reach; none is missing, and each fits into a 32-bit float."""

    least: float
    most: float


def extents(frame: pl.DataFrame, names: Iterable[str]) -> dict[str, Extent]:
    """Return the extent of each column of plain numbers in which nothing is missing, infinite or too large.

    All columns are looked at together, so a table of many thousand takes a few steps.

    Parameters
    ----------
    frame : polars.DataFrame
        Raw rows.
    names : iterable of str
        The columns to look at; those that are no plain numbers are passed over.
    """
    schema = dict(frame.schema)
    numbers = [name for name in names if _is_plain(schema.get(name))]
    if not numbers or not frame.height:
        return {}
    # Named by position, since a name may look like a pattern to Polars.
    cells = pl.DataFrame([frame[name].alias(str(at)) for at, name in enumerate(numbers)])
    whole = np.array(cells.null_count().row(0)) == 0
    for name in (nan := cells.select(cs.float().is_nan().any())).columns:
        whole[int(name)] &= not nan[name].item()
    least, most = _numbers(cells.min().row(0)), _numbers(cells.max().row(0))
    whole &= np.isfinite(_singles(least)) & np.isfinite(_singles(most))
    return {name: Extent(float(least[at]), float(most[at])) for at, name in enumerate(numbers) if whole[at]}


def varied(frame: pl.DataFrame, found: Mapping[str, Extent]) -> set[str]:
    """Return the columns that surely are numbers: fractions, or whole numbers that repeat and are no codes.

    Parameters
    ----------
    frame : polars.DataFrame
    found : mapping of str to Extent
        Of the columns to look at.
    """
    names = [name for name, extent in found.items() if extent.least < extent.most]
    if not names:
        return set()
    cells = pl.DataFrame([frame[name].alias(str(at)) for at, name in enumerate(names)])
    fractions = [dtype.is_float() for dtype in cells.dtypes]
    whole = cells.select(cs.integer().n_unique()).row(0, named=True) if not all(fractions) else {}
    return {
        name
        for at, name in enumerate(names)
        if fractions[at] or (not may_be_codes(name) and whole[str(at)] < UNIQUE_SHARE * frame.height)
    }


def sound_numbers(columns: list[Column], frame: pl.DataFrame) -> set[str]:
    """Return the columns of numbers in which no cell is missing, wrong or beyond the range.

    The least and the largest number decide, so a table of many thousand columns takes a few steps.

    Parameters
    ----------
    columns : list of Column
    frame : polars.DataFrame
        Raw rows.
    """
    found = extents(frame, (each.name for each in columns if each.kind == "number"))
    numbers = [each for each in columns if each.name in found]
    least, most = (_singles([getattr(found[each.name], end) for each in numbers]) for end in Extent._fields)
    low = _singles([_limit(each, each.minimum, -np.inf) for each in numbers])
    high = _singles([_limit(each, each.maximum, np.inf) for each in numbers])
    inside = (least >= low) & (most <= high)
    return {each.name for each, holds in zip(numbers, inside, strict=True) if holds}


def _is_plain(dtype: pl.DataType | None) -> bool:
    return dtype is not None and (dtype.is_integer() or dtype.is_float())


def _limit(column: Column, stated: float | None, otherwise: float) -> float:
    return otherwise if stated is None or column.role == "time" else stated


def _numbers(values: Iterable[Any]) -> NDArray[np.float64]:
    """Return numbers; one that is not there is NaN."""
    return np.array([np.nan if each is None else float(each) for each in values])


def _singles(numbers: ArrayLike) -> NDArray[np.float32]:
    """Return numbers as models see them."""
    with np.errstate(over="ignore"):
        return np.asarray(numbers, dtype=np.float64).astype(np.float32)
