"""What it costs and gains to abstain where the model is not sure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.intervals import error_at_look
from modelwright.evaluation.shares import Share, share_of

_STEPS = (0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99)


class AbstentionStep(BaseModel):
    """What becomes of the answers at one least confidence.

    Attributes
    ----------
    below : float
        Answers whose most probable label is less probable than this abstain.
    abstained : Share
        How many do.
    accuracy : Share or None
        How often the answers that are left are right; None where none is left.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    below: float
    abstained: Share
    accuracy: Share | None


class Abstention(BaseModel):
    """What abstaining costs and gains, on held-out rows.

    Attributes
    ----------
    accuracy : Share
        How often all answers are right.
    chosen : AbstentionStep or None
        At the brief's ``serving.abstain_below``; None where that is 0.
    steps : tuple of AbstentionStep
        At others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    accuracy: Share
    chosen: AbstentionStep | None
    steps: tuple[AbstentionStep, ...]


def measure_abstention(
    y: NDArray[np.generic],
    probabilities: NDArray[np.floating],
    *,
    threshold: float | NDArray[np.floating],
    below: float = 0.0,
    groups: NDArray[np.generic] | None = None,
    looks: int = 1,
    level: float = 0.95,
) -> Abstention:
    """Measure how many answers would abstain, and how often the rest are right.

    Parameters
    ----------
    y : ndarray of shape (n,)
        Class codes.
    probabilities : ndarray of shape (n, n_classes)
    threshold : float or ndarray of shape (n,)
        Probability from which the positive label of two is predicted; for each row where groups have their
        own.
    below : float, default 0
        The brief's least confidence; 0 means that no answer abstains.
    groups : ndarray of shape (n,), optional
        The brief's group of each row, for the intervals.
    looks, level
        As for `modelwright.evaluation.interval`.
    """
    alpha = error_at_look(level, looks)
    binary = probabilities.shape[1] == 2
    predicted = (
        (probabilities[:, 1] >= threshold).astype(np.int64) if binary else probabilities.argmax(axis=1)
    )
    right, confidence = predicted == y, probabilities.max(axis=1)
    least = 1 / probabilities.shape[1]

    def step(limit: float) -> AbstentionStep:
        kept = confidence >= limit
        return AbstentionStep(
            below=limit,
            abstained=share_of(~kept, alpha, groups),
            accuracy=share_of(right[kept], alpha, None if groups is None else groups[kept])
            if kept.any()
            else None,
        )

    return Abstention(
        accuracy=share_of(right, alpha, groups),
        chosen=step(below) if below else None,
        steps=tuple(step(limit) for limit in _STEPS if limit > least),
    )
