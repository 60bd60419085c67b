"""What a sample says surely about shares and means: confidence bounds that hold at every sample size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def share_bounds(counts: NDArray[np.integer], n_rows: int, mistake: float) -> tuple[Floats, Floats]:
    """Bound probabilities from counts (Clopper and Pearson 1934).

    They hold as well for bins that end at order statistics of the same sample, whose probabilities follow the
    same beta distributions (Wilks 1941, "Determination of sample sizes for setting tolerance limits").

    Parameters
    ----------
    counts : ndarray of int
        Rows with each outcome.
    n_rows : int
        Rows in all.
    mistake : float
        Probability that any one of the bounds is wrong, divided over all of them by Bonferroni's inequality.

    Returns
    -------
    lower, upper : ndarray of float
    """
    from scipy.stats import beta

    counts = np.asarray(counts, dtype=np.float64)
    tail = mistake / (2 * counts.size)
    lower = beta.ppf(tail, np.maximum(counts, 1), n_rows - counts + 1)
    upper = beta.isf(tail, counts + 1, np.maximum(n_rows - counts, 1))
    return np.where(counts > 0, lower, 0.0), np.where(counts < n_rows, upper, 1.0)


def mean_upper(values: Floats, mistake: float) -> float:
    """Bound the mean of values in [0, 1] from above, by betting that it is lower.

    Waudby-Smith and Ramdas (2024), "Estimating means of bounded random variables by betting", section 4: a
    gambler who bets on values below ``m`` gets rich only if the mean is below ``m``; the bound is the
    smallest ``m`` at which the capital reaches ``1 / mistake``. Tight where the variance is small.

    Parameters
    ----------
    values : ndarray of shape (n,)
        Independent, in [0, 1].
    mistake : float
        Probability that the bound is wrong.
    """
    log_needed = np.log(1 / mistake)
    bets = _bets(values, log_needed)

    def is_refuted(mean: float) -> bool:
        stakes = np.minimum(bets, 0.75 / max(1 - mean, 1e-12))
        return bool(np.cumsum(np.log1p(stakes * (mean - values))).max(initial=0.0) >= log_needed)

    if not is_refuted(1.0):
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if is_refuted(middle) else (middle, high)
    return high


def _bets(values: Floats, log_needed: float) -> Floats:
    """Choose each bet from the values before it (the paper's equation 26)."""
    seen = np.arange(1, len(values) + 1)
    mean = (0.5 + np.cumsum(values)) / (seen + 1)
    variance = (0.25 + np.cumsum((values - mean) ** 2)) / (seen + 1)
    before = np.append(0.25, variance[:-1])
    result: Floats = np.sqrt(2 * log_needed / (len(values) * before))
    return result
