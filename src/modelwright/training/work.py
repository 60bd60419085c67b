"""What is to be trained: rows, target, folds and how they are judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.algorithms import Style
from modelwright.data import Contract
from modelwright.features import Representation
from modelwright.problem import Metric, Task

FOLDS_UP_TO_ROWS = ((5_000, 8), (20_000, 5), (50_000, 4))
MANY_ROWS_FOLDS = 8
LARGE = 20_000_000  # cells of a fold's matrix above which it is not kept
WHOLE = -1
"""In place of a fold's number: all rows to learn from, those of the first fold to be judged by."""

Folds = list[tuple[NDArray[np.int64], NDArray[np.int64]]]


@dataclass(frozen=True)
class FoldData:
    """The numbers that the learners of one style see on one fold.

    Attributes
    ----------
    X, X_valid, X_proof : ndarray of float32
        Training, validation and proof rows.
    """

    X: NDArray[np.float32]
    X_valid: NDArray[np.float32]
    X_proof: NDArray[np.float32]


@dataclass(frozen=True)
class Work:
    """Everything a build learns from.

    Attributes
    ----------
    frame : polars.DataFrame of shape (n, n_features)
        Conformed rows.
    y : ndarray of shape (n,)
        Class codes (int64) or values (float64).
    contract : Contract
        What the columns are.
    task : Task
    n_outputs : int
        Number of classes, or 1 for regression.
    metric : Metric
        What candidates are judged by.
    folds : list of (train, valid)
        Row positions of each fold; the first is where candidates are compared first.
    forward : bool
        Whether folds go forward in time, so that most learn from few rows: the model is then what was learnt
        from all rows, and the folds only judge.
    seed : int
    threads : int
        How many a fit may use.
    proof : polars.DataFrame or None
        Conformed rows on which every trained learner's own predictions are kept, so that the portable
        model can be proven equal to it. None where no proof is wanted.
    weight : ndarray of shape (n,), float64, or None
        How much each row counts, with a mean of 1; None where all count alike.
    monotone : mapping of str to int
        The columns with which the prediction must not fall (1), or must not rise (-1).
    together : ndarray of shape (n,), int64, or None
        Rows of one number are alike and in one fold (a group, copies of a row), also where features are made
        from the target; None where every row stands for itself.
    age : ndarray of shape (n,), or None
        The larger the older: candidates then also learn from the newest rows alone, and from all but the
        older the less. None where all rows are alike.
    """

    frame: pl.DataFrame
    y: NDArray[np.generic]
    contract: Contract
    task: Task
    n_outputs: int
    metric: Metric
    folds: Folds
    forward: bool = False
    seed: int = 0
    threads: int = 1
    proof: pl.DataFrame | None = None
    weight: NDArray[np.float64] | None = None
    monotone: Mapping[str, int] = field(default_factory=dict)
    together: NDArray[np.int64] | None = None
    age: NDArray[np.float64] | None = None
    _data: dict[tuple[str, int], FoldData] = field(default_factory=dict, repr=False, compare=False)
    _fitted: dict[tuple[str, int], Representation] = field(default_factory=dict, repr=False, compare=False)

    def fold_data(self, style: Style, fold: int) -> FoldData:
        """Return the matrices of one fold, made once for each style."""
        if (style, fold) not in self._data:
            self._data[style, fold] = self._make_fold_data(style, fold)
        return self._data[style, fold]

    def representation(self, style: Style, fold: int) -> Representation:
        """Return what a fold's features are made by."""
        if (style, fold) not in self._fitted:
            self.fold_data(style, fold)
        return self._fitted[style, fold]

    def weight_of(self, rows: NDArray[np.int64]) -> NDArray[np.float64] | None:
        """Return how much some of the rows count; None where all count alike."""
        return None if self.weight is None else self.weight[rows]

    @cached_property
    def judged(self) -> NDArray[np.int64]:
        """Rows that some fold holds out, in order: all but the earliest where time decides."""
        return np.sort(np.concatenate([valid for _, valid in self.folds]))

    @cached_property
    def fold_of(self) -> NDArray[np.int64]:
        """Which fold holds out each of the `judged` rows."""
        fold = np.zeros(len(self.y), dtype=np.int64)
        for number, (_, valid) in enumerate(self.folds):
            fold[valid] = number
        return fold[self.judged]

    def rows_of(self, fold: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the rows that a fold learns from and is judged by."""
        if fold == WHOLE:
            return np.arange(len(self.y)), self.folds[0][1]
        return self.folds[fold]

    def in_order(self) -> Work:
        """Return the work with the folds that learn from most rows first: forward in time, the latest."""
        return replace(self, folds=sorted(self.folds, key=lambda fold: -len(fold[0])))

    @property
    def more_rows(self) -> float:
        """How many times as many rows there are in all as the first fold learns from."""
        return len(self.y) / len(self.folds[0][0])

    def seed_of(self, fold: int) -> int:
        """Return the seed of a fold, never negative and different for each."""
        return self.seed + (len(self.folds) if fold == WHOLE else fold)

    def forget(self, fold: int) -> None:
        """Let go of the matrices of a fold that is done, where they are large; they can be made again."""
        for key in [key for key in self._data if key[1] == fold]:
            if self._data[key].X.size > LARGE:
                del self._data[key]

    def forget_all(self) -> None:
        """Let go of the matrices of every fold; they can be made again."""
        self._data.clear()

    def _make_fold_data(self, style: Style, fold: int) -> FoldData:
        train, valid = self.rows_of(fold)
        representation, X = Representation.fit_transform(
            self.frame[train],
            self.y[train],
            self.contract,
            self.task,
            style,
            seed=self.seed_of(fold),
            alone=tuple(self.monotone),
            together=None if self.together is None else self.together[train],
        )
        self._fitted.setdefault((style, fold), representation)
        empty = np.empty((0, X.shape[1]), dtype=np.float32)
        X_proof = empty if self.proof is None else representation.transform(self.proof)
        return FoldData(X, representation.transform(self.frame[valid]), X_proof)


def fold_count(rows: int) -> int:
    """Return into how many folds to divide a table of this many rows.

    Few rows are worth many folds, each of which leaves most rows to learn from; many rows too, of which time
    may allow the first only, and it should hold out few.
    """
    return next((folds for limit, folds in FOLDS_UP_TO_ROWS if rows <= limit), MANY_ROWS_FOLDS)
