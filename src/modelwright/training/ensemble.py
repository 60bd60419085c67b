"""Greedy weighted ensembles of out-of-fold predictions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from modelwright.problem import Metric

MAX_STEPS = 40


def select(
    metric: Metric,
    y: NDArray[np.generic],
    predictions: Sequence[NDArray[np.floating]],
    steps: int = MAX_STEPS,
    *,
    weight: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Choose how much each candidate weighs in the average that does best.

    Forward selection with replacement, cut at its best prefix: Caruana, Niculescu-Mizil, Crew and
    Ksikes (2004), "Ensemble selection from libraries of models".

    Parameters
    ----------
    metric : Metric
        What the ensemble is judged by.
    y : ndarray of shape (n,)
        Class codes or values.
    predictions : sequence of ndarray of shape (n, n_outputs)
        Out-of-fold predictions, one per candidate, better or cheaper candidates first: ties go to
        the earlier one.
    steps : int, default 40
        How many draws at most.
    weight : ndarray of shape (n,), optional
        How much each row counts.

    Returns
    -------
    ndarray of shape (n_candidates,)
        Weights that add up to 1.
    """
    total = np.zeros_like(predictions[0], dtype=np.float64)
    drawn: list[int] = []
    best_loss, best_size = np.inf, 0
    for step in range(1, steps + 1):
        losses = [_loss(metric, y, (total + prediction) / step, weight) for prediction in predictions]
        choice = int(np.argmin(losses))
        total += predictions[choice]
        drawn.append(choice)
        if losses[choice] < best_loss - 1e-12:
            best_loss, best_size = losses[choice], step
        elif step - best_size >= _PATIENCE:
            break
    counts = np.bincount(drawn[: max(best_size, 1)], minlength=len(predictions))
    return np.asarray(counts / counts.sum(), dtype=np.float64)


_PATIENCE = 8


def _loss(
    metric: Metric,
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    weight: NDArray[np.float64] | None,
) -> float:
    loss = metric.loss(y, prediction, weight)
    return loss if np.isfinite(loss) else np.inf
