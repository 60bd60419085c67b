"""What all other columns together say about the target, by a small boosted forest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_ROWS = 6000
SEED = 0
_SETTINGS = {
    "num_leaves": 15,
    "learning_rate": 0.15,
    "max_bin": 63,
    "verbosity": -1,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "seed": SEED,
}
_ROUNDS = 50
_MANY_CLASSES, _ROUNDS_THEN = 5, 15


def of_the_rest(columns: Sequence[NDArray[np.generic]], y: NDArray[Any], n_classes: int) -> float:
    """Return the share of the target's uncertainty that columns together take away, cross-fitted in halves.

    Parameters
    ----------
    columns : sequence of ndarray of shape (n,)
        Numbers, or numbers of categories.
    y : ndarray of shape (n,)
        Class codes, or values.
    n_classes : int
        0 for values.
    """
    if not columns:
        return 0.0
    import lightgbm

    rows = np.random.default_rng(SEED).permutation(len(y))[:MOST_ROWS]
    matrix = np.column_stack([column[rows].astype(np.float32) for column in columns])
    outcome = y[rows]
    objective = "regression" if not n_classes else "binary" if n_classes == 2 else "multiclass"
    settings = _SETTINGS | {"objective": objective} | ({"num_class": n_classes} if n_classes > 2 else {})
    rounds = _ROUNDS_THEN if n_classes > _MANY_CLASSES else _ROUNDS
    half = np.arange(len(rows)) % 2 == 0
    settings |= {"min_data_in_leaf": int(np.clip(len(rows) // 50, 3, 10))}
    left = total = 0.0
    for learn in (half, ~half):
        data = lightgbm.Dataset(matrix[learn], outcome[learn], params=settings, free_raw_data=True)
        said = lightgbm.train(settings, data, rounds).predict(matrix[~learn])
        lost = _lost(np.asarray(said), outcome[learn], outcome[~learn], n_classes)
        left, total = left + lost[0], total + lost[1]
    return max(1 - left / total, 0.0) if total > 0 else 0.0


def _lost(
    said: NDArray[np.float64], learnt: NDArray[Any], y: NDArray[Any], n_classes: int
) -> tuple[float, float]:
    """Return what the prediction loses, and what the overall frequencies or the mean lose."""
    if not n_classes:
        return float(((said - y) ** 2).sum()), float(((learnt.mean() - y) ** 2).sum())
    chances = np.column_stack([1 - said, said]) if said.ndim == 1 else said
    share = (np.bincount(learnt, minlength=n_classes) + 0.5) / (len(learnt) + 0.5 * n_classes)
    picked = np.clip(chances[np.arange(len(y)), y], 1e-6, 1)
    return float(-np.log(picked).sum()), float(-np.log(share[y]).sum())
