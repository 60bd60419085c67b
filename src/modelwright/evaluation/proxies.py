"""Features that stand for a protected column."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.grouping import group_rows

STRONG = 0.3
"""Of Cramér's V: what Cohen (1988) calls a medium association."""
_PARTS = 10
_MOST_LEVELS = 50


class Proxy(BaseModel):
    """How much one feature says about a protected column.

    Attributes
    ----------
    column : str
        The protected column.
    feature : str
    strength : float
        Bias-corrected Cramér's V of the two, numbers in tenths: 0 where the feature says nothing about the
        column, 1 where it gives it away (Bergsma 2013, "A bias-correction for Cramér's V and Tschuprow's T").
    strong : bool
        Whether it is at least 0.3.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    feature: str
    strength: float
    strong: bool


def find_proxies(frame: pl.DataFrame, protected: pl.DataFrame, *, most: int = 5) -> tuple[Proxy, ...]:
    """Say which features stand for the protected columns.

    A model can treat groups differently without seeing the protected column, by what stands for it.

    Parameters
    ----------
    frame : polars.DataFrame of n rows
        The features, as `modelwright.data.conform` returns them.
    protected : polars.DataFrame of n rows
        The protected columns, as they came.
    most : int, default 5
        Features shown for each protected column; those that are strong are always shown.

    Returns
    -------
    tuple of Proxy
        The strongest first, for each protected column.
    """
    features = {name: _codes(frame[name]) for name in frame.columns if name not in protected.columns}
    found: list[Proxy] = []
    for column in protected.iter_columns():
        groups = _group_codes(column)
        if groups.max() == 0:
            continue
        rated = sorted(
            ((corrected_cramer(codes, groups), name) for name, codes in features.items()), reverse=True
        )
        found += [
            Proxy(column=column.name, feature=name, strength=strength, strong=strength >= STRONG)
            for place, (strength, name) in enumerate(rated)
            if place < most or strength >= STRONG
        ]
    return tuple(found)


def corrected_cramer(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    """Return the bias-corrected Cramér's V of two columns of codes from 0."""
    n, shape = len(first), (int(first.max()) + 1, int(second.max()) + 1)
    table = np.bincount(first * shape[1] + second, minlength=shape[0] * shape[1]).reshape(shape).astype(float)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    rows, columns = table.shape
    if min(rows, columns) < 2 or n < 2:
        return 0.0
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    phi = ((table - expected) ** 2 / expected).sum() / n
    phi = max(0.0, phi - (rows - 1) * (columns - 1) / (n - 1))
    corrected = min(rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)) - 1
    return float(min(1.0, np.sqrt(phi / corrected))) if corrected > 0 else 0.0


def _group_codes(column: pl.Series) -> NDArray[np.int64]:
    codes = np.zeros(len(column), dtype=np.int64)
    for code, (_, rows) in enumerate(group_rows(column)):
        codes[rows] = code
    return codes


def _codes(column: pl.Series) -> NDArray[np.int64]:
    """Return tenths of numbers, or the most frequent levels; missing values are a code of their own."""
    if column.dtype == pl.String:
        levels = column.drop_nulls().value_counts(sort=True)[column.name].head(_MOST_LEVELS)
        known = column.cast(pl.Enum(levels), strict=False).to_physical().cast(pl.Int64)
        rest = pl.select(pl.when(column.is_null()).then(len(levels) + 1).otherwise(len(levels))).to_series()
        return np.asarray(known.zip_with(known.is_not_null(), rest.cast(pl.Int64)), dtype=np.int64)
    values = column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    finite = np.isfinite(values)
    if not finite.any():
        return np.zeros(len(values), dtype=np.int64)
    edges = np.unique(np.quantile(values[finite], np.arange(1, _PARTS) / _PARTS))
    parts = np.searchsorted(edges, values, side="right")
    return np.where(finite, parts, len(edges) + 1).astype(np.int64)
