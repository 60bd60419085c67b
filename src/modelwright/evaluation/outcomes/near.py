"""The training rows that lie nearest to given rows, in the features of the model."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.evaluation.arrays import Floats
from modelwright.evaluation.outcomes.background import Background

_MOST_SEARCHED = 20_000
_FARTHEST = 5.0
"""In standard deviations: beyond, a value is only far, so that no single one decides."""


def nearest_rows(
    background: Background, rows: pl.DataFrame, count: int, *, seed: int
) -> tuple[NDArray[np.int64], Floats]:
    """Find the nearest training rows of each row.

    Features are in units of their standard deviation, cut off at five of them; a missing one is at the mean.

    Parameters
    ----------
    background : Background
    rows : polars.DataFrame of k rows
        Conformed.
    count : int
        How many neighbours.
    seed : int
        Of the sample, where there are more than 20,000 training rows.

    Returns
    -------
    tuple of ndarray of shape (k, count)
        Positions among the training rows, and distances.
    """
    among = np.arange(len(background.frame))
    if len(among) > _MOST_SEARCHED:
        among = np.sort(np.random.default_rng(seed).choice(among, _MOST_SEARCHED, replace=False))
    known = np.asarray(background.features(background.frame[among]), dtype=np.float64)
    asked = np.asarray(background.features(rows), dtype=np.float64)
    centre, spread = _mean_and_spread(known)
    known, asked = (_standard(each, centre, spread) for each in (known, asked))
    squared = (asked**2).sum(axis=1)[:, None] - 2 * asked @ known.T + (known**2).sum(axis=1)
    count = min(count, len(among))
    order = np.argsort(squared, axis=1, kind="stable")[:, :count]
    near = np.take_along_axis(squared, order, axis=1)
    return among[order], np.sqrt(np.maximum(near, 0.0) / max(known.shape[1], 1))


def _mean_and_spread(known: Floats) -> tuple[Floats, Floats]:
    there = np.isfinite(known)
    count = np.maximum(there.sum(axis=0), 1)
    centre = np.where(there, known, 0.0).sum(axis=0) / count
    spread = np.sqrt(np.where(there, (known - centre) ** 2, 0.0).sum(axis=0) / count)
    return centre, np.where(spread > 0, spread, 1.0)


def _standard(features: Floats, centre: Floats, spread: Floats) -> Floats:
    return np.clip(np.nan_to_num((features - centre) / spread, nan=0.0), -_FARTHEST, _FARTHEST)
