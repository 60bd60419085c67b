"""The background: rows that nobody is, against which a row is held."""

from __future__ import annotations

import numpy as np
import polars as pl

from modelwright.data import Contract

ROWS = 16

_FEWEST_ALIKE = 5
_MOST_DISTINCT = 50
_DAY = 86_400


def draw_background(
    frame: pl.DataFrame, contract: Contract, *, rows: int = ROWS, seed: int = 0
) -> pl.DataFrame:
    """Draw rows whose columns are as in a table, each by itself.

    Each column takes values at even steps through its sorted rows, missing values in their share, and these
    are shuffled apart from the other columns: a Latin hypercube of the marginals (McKay, Beckman and Conover
    1979). So no row of the background is a row of the table, and what goes together in the table does not go
    together here.

    Parameters
    ----------
    frame : polars.DataFrame
        Conformed rows.
    contract : Contract
        What the columns are.
    rows : int, default 16
        How many to draw.
    seed : int, default 0
        Seed of the shuffles.

    Returns
    -------
    polars.DataFrame
        Conformed rows. A number or time is a value that at least five rows have, or else the mean of its
        part of the sorted rows; a category is one that at least five rows have, where there is any. A free
        text is missing: what one says is seen against saying nothing.
    """
    rng = np.random.default_rng(seed)
    drawn = [
        pl.repeat(None, rows, dtype=pl.String, eager=True)
        if each.kind == "text"
        else _shuffled(_levels(frame[each.name], rows), rng)
        for each in contract.features
    ]
    return pl.DataFrame(
        [values.alias(each.name) for each, values in zip(contract.features, drawn, strict=True)]
    )


def _shuffled(values: pl.Series, rng: np.random.Generator) -> pl.Series:
    return values.gather(rng.permutation(len(values)))


def _levels(column: pl.Series, rows: int) -> pl.Series:
    """Return a column's values at even steps."""
    common = _common(column)
    if common is not None:
        ordered = common.sort(nulls_last=True)
        steps = ((np.arange(rows) + 0.5) / rows * len(ordered)).astype(np.int64)
        return ordered.gather(steps)
    known = column.drop_nulls().sort()
    present = max(1, round(rows * len(known) / len(column)))
    means = [part.mean() for part in np.array_split(known.to_numpy(), min(present, len(known)))]
    if column.dtype == pl.Int64:
        days = bool((known % _DAY == 0).all())
        means = [int(mean // _DAY) * _DAY if days else int(mean) for mean in means]
    values = [*means, *[None] * (rows - len(means))]
    return pl.Series(column.name, values, dtype=column.dtype)


def _common(column: pl.Series) -> pl.Series | None:
    """Return the rows whose value at least five rows have; None where too many values are not shared."""
    counts = column.value_counts()
    shared = counts.filter(pl.col("count") >= _FEWEST_ALIKE)[column.name]
    kept = column.filter(column.is_in(shared.implode(), nulls_equal=True))
    if column.dtype == pl.String or column.null_count() == len(column):
        return kept if len(kept) else column
    is_step = column.n_unique() <= _MOST_DISTINCT and len(kept) >= 0.9 * len(column)
    return kept if is_step else None
