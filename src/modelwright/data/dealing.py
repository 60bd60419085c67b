"""Deal units into parts of stated shares, each part with its share of every class."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heapreplace
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
    heap = [(0.0, total[part], part) for part in range(len(shares))]
    heapify(heap)
    for unit, size in zip(order.tolist(), sizes[order].tolist(), strict=True):
        load, filled, part = heap[0]
        part_of[unit] = part
        more = size / shares[part]
        heapreplace(heap, (load + more, filled + more, part))
    for _, filled, part in heap:
        total[part] = filled


def _rarest_class(units: NDArray[np.int64], y: NDArray[np.generic]) -> NDArray[np.int64]:
    counts = np.bincount(y.astype(np.int64))
    rank = np.empty(len(counts), dtype=np.int64)
    rank[np.argsort(counts, kind="stable")] = np.arange(len(counts))
    rarest = np.full(units.max(initial=-1) + 1, len(counts), dtype=np.int64)
    np.minimum.at(rarest, units, rank[y.astype(np.int64)])
    return rarest
