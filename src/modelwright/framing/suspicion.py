"""Columns that alone give the target away."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.framing.bins import bin_codes
from modelwright.problem import METRICS, Finding, Task

CODE = "MW-P001"
_BINS = 60
_ALMOST_PERFECT = 0.99
_ALMOST_CONSTANT = 0.95
_MOST_ROWS = 0.9


def suspicious_columns(
    frame: pl.DataFrame, y: NDArray[np.generic], task: Task, n_outputs: int, *, seed: int = 0
) -> tuple[Finding, ...]:
    """Find columns that alone predict the target almost perfectly.

    Each column is cut into at most 62 bins; each half of the rows is predicted by the bins' means of the
    other half. Found where that gives a ROC-AUC (two labels), a share of right answers (more labels) or an
    R² (values) of 0.99 or more, or where the ranks of values agree as closely (the square of Spearman's
    correlation).

    Such a column is most often a copy of the answer, or was filled in after the answer was known. A model
    that leans on it looks perfect and fails in use.

    Parameters
    ----------
    frame : polars.DataFrame of n rows
        Conformed features.
    y : ndarray of shape (n,)
        Class codes, or values.
    task : Task
    n_outputs : int
        Number of classes; 1 for regression.
    seed : int, default 0
        Seed of the halves.

    Returns
    -------
    tuple of Finding
        One for each such column.
    """
    metric = METRICS[{Task.BINARY: "roc_auc", Task.MULTICLASS: "accuracy", Task.REGRESSION: "r2"}[task]]
    half = np.random.default_rng(seed).permutation(len(y)) % 2
    if task is Task.MULTICLASS and np.bincount(y.astype(np.int64)).max() > _ALMOST_CONSTANT * len(y):
        return ()
    findings = []
    for name in frame.columns:
        score = metric(y, _by_bins(bin_codes(frame[name], _BINS), y, half, n_outputs))
        if task is Task.REGRESSION:
            score = max(score, _agreement_of_ranks(frame[name], y))
        if score >= _ALMOST_PERFECT:
            findings.append(
                Finding(
                    code=CODE,
                    severity="warning",
                    column=name,
                    message=f"it predicts the target almost perfectly by itself ({metric.title} {score:.3f})",
                    why="A copy of the answer, or what was filled in later, is not there in use.",
                    advice="Ask whether it is known when a prediction is asked for; if not, name it under "
                    "[columns] ignore in modelwright.toml.",
                )
            )
    return tuple(findings)


def _agreement_of_ranks(column: pl.Series, y: NDArray[np.generic]) -> float:
    """Return the square of Spearman's correlation over the rows that have a value, if these are most."""
    known = column.is_not_null().to_numpy()
    if column.dtype == pl.String or known.mean() < _MOST_ROWS or column.drop_nulls().n_unique() < 2:
        return 0.0
    ranks = [pl.Series(values).rank("average").to_numpy() for values in (column.to_numpy()[known], y[known])]
    return float(np.corrcoef(ranks)[0, 1] ** 2)


def _by_bins(
    codes: NDArray[np.int64], y: NDArray[np.generic], half: NDArray[np.int64], n_outputs: int
) -> NDArray[np.float64]:
    """Predict each half by the means of the other half's bins."""
    if n_outputs == 1:
        outcome = y.astype(np.float64)[:, None]
    else:
        outcome = (y[:, None] == np.arange(n_outputs)).astype(np.float64)
    prediction = np.empty_like(outcome)
    for side in (0, 1):
        learn, judge = half != side, half == side
        overall = outcome[learn].mean(axis=0) if learn.any() else outcome.mean(axis=0)
        counts = np.bincount(codes[learn], minlength=codes.max(initial=0) + 1)[:, None]
        sums = np.stack(
            [np.bincount(codes[learn], weights=column, minlength=len(counts)) for column in outcome[learn].T],
            axis=1,
        )
        means = np.where(counts > 0, sums / np.maximum(counts, 1), overall)
        prediction[judge] = means[codes[judge]]
    return prediction
