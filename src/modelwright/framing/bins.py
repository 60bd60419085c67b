"""Columns of any kind as a few bins."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray


def bin_codes(column: pl.Series, most: int = 8) -> NDArray[np.int64]:
    """Cut a conformed column into bins.

    Parameters
    ----------
    column : polars.Series
        Numbers, times or texts; null is missing.
    most : int, default 8
        Ranges of about equally many rows for numbers and times; for texts the most frequent, and one bin
        for the others. Missing values have a bin of their own.

    Returns
    -------
    ndarray of int64
        The bin of each row, from 0, each of which occurs.
    """
    if column.dtype == pl.String:
        frequent = column.drop_nulls().value_counts(sort=True)[column.name][:most]
        codes = column.replace_strict(
            frequent, pl.Series(range(len(frequent)), dtype=pl.Int64), default=most, return_dtype=pl.Int64
        )
        code = codes.to_numpy().copy()
    else:
        values = column.cast(pl.Float64).fill_null(np.nan).to_numpy()
        known = values[~np.isnan(values)]
        edges = np.unique(np.quantile(known, np.arange(1, most) / most)) if len(known) else np.empty(0)
        code = np.searchsorted(edges, values, side="left")
    code[column.is_null().to_numpy()] = most + 1
    return np.unique(code, return_inverse=True)[1].astype(np.int64)
