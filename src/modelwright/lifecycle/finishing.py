"""How much of a build's time is kept for what follows training."""

from __future__ import annotations

from modelwright.lifecycle.preparation import Preparation

FINISHING_SHARE = 0.15
FINISHING_SECONDS = (6.0, 60.0)
FINISHING_SECONDS_A_CELL = 1e-4  # of the vault's predictions: rows times outputs, resampled for every figure


def finishing_seconds(prepared: Preparation, limit: float) -> float:
    """Return the time to keep for evaluation, package and report: by the size of the vault, never a clock."""
    low, high = FINISHING_SECONDS
    cells = len(prepared.sealed_frame) * max(len(prepared.contract.classes), 1)
    return min(max(limit * FINISHING_SHARE, low + cells * FINISHING_SECONDS_A_CELL), high, limit / 2)
