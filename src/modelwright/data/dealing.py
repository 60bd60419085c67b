"""Deal units into parts of stated shares, each part with its share of every class."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray


def deal(
    units: NDArray[np.int64], y: NDArray[np.generic] | None, shares: Sequence[float], seed: int
) -> NDArray[np.int64]:
    """Return the part that each row belongs to.

    A unit counts for the rarest class among its rows, so that rare classes are spread most evenly. In each
    class, large units are dealt first, each to the part furthest from its share; equal ones by chance.

    Parameters
    ----------
    units : ndarray of int, shape (n,)
        Rows of one unit, numbered from 0, stay together.
    y : ndarray of int, shape (n,), or None
        Class codes; None to deal without regard to classes.
    shares : sequence of float
        Of the rows, for each part.
    seed : int
    """
    sizes = np.bincount(units)
    strata = _rarest_class(units, y) if y is not None else np.zeros(len(sizes), dtype=np.int64)
    chance = np.random.default_rng(seed).random(len(sizes))
    order = np.lexsort((chance, -sizes, strata))
    part_of = np.empty(len(sizes), dtype=np.int64)
    total = [0.0] * len(shares)
    bounds = np.flatnonzero(np.diff(strata[order], prepend=-1, append=-1))
    for start, stop in pairwise(bounds.tolist()):
        _deal_stratum(order[start:stop], sizes, shares, total, part_of)
    return part_of[units]


def _deal_stratum(
    order: NDArray[np.int64],
    sizes: NDArray[np.int64],
    shares: Sequence[float],
    total: list[float],
    part_of: NDArray[np.int64],
) -> None:
    """Apportion by Webster's method, which favours neither large nor small parts; ties by the whole."""
    load = [0.0] * len(shares)
    parts = range(len(shares))
    for unit, size in zip(order.tolist(), sizes[order].tolist(), strict=True):
        part = min(((load[at] + size / 2) / shares[at], total[at], at) for at in parts)[2]
        part_of[unit] = part
        load[part] += size
        total[part] += size / shares[part]


def _rarest_class(units: NDArray[np.int64], y: NDArray[np.generic]) -> NDArray[np.int64]:
    counts = np.bincount(y.astype(np.int64))
    rank = np.empty(len(counts), dtype=np.int64)
    rank[np.argsort(counts, kind="stable")] = np.arange(len(counts))
    rarest = np.full(units.max(initial=-1) + 1, len(counts), dtype=np.int64)
    np.minimum.at(rarest, units, rank[y.astype(np.int64)])
    return rarest
