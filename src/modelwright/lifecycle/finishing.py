"""How much of a build's time is kept for what follows training."""

from __future__ import annotations

from modelwright.engine import slowness
from modelwright.lifecycle.preparation import Preparation

SHARE = 0.15  # of the limit, at least
MOST = 0.6  # of the limit, so that something is left to train
SECONDS = 9.0  # that evaluation, package and report take on a machine at rest, however few the rows are
SECONDS_A_CELL = (
    1.1e-4  # more for each of the vault's predictions: rows times outputs, resampled for every figure
)


def finishing_seconds(prepared: Preparation, limit: float) -> float:
    """Return the time to keep for evaluation, package and report.

    Parameters
    ----------
    prepared : Preparation
        Its vault is what takes time.
    limit : float
        Seconds for the whole build.

    Returns
    -------
    float
        Longer on a machine that is slow or busy now, and never more than 60 % of the limit.
    """
    cells = len(prepared.sealed_frame) * max(len(prepared.contract.classes), 1)
    needed = (SECONDS + cells * SECONDS_A_CELL) * slowness()
    return min(max(limit * SHARE, needed), limit * MOST)
