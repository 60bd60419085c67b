"""Which rows form the groups of a column."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

_MOST_LEVELS = 12
_MOST_DISTINCT_NUMBERS = 6
_PARTS = 4
_FEWEST_ROWS = 30

Group = tuple[str, NDArray[np.int64]]


def group_rows(column: pl.Series) -> list[Group]:
    """Divide rows into the groups of a column.

    Parameters
    ----------
    column : polars.Series
        Categories, booleans or numbers.

    Returns
    -------
    list of (name, rows)
        Categories, the most frequent first, where those beyond the twelfth or of fewer than 30 rows are
        taken together and not named, since so few people could be recognised; numbers of more than six
        distinct values in four ranges of about equally many rows. Missing values come last.
    """
    missing = np.flatnonzero(column.is_null().to_numpy())
    many_numbers = column.dtype.is_numeric() and column.drop_nulls().n_unique() > _MOST_DISTINCT_NUMBERS
    groups = _ranges(column) if many_numbers else _levels(column)
    return [*groups, ("(missing)", missing)] if len(missing) else groups


def crossed(protected: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of protected columns as columns: the groups of both at once.

    Parameters
    ----------
    protected : polars.DataFrame
        The protected columns.

    Returns
    -------
    polars.DataFrame
        A column ``A & B`` for each pair, with values such as ``Female & under 30``.
    """
    named = {column.name: _names(column) for column in protected.iter_columns()}
    pairs = combinations(named, 2)
    return pl.DataFrame({f"{a} & {b}": named[a] + " & " + named[b] for a, b in pairs})


def _names(column: pl.Series) -> pl.Series:
    """Return the name of the group of each row."""
    names = np.empty(len(column), dtype=object)
    for name, rows in group_rows(column):
        names[rows] = name
    return pl.Series(column.name, names.tolist(), dtype=pl.String)


def _ranges(column: pl.Series) -> list[Group]:
    values = column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    quantiles = np.nanquantile(values, np.arange(1, _PARTS) / _PARTS, method="higher")
    edges = np.unique(quantiles[quantiles > np.nanmin(values)])
    part = np.where(np.isnan(values), -1, np.searchsorted(edges, values, side="right"))
    return [(name, np.flatnonzero(part == code)) for code, name in enumerate(_range_names(edges))]


def _range_names(edges: NDArray[np.float64]) -> list[str]:
    written = [f"{edge:.6g}" for edge in edges]
    between = [f"{low} to under {high}" for low, high in pairwise(written)]
    return [f"under {written[0]}", *between, f"{written[-1]} and over"] if written else ["all"]


def _levels(column: pl.Series) -> list[Group]:
    named = column.drop_nulls().unique(maintain_order=True).sort()
    texts = column.to_numpy() if column.dtype.is_numeric() else column.cast(pl.String).to_numpy()
    levels = named.to_numpy() if column.dtype.is_numeric() else named.cast(pl.String).to_numpy()
    groups = [(_level_name(column, level), np.flatnonzero(texts == level)) for level in levels]
    groups.sort(key=lambda group: -len(group[1]))
    shown = [group for group in groups[:_MOST_LEVELS] if len(group[1]) >= _FEWEST_ROWS]
    rest = [group for group in groups if all(group[0] != kept[0] for kept in shown)]
    if not rest:
        return shown
    together = np.sort(np.concatenate([rows for _, rows in rest]))
    return [*shown, ("(other)", together)]


def _level_name(column: pl.Series, level: object) -> str:
    return f"{level:.6g}" if column.dtype.is_numeric() else str(level)
