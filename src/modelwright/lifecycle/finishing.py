"""How a build's time is divided between training and what follows it."""

from __future__ import annotations

from modelwright.engine import slowness
from modelwright.lifecycle.preparation import Preparation

SHARE = 0.15  # of the limit, at least
LEAST_TRAINING = 0.25  # of the limit, however much the beginning took and the end will take
SECONDS = 9.0  # that evaluation, package and report take on a machine at rest, however few the rows are
SECONDS_A_CELL = (
    1.1e-4  # more for each of the vault's predictions: rows times outputs, resampled for every figure
)


def training_seconds(prepared: Preparation, limit: float, spent: float) -> float:
    """Return by when training must be done, in seconds from the beginning of the build.

    Parameters
    ----------
    prepared : Preparation
        Its vault is what takes time to evaluate.
    limit : float
        Seconds for the whole build.
    spent : float
        Seconds that have passed.

    Returns
    -------
    float
        Earlier on a machine that is slow or busy now, so that evaluation, package and report are done by the
        limit; but training gets a quarter of the limit in any case, since a build is for a model.
    """
    cells = len(prepared.sealed_frame) * max(len(prepared.contract.classes), 1)
    needed = (SECONDS + cells * SECONDS_A_CELL) * slowness()
    return max(limit - max(limit * SHARE, needed), spent + limit * LEAST_TRAINING)
