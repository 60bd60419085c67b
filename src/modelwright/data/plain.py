"""Columns of plain numbers, looked at all at once: most hold to the contract, and a few figures show it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import polars as pl
import polars.selectors as cs
from numpy.typing import NDArray

from modelwright.data.column import Column


def sound_numbers(columns: list[Column], frame: pl.DataFrame) -> set[str]:
    """Return the columns of numbers in which no cell is missing, wrong or beyond the range.

    The least and the largest number decide, so a table of many thousand columns takes a few steps.

    Parameters
    ----------
    columns : list of Column
    frame : polars.DataFrame
        Raw rows.
    """
    schema = dict(frame.schema)
    numbers = [each for each in columns if each.kind == "number" and _is_plain(schema.get(each.name))]
    if not numbers or not frame.height:
        return set()
    # Named by position, since a name may look like a pattern to Polars.
    cells = pl.DataFrame([frame[each.name].alias(str(at)) for at, each in enumerate(numbers)])
    whole = np.array(cells.null_count().row(0)) == 0
    for name in (nan := cells.select(cs.float().is_nan().any())).columns:
        whole[int(name)] &= not nan[name].item()
    least, most = _singles(cells.min().row(0)), _singles(cells.max().row(0))
    low = _singles(_limit(each, each.minimum, -np.inf) for each in numbers)
    high = _singles(_limit(each, each.maximum, np.inf) for each in numbers)
    sound = whole & np.isfinite(least) & np.isfinite(most) & (least >= low) & (most <= high)
    return {each.name for each, holds in zip(numbers, sound, strict=True) if holds}


def _is_plain(dtype: pl.DataType | None) -> bool:
    return dtype is not None and (dtype.is_integer() or dtype.is_float())


def _limit(column: Column, stated: float | None, otherwise: float) -> float:
    return otherwise if stated is None or column.role == "time" else stated


def _singles(values: Iterable[Any]) -> NDArray[np.float32]:
    """Return numbers as models see them; one that is not there is NaN."""
    numbers = np.array([np.nan if each is None else float(each) for each in values])
    with np.errstate(over="ignore"):
        return numbers.astype(np.float32)
