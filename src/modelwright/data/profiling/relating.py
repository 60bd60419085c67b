"""How strongly columns go together: one measure for numbers and categories alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

MEASURE = (
    "From 0 to 1: Lu's L-measure (2011), which generalises Linfoot's informational coefficient of "
    "correlation (1957) to categories; for normally distributed numbers it is close to the size of the "
    "correlation, for categories 1 says that one tells the other. It is computed from the mutual information "
    "of categories and of numbers in bins of equal frequency, missing being a level of its own, with "
    "entropies corrected for their bias (Miller, 1955). It is 0 where chance would explain as much "
    "(likelihood-ratio test, p > 0.001)."
)
_CHANCE = 3.0902323061678132
"""Of a standard normal variable, 0.1 % lies above."""

Codes = NDArray[np.int64]


def strengths(first: Sequence[Codes], second: Sequence[Codes]) -> NDArray[np.float64]:
    """Return how strongly each of the first columns goes together with each of the second.

    Parameters
    ----------
    first, second : sequence of numpy.ndarray
        Levels of columns, from 0, over the same rows.
    """
    left, right = _one_hot(first), _one_hot(second)
    rows = len(first[0])
    with threadpool_limits(1, "blas"):  # on a busy machine, threads that wait for each other cost far more
        together = left.cells.T @ right.cells / np.float32(rows)
    parts = np.zeros_like(together)
    np.log(together, out=parts, where=together > 0)
    joint = -_sum_blocks(parts * together, left.starts, right.starts)
    filled = _sum_blocks((together > 0).astype(np.float32), left.starts, right.starts)
    own_left, own_right = _entropies(first), _entropies(second)
    plain = own_left.entropy[:, None] + own_right.entropy[None, :] - joint
    levels = own_left.levels[:, None] + own_right.levels[None, :]
    corrected = plain + (levels - filled - 1) / (2 * rows)
    most = np.minimum(
        (own_left.entropy + (own_left.levels - 1) / (2 * rows))[:, None],
        (own_right.entropy + (own_right.levels - 1) / (2 * rows))[None, :],
    )
    freedom = np.maximum((own_left.levels[:, None] - 1) * (own_right.levels[None, :] - 1), 1)
    by_chance = 2 * rows * plain < _chance_limit(freedom)
    return np.where(by_chance, 0.0, _l_measure(corrected, most))


def _l_measure(information: NDArray[np.float64], most: NDArray[np.float64]) -> NDArray[np.float64]:
    share = np.clip(information / np.where(most > 0, most, 1), 0, 1)
    share = np.where(share > 1 - 1e-5, 1.0, share)  # single precision
    whole = share == 1
    exponent = np.where(whole, 0.0, share * most / np.where(whole, 1.0, 1 - share))
    return np.where(whole, 1.0, np.sqrt(1 - np.exp(-2 * exponent)))


def _chance_limit(freedom: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what chi-squared exceeds with a probability of 0.1 % (Wilson and Hilferty, 1931)."""
    part = 2 / (9 * freedom)
    return np.asarray(freedom * (1 - part + _CHANCE * np.sqrt(part)) ** 3)


class _Blocks:
    def __init__(self, cells: NDArray[np.float32], starts: NDArray[np.int64]) -> None:
        self.cells = cells
        self.starts = starts


def _one_hot(columns: Sequence[Codes]) -> _Blocks:
    sizes = np.array([int(codes.max(initial=0)) + 1 for codes in columns])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    rows = len(columns[0])
    cells = np.zeros((rows, int(sizes.sum())), dtype=np.float32)
    every = np.arange(rows)
    for start, codes in zip(starts, columns, strict=True):
        cells[every, start + codes] = 1
    return _Blocks(cells, starts)


def _sum_blocks(
    cells: NDArray[np.float32], rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> NDArray[np.float64]:
    summed = np.add.reduceat(cells.astype(np.float64), rows, axis=0)
    return np.asarray(np.add.reduceat(summed, columns, axis=1))


class _Own:
    def __init__(self, entropy: NDArray[np.float64], levels: NDArray[np.float64]) -> None:
        self.entropy = entropy
        self.levels = levels


def _entropies(columns: Sequence[Codes]) -> _Own:
    entropies, levels = [], []
    for codes in columns:
        shares = np.bincount(codes) / len(codes)
        shares = shares[shares > 0]
        entropies.append(-float((shares * np.log(shares)).sum()))
        levels.append(float(len(shares)))
    return _Own(np.array(entropies), np.array(levels))
