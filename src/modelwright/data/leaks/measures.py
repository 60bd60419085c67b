"""How much a column says about the target, measured on rows that it was not fitted to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Outcome = NDArray[Any]
"""Class codes, or values."""
Floats = NDArray[np.float64]

PRIOR_ROWS = 1.0
"""How many rows the overall frequencies count for in each bin."""


def explained(codes: Codes, y: Outcome, n_classes: int, half: NDArray[np.bool_]) -> float:
    """Return the share of the target's uncertainty that a column's bins take away.

    Each half of the rows is predicted by the bins of the other half. For classes it is the relative fall of
    the log-loss (the uncertainty coefficient, Theil 1970, cross-fitted); for values the share of the
    variance.

    Parameters
    ----------
    codes : ndarray of int64, shape (n,)
        The bin of each row, from 0.
    y : ndarray of shape (n,)
        Class codes, or values.
    n_classes : int
        0 for values.
    half : ndarray of bool, shape (n,)
        Which half each row is in.

    Returns
    -------
    float
        1 says all, 0 nothing; negative where the bins mislead.
    """
    left = total = 0.0
    for learn in (half, ~half):
        fit, judge = (codes[learn], y[learn]), (codes[~learn], y[~learn])
        lost = _log_loss(*fit, *judge, n_classes) if n_classes else _squares(*fit, *judge)
        left, total = left + lost[0], total + lost[1]
    return 1 - left / total if total > 0 else 0.0


def _log_loss(
    codes: Codes, y: Outcome, new_codes: Codes, new_y: Outcome, n_classes: int
) -> tuple[float, float]:
    known = max(int(codes.max(initial=0)), int(new_codes.max(initial=0))) + 1
    cells = np.bincount(codes * n_classes + y, minlength=known * n_classes).reshape(known, n_classes)
    share = (cells.sum(axis=0) + 0.5) / (len(codes) + 0.5 * n_classes)
    said = (cells[new_codes, new_y] + PRIOR_ROWS * share[new_y]) / (cells.sum(axis=1)[new_codes] + PRIOR_ROWS)
    return float(-np.log(said).sum()), float(-np.log(share[new_y]).sum())


def _squares(codes: Codes, y: Outcome, new_codes: Codes, new_y: Outcome) -> tuple[float, float]:
    known = max(int(codes.max(initial=0)), int(new_codes.max(initial=0))) + 1
    mean = float(y.mean())
    rows = np.bincount(codes, minlength=known)
    sums = np.bincount(codes, weights=y.astype(np.float64), minlength=known)
    answer = (sums + PRIOR_ROWS * mean) / (rows + PRIOR_ROWS)
    return float(((answer[new_codes] - new_y) ** 2).sum()), float(((mean - new_y) ** 2).sum())


def agreement(codes: Codes, other: Codes, half: NDArray[np.bool_]) -> float:
    """Return the share of mistakes avoided when one coding is guessed from another, cross-fitted.

    Goodman and Kruskal's lambda (1954): 1 where `other` is a function of `codes`, 0 where always guessing
    the most frequent is as good.
    """
    wrong = base = 0
    width = int(other.max(initial=0)) + 1
    known = int(codes.max(initial=0)) + 1
    for learn in (half, ~half):
        cells = np.bincount(codes[learn] * width + other[learn], minlength=known * width)
        cells = cells.reshape(known, width)
        usual = int(cells.sum(axis=0).argmax())
        answer = np.where(cells.sum(axis=1) > 0, cells.argmax(axis=1), usual)
        wrong += int((answer[codes[~learn]] != other[~learn]).sum())
        base += int((other[~learn] != usual).sum())
    return 1 - wrong / base if base else 0.0


def least_share(hits: int, rows: int, error: float) -> float:
    """Return the lower confidence limit of a share (Clopper and Pearson 1934), one-sided at `error`."""
    from scipy.special import betaincinv

    return float(betaincinv(hits, rows - hits + 1, error)) if hits else 0.0


def most_share(hits: int, rows: int, error: float) -> float:
    """Return the upper confidence limit of a share, one-sided at `error`."""
    return 1 - least_share(rows - hits, rows, error)


def roughness(x: Floats, y: Floats) -> float:
    """Return how much the target still varies between rows next to each other in the order of a column.

    Half the mean squared step over the variance: 0 where the target is a continuous function of the column,
    about 1 where they are unrelated (von Neumann 1941). Rows with an equal value are taken by their mean.
    """
    spread = float(y.var())
    if len(y) < 3 or spread == 0:
        return 1.0
    order = np.lexsort((y, x))
    _, first, rows = np.unique(x[order], return_index=True, return_counts=True)
    sums = np.add.reduceat(y[order], first)
    squares = np.add.reduceat(y[order] ** 2, first)
    within = float((squares - sums**2 / rows).sum())
    between = float((np.diff(sums / rows) ** 2 * np.minimum(rows[1:], rows[:-1])).sum() / 2)
    return (within + between) / (len(y) * spread)


def auc(score: NDArray[np.generic], positive: NDArray[np.bool_]) -> float:
    """Return the area under the ROC curve."""
    n, wins = len(positive), int(positive.sum())
    if not 0 < wins < n:
        return 0.5
    _, inverse, rows = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(rows) - (rows - 1) / 2)[inverse]
    return float((ranks[positive].sum() - wins * (wins + 1) / 2) / (wins * (n - wins)))
