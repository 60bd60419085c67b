"""Cores of this machine, as far as this process may use them."""

from __future__ import annotations

import os


def cores(requested: int = 0) -> int:
    """Return how many threads a fit may use.

    Parameters
    ----------
    requested : int, default 0
        The brief's number; 0, or more than there are, means every core this process may run on.

    Returns
    -------
    int
        At least 1.
    """
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
    return available if requested <= 0 else min(requested, available)
