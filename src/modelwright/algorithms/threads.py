"""How many threads a booster gets, and how they wait for one another."""

from __future__ import annotations

import os

from modelwright.algorithms.algorithm import FitJob

_CELLS_A_THREAD = 250_000
_SPINS = "3000"


def threads_for(job: FitJob) -> int:
    """Return how many threads an OpenMP booster should use; call it before its library is imported.

    Small tables get one thread: a round on them is shorter than what two threads need to meet. Threads of
    larger ones may spin for some microseconds only, because libgomp's default of milliseconds makes a fit
    twenty times slower whenever another process wants the same core; measured on 100,000 x 20 cells, two
    threads and a busy machine: 20 s against 0.9 s, and no slower on an idle one. A value that is set in the
    environment is respected.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", _SPINS)
    return min(job.threads, max(1, job.X.size // _CELLS_A_THREAD))
