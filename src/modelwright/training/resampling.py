"""How sure a metric is, for any metric: by leaving blocks of rows out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelwright.problem import Metric

BLOCKS = 20


def standard_error(
    metric: Metric,
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    rival: NDArray[np.floating] | None = None,
    *,
    weight: NDArray[np.floating] | None = None,
    seed: int = 0,
) -> float:
    """Return the standard error of a metric, or of the difference between two predictions of the same rows.

    The delete-a-group jackknife: rows fall into 20 blocks by chance, and the metric is computed without each.
    Quenouille (1956), "Notes on bias in estimation"; Kott (2001), "The delete-a-group jackknife".

    Parameters
    ----------
    metric : Metric
    y : ndarray of shape (n,)
        Class codes or values.
    prediction : ndarray of shape (n, n_outputs)
    rival : ndarray of shape (n, n_outputs), optional
        With it, the error is that of ``metric(prediction) - metric(rival)``.
    weight : ndarray of shape (n,), optional
        How much each row counts.
    seed : int, default 0
        Of the blocks.

    Returns
    -------
    float
        NaN where the metric is not defined without some block, or there are fewer than two rows.
    """
    blocks = min(BLOCKS, len(y))
    if blocks < 2:
        return float("nan")
    block = np.random.default_rng(seed).permutation(len(y)) % blocks
    left_out = np.array(
        [_figure(metric, y, prediction, rival, weight, block != number) for number in range(blocks)]
    )
    spread = (blocks - 1) / blocks * np.square(left_out - left_out.mean()).sum()
    return float(np.sqrt(spread))


def _figure(
    metric: Metric,
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    rival: NDArray[np.floating] | None,
    weight: NDArray[np.floating] | None,
    kept: NDArray[np.bool_],
) -> float:
    counts = None if weight is None else weight[kept]
    figure = metric(y[kept], prediction[kept], counts)
    return figure if rival is None else figure - metric(y[kept], rival[kept], counts)
