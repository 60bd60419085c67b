"""The newest rows judge what was learnt from the older ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NEWEST_SHARE = 0.1
FEWEST_JUDGED = 100

Positions = NDArray[np.int64]


def newest_fold(y: NDArray[np.generic], *, is_class: bool) -> tuple[Positions, Positions] | None:
    """Return the older rows to learn from and the newest to judge by; None where one side lacks a class.

    Parameters
    ----------
    y : ndarray of shape (n,)
        The oldest first.
    is_class : bool
        Whether these are class codes; then the older rows have all of them, and the newest two.
    """
    n = len(y)
    size = max(int(NEWEST_SHARE * n), min(FEWEST_JUDGED, n // 3), 1)
    while is_class and size < n // 2 and len(np.unique(y[n - size :])) < 2:
        size = min(2 * size, n // 2)
    older, newest = np.arange(n - size), np.arange(n - size, n)
    n_labels = len(np.unique(y))
    if is_class and (len(np.unique(y[older])) < n_labels or len(np.unique(y[newest])) < 2):
        return None
    return older, newest
