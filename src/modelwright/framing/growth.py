"""Whether more rows would help: the learning curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.evaluation import Comparison, Interval, compare, interval
from modelwright.framing.fits import Floats, Fold, Rows, predict_held

_FEWEST_ROWS = 60
_HALVINGS = 4
_FOLDS = 3
_FEW_ROWS = 1_000
_RESAMPLES = 400


@dataclass(frozen=True, eq=False)
class Curve:
    """Scores at growing numbers of rows.

    Attributes
    ----------
    algorithm : str
        What was fitted.
    points : tuple of (rows, Interval)
        In ascending order of rows; all are judged on the same rows.
    last_doubling : Comparison or None
        All rows against half of them; None where there are too few rows for two points.
    over_constant : Comparison
        All rows against the constant.
    """

    algorithm: str
    points: tuple[tuple[int, Interval], ...]
    last_doubling: Comparison | None
    over_constant: Comparison


def learning_curve(rows: Rows, groups: NDArray[np.generic] | None) -> Curve:
    """Fit a model to a sixteenth, an eighth, ... and all of the rows.

    Parameters
    ----------
    rows : Rows
        What to learn from; at most three of its folds are used.
    groups : ndarray of shape (n,) or None
        The group of each row; whole groups are left out.

    Returns
    -------
    Curve
        Of a boosted forest, or of a linear model below 1,000 rows.
    """
    folds = rows.folds[-_FOLDS:]
    name = "lightgbm" if len(rows.y) >= _FEW_ROWS else "linear"
    sizes, predictions = _grown(rows, name, folds, groups)
    constant = np.concatenate([predict_held(rows, "constant", train, held) for train, held in folds])
    judge = _Judge(rows, folds, groups)
    return Curve(
        algorithm=name,
        points=tuple(
            (size, judge.score(prediction)) for size, prediction in zip(sizes, predictions, strict=True)
        ),
        last_doubling=judge.compare(predictions[-1], predictions[-2]) if len(sizes) > 1 else None,
        over_constant=judge.compare(predictions[-1], constant),
    )


def _grown(
    rows: Rows, name: str, folds: list[Fold], groups: NDArray[np.generic] | None
) -> tuple[list[int], list[Floats]]:
    sizes, predictions = [], []
    for halving in range(_HALVINGS, -1, -1):
        parts = [_part(train, 0.5**halving, groups, rows.seed) for train, _ in folds]
        size = int(np.mean([len(part) for part in parts]))
        if halving and size < _FEWEST_ROWS:
            continue
        found = [predict_held(rows, name, part, held) for part, (_, held) in zip(parts, folds, strict=True)]
        predictions.append(np.concatenate(found))
        sizes.append(size)
    return sizes, predictions


def _part(
    train: NDArray[np.int64], share: float, groups: NDArray[np.generic] | None, seed: int
) -> NDArray[np.int64]:
    rng = np.random.default_rng(seed)
    if groups is None:
        return np.sort(rng.permutation(train)[: max(2, round(share * len(train)))])
    names, codes = np.unique(groups[train], return_inverse=True)
    return train[rng.permutation(len(names))[codes] < max(2, round(share * len(names)))]


class _Judge:
    """Scores predictions of the folds' held-out rows, always the same ones."""

    def __init__(self, rows: Rows, folds: list[Fold], groups: NDArray[np.generic] | None) -> None:
        held = np.concatenate([fold[1] for fold in folds])
        self.metric, self.y, self.seed = rows.metric, rows.y[held], rows.seed
        self.fold = np.repeat(np.arange(len(folds)), [len(fold[1]) for fold in folds])
        self.groups = None if groups is None else groups[held]
        self.weight = rows.weight_of(held)

    def score(self, prediction: Floats) -> Interval:
        return interval(
            self.metric,
            self.y,
            prediction,
            looks=0,
            groups=self.groups,
            weight=self.weight,
            parts=self.fold,
            resamples=_RESAMPLES,
            seed=self.seed,
        )

    def compare(self, more: Floats, fewer: Floats) -> Comparison:
        return compare(
            self.metric,
            self.y,
            more,
            fewer,
            looks=0,
            groups=self.groups,
            weight=self.weight,
            parts=self.fold,
            resamples=_RESAMPLES,
            seed=self.seed,
        )
