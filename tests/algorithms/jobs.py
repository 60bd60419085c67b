"""Jobs on real tables that come with scikit-learn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from modelwright.algorithms import FitJob
from modelwright.problem import Task, default_metric, metric_named


def real_job(task: Task, metric: str | None = None, seed: int = 0, **changes: Any) -> FitJob:
    """Return breast cancer, wine or diabetes, three quarters to learn from, standardised."""
    from sklearn import datasets

    load: dict[Task, Callable[..., Any]] = {
        Task.BINARY: datasets.load_breast_cancer,
        Task.MULTICLASS: datasets.load_wine,
        Task.REGRESSION: datasets.load_diabetes,
    }
    X, y = load[task](return_X_y=True)
    order = np.random.default_rng(seed).permutation(len(X))
    X = ((X - X.mean(axis=0)) / X.std(axis=0)).astype(np.float32)[order]
    y = (y[order]).astype(np.float64 if task is Task.REGRESSION else np.int64)
    cut = len(X) * 3 // 4
    settings: dict[str, Any] = {
        "X": X[:cut],
        "y": y[:cut],
        "X_valid": X[cut:],
        "y_valid": y[cut:],
        "task": task,
        "n_classes": {Task.BINARY: 2, Task.MULTICLASS: 3, Task.REGRESSION: 1}[task],
        "metric": metric_named(metric, task) if metric else default_metric(task),
        "parameters": {},
        "deadline": lambda: 1e9,
        "threads": 1,
        "seed": 0,
    }
    return FitJob(**(settings | changes))
