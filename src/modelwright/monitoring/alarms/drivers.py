"""In which rows a change is concentrated."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.monitoring.alarms.report import Driver

Floats = NDArray[np.float64]

_LEAST = 30  # rows of a group, before and after
_LEVELS = 12
_Z = 4.0
_MOST = 2


def drivers_of(
    rows: pl.DataFrame, figure: Floats, after: NDArray[np.bool_], protected: Collection[str] = ()
) -> tuple[Driver, ...]:
    """Find the groups in which a figure has risen or fallen most, where that is most of the change.

    A group is named where it has at least half of the change, at most half of the rows, and has changed
    otherwise than the other rows by more than four standard errors.

    Parameters
    ----------
    rows : DataFrame
        Columns whose values are groups; those with more than twelve are left out.
    figure : ndarray of shape (n,)
        What has changed: a loss, or whether a value is of the kind that has become more frequent.
    after : ndarray of shape (n,)
        Which rows came after the change.
    protected : collection of str
        Columns whose values are not shown.
    """
    found = []
    overall = _change(figure, after)
    if overall is None or overall[0] == 0:
        return ()
    for name in rows.columns:
        values = rows[name].cast(pl.String)
        if not 2 <= values.n_unique() <= _LEVELS:
            continue
        for value in values.drop_nulls().unique().sort():
            inside = (values == value).fill_null(value=False).to_numpy()
            shared = _share(figure, after, inside)
            if shared is not None:
                shown = None if name in protected else str(value)
                found.append(
                    Driver(
                        column=name, value=shown, share_of_rows=inside[after].mean(), share_of_change=shared
                    )
                )
    return tuple(sorted(found, key=lambda each: each.share_of_rows - each.share_of_change)[:_MOST])


def _share(figure: Floats, after: NDArray[np.bool_], inside: NDArray[np.bool_]) -> float | None:
    """Return the share of the change that a group has, or None where it is no driver."""
    group, rest = _change(figure[inside], after[inside]), _change(figure[~inside], after[~inside])
    overall = _change(figure, after)
    if group is None or rest is None or overall is None:
        return None
    rows = float(inside[after].mean())
    share = rows * group[0] / overall[0]
    differs = abs(group[0] - rest[0]) > _Z * np.hypot(group[1], rest[1])
    return min(share, 1.0) if share >= 0.5 and rows <= 0.5 and differs else None


def _change(figure: Floats, after: NDArray[np.bool_]) -> tuple[float, float] | None:
    new, old = figure[after], figure[~after]
    if min(len(new), len(old)) < _LEAST:
        return None
    error = float(np.sqrt(new.var(ddof=1) / len(new) + old.var(ddof=1) / len(old)))
    return float(new.mean() - old.mean()), error
