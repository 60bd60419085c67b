"""Simulated worlds whose truth is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelwright.problem import Brief

Rng = np.random.Generator
Floats = NDArray[np.float64]


def two_columns(positive: Floats) -> Floats:
    return np.stack([1 - positive, positive], axis=1)


def sigmoid(score: Floats) -> Floats:
    return 1 / (1 + np.exp(-score))


def calibrated_binary(
    rng: Rng, rows: int, *, strength: float = 1.5, share: float = 0.3
) -> tuple[NDArray[np.int64], Floats]:
    """Labels and their true probabilities: two normal scores `strength` apart."""
    y = (rng.random(rows) < share).astype(np.int64)
    score = strength * y + rng.normal(size=rows)
    log_odds = strength * (score - strength / 2) + np.log(share / (1 - share))
    return y, two_columns(sigmoid(log_odds))


def calibrated_multiclass(rng: Rng, rows: int, *, classes: int = 3) -> tuple[NDArray[np.int64], Floats]:
    """Labels drawn from the probabilities themselves."""
    probabilities = rng.dirichlet(np.ones(classes), size=rows)
    y = (rng.random((rows, 1)) > probabilities.cumsum(axis=1)).sum(axis=1)
    return np.minimum(y, classes - 1).astype(np.int64), probabilities


def linear_values(rng: Rng, rows: int, *, noise: float = 1.0) -> tuple[Floats, Floats]:
    """Values, and predictions that lack only the noise."""
    signal = rng.normal(size=rows)
    return signal + noise * rng.normal(size=rows), signal[:, None]


def brief(task: str = "binary", metric: str = "roc_auc", **sections: dict[str, object]) -> Brief:
    problem = {"name": "world", "target": "outcome", "task": task, "metric": metric}
    if task == "binary":
        problem["positive"] = "yes"
    return Brief.from_dict({"problem": problem} | sections)
