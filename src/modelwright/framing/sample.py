"""Which rows framing looks at: enough to answer, few enough for a few seconds."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data import Contract

_CELLS = 250_000
_FEWEST_ROWS, _MOST_ROWS = 2_000, 8_000
_ROWS_OF_THE_RAREST = 60
_MOST_ROWS_FOR_THE_RAREST = 20_000


def rows_to_look_at(
    frame: pl.DataFrame, contract: Contract, y: NDArray[np.generic], *, by_group: bool, seed: int
) -> NDArray[np.int64]:
    """Choose the rows.

    Parameters
    ----------
    frame : polars.DataFrame of n rows
        Raw rows, all with a target.
    contract : Contract
        Says which columns are features and which is the group.
    y : ndarray of shape (n,)
        Class codes, or values.
    by_group : bool
        Whether to take whole groups.
    seed : int
        Seed of the choice.

    Returns
    -------
    ndarray of int
        Ascending positions: at most 8,000 rows, fewer where there are many columns (but 2,000), and more
        where a rare label would be seen less than 60 times (but 20,000).
    """
    allowed = int(np.clip(_CELLS // max(len(contract.features), 1), _FEWEST_ROWS, _MOST_ROWS))
    if contract.classes and len(y):
        rarest = max(int(np.unique(y, return_counts=True)[1].min()), 1)
        wanted = min(_MOST_ROWS_FOR_THE_RAREST, _ROWS_OF_THE_RAREST * len(y) // rarest)
        allowed = max(allowed, wanted)
    if len(y) <= allowed:
        return np.arange(len(y))
    rng = np.random.default_rng(seed)
    column = contract.with_role("group")
    if not by_group or column is None:
        return np.sort(rng.permutation(len(y))[:allowed])
    group = frame[column.name].cast(pl.String).fill_null("").rank("dense").to_numpy().astype(np.int64) - 1
    place = rng.permutation(group.max() + 1)[group]
    order = np.argsort(place, kind="stable")
    return np.sort(order[: _end_of_group(place[order], allowed)])


def _end_of_group(places: NDArray[np.int64], allowed: int) -> int:
    """Return where the last group ends that is wholly among the allowed rows, but at least the second."""
    ends = np.append(np.flatnonzero(np.diff(places)) + 1, len(places))
    return int(max(ends[ends <= allowed].max(initial=0), ends[min(1, len(ends) - 1)]))
