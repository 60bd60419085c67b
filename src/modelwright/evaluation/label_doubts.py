"""Labels that a model which did not see them doubts: for people to review, never to be changed."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.problem import Task

FALSE_DOUBTS = 1.0
"""Of numbers with normal residuals, about so many of a whole table would be doubted by chance."""


@dataclass(frozen=True, eq=False)
class Doubts:
    """Doubted labels, the most doubtful first.

    Attributes
    ----------
    rows : ndarray of int
        Positions among the labels.
    quality : ndarray of float
        From 0 (surely wrong) to 1: the probability that the model gives the label; for numbers, how usual so
        large a residual is.
    suggested : ndarray
        What the model says instead: the code of a class, or a number.
    how : str
        The method, in words.
    """

    rows: NDArray[np.int64]
    quality: NDArray[np.float64]
    suggested: NDArray[Any]
    how: str


def doubt_labels(y: NDArray[Any], predicted: NDArray[np.float64], task: Task) -> Doubts:
    """Find labels that are likely to be wrong.

    Parameters
    ----------
    y : ndarray of shape (n,)
        Codes of the classes, or numbers.
    predicted : ndarray of shape (n, n_outputs)
        Of learners that did not see the rows: the probability of each class, or numbers.
    task : Task

    Notes
    -----
    Classes: confident learning (Northcutt, Jiang and Chuang 2021, "Confident learning: estimating uncertainty
    in dataset labels"), by cleanlab, which prunes by the estimated rate of noise between each two classes.
    Numbers: residuals around their median, in units of their median absolute deviation; doubted are those
    that a normal distribution would show about once in such a table. Where residuals have heavy tails, more
    than the wrong ones are doubted.
    """
    return _classes(y, predicted) if task.is_classification else _numbers(y, predicted.reshape(len(y)))


def _classes(y: NDArray[Any], predicted: NDArray[np.float64]) -> Doubts:
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    # Single precision adds up to 1 only nearly, which cleanlab does not forgive.
    chances = predicted / predicted.sum(axis=1, keepdims=True)
    labels = y.astype(np.int64)
    with warnings.catch_warnings():  # that a label no row has cannot be wrong needs no saying
        warnings.filterwarnings("ignore", "May not flag all label issues", UserWarning)
        rows = find_label_issues(labels, chances, return_indices_ranked_by="self_confidence", n_jobs=1)
    quality = get_label_quality_scores(labels, chances, method="self_confidence")
    return Doubts(
        rows=np.asarray(rows, dtype=np.int64),
        quality=np.asarray(quality, dtype=np.float64)[rows],
        suggested=chances[rows].argmax(axis=1),
        how="confident learning by cleanlab, on predictions of learners that did not see the row",
    )


def _numbers(y: NDArray[Any], predicted: NDArray[np.float64]) -> Doubts:
    from scipy.stats import norm

    residuals = y - predicted
    centred = np.abs(residuals - np.median(residuals))
    scale = np.median(centred) / norm.ppf(0.75)
    quality = 2 * norm.sf(centred / scale) if scale > 0 else (centred == 0).astype(float)
    rows = np.flatnonzero(quality * len(y) < FALSE_DOUBTS)
    rows = rows[np.argsort(-centred[rows], kind="stable")]
    return Doubts(
        rows=rows,
        quality=np.asarray(quality, dtype=np.float64)[rows],
        suggested=predicted[rows],
        how="residuals beyond what the spread of all residuals shows once in such a table, on predictions of "
        "learners that did not see the row",
    )
