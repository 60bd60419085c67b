"""Which pieces of which features a neural net gets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.portable import Encoding

_SAMPLE = 20_000
_MOST_PIECES = 1_024
_FEWEST_PIECES = 4
_REACH = 4.0
_NARROWEST = 1e-7

_Table = NDArray[np.float64]  # one row a piece: column, start, slope, low, high


def encoding_of(X: NDArray[np.float32], pieces: int, seed: int) -> Encoding:
    """Choose the inputs of a net: every feature that varies, and pieces of those with more than two values.

    Parameters
    ----------
    X : ndarray of shape (n, n_features), float32
    pieces : int
        How many pieces a feature has at most; fewer where there are many features.
    seed : int
        Large tables are sampled.

    Returns
    -------
    Encoding
        A feature of two values as 0 and 1, any other standardised and bounded by four standard deviations,
        then its pieces.
    """
    rows = np.arange(len(X))
    if len(X) > _SAMPLE:
        rows = np.random.default_rng(seed).choice(len(X), _SAMPLE, replace=False)
    sample = np.where(np.isnan(X[rows]), np.float32(0.0), X[rows])
    several = [at for at, column in enumerate(sample.T) if not _has_two_values(column)]
    pieces = max(_FEWEST_PIECES, min(pieces, _MOST_PIECES // max(len(several), 1)))
    found = [_whole(at, column) for at, column in enumerate(sample.T)]
    found += [_pieces(at, sample[:, at], pieces) for at in several]
    with np.errstate(over="ignore"):
        table = np.concatenate(found).astype(np.float32)
    column, start, slope, low, high = table[np.isfinite(table).all(axis=1)].T.copy()
    return Encoding(X.shape[1], column.astype(np.int32), start, slope, low, high)


def _has_two_values(column: NDArray[np.float32]) -> bool:
    return bool(np.isin(column, (column.min(), column.max())).all())


def _whole(at: int, column: NDArray[np.float32]) -> _Table:
    """Return the piece that is the feature itself; none where it never changes."""
    low, high = float(column.min()), float(column.max())
    if low == high:
        return np.empty((0, 5))
    if _has_two_values(column):
        return np.array([[at, low, 1.0 / (high - low), -_REACH, _REACH]])
    wide = column.astype(np.float64)
    return np.array([[at, wide.mean(), 1.0 / wide.std(), -_REACH, _REACH]])


def _pieces(at: int, column: NDArray[np.float32], pieces: int) -> _Table:
    ends = _ends(column.astype(np.float64), pieces)
    widths = np.diff(ends)
    wide = widths > _NARROWEST * np.abs(ends).max()
    ones = np.ones(wide.sum())
    return np.column_stack([at * ones, ends[:-1][wide], 1.0 / widths[wide], 0 * ones, ones])


def _ends(column: NDArray[np.float64], pieces: int) -> NDArray[np.float64]:
    """Return where pieces end: at quantiles, in which no value counts for more than one piece.

    So a column that is mostly zero has pieces among its other values too.
    """
    values, counts = np.unique(column, return_counts=True)
    if len(values) <= pieces + 1:
        return values
    below = np.cumsum(np.minimum(counts, len(column) / pieces))
    chosen = np.searchsorted(below, np.linspace(0, below[-1], pieces + 1)[1:-1])
    ends: NDArray[np.float64] = values[np.unique([0, *chosen, len(values) - 1])]
    return ends
