"""What combinations are made from: the features of single columns, for the rows given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from modelwright.features.target import Targets, fold_of_rows
from modelwright.features.transformer import Setting

WIDTH = 3
"""Most columns of the target whose means are candidates: for many classes, the most frequent ones."""


@dataclass(frozen=True, eq=False)
class Base:
    """The features of single columns, and the target of the same rows.

    Attributes
    ----------
    matrix : numpy.ndarray
        float32 ``[n, d]``, NaN where missing.
    coded : tuple of int
        Positions of the features whose numbers are codes: 0, 1, 2, … by frequency, without a size.
    columns : tuple of int
        Which column each feature is made from.
    moments : tuple of tuple of int
        For each time, the positions of its day number and, if any, its hour.
    alone : tuple of int
        Positions of the features that are combined with no other.
    y : numpy.ndarray
        Class codes (int64) or values (float64), ``[n]``.
    setting : Setting
        Task, style, classes and seed.
    targets : Targets
        The target as columns whose means are worth knowing.
    folds : numpy.ndarray
        int64 ``[n]``, each row's part for cross-fitting.
    """

    matrix: np.ndarray
    coded: tuple[int, ...]
    columns: tuple[int, ...]
    moments: tuple[tuple[int, ...], ...]
    alone: tuple[int, ...]
    y: np.ndarray
    setting: Setting
    targets: Targets
    folds: np.ndarray

    @classmethod
    def of(
        cls,
        matrix: np.ndarray,
        coded: Sequence[int],
        y: np.ndarray,
        setting: Setting,
        *,
        columns: Sequence[int] = (),
        moments: Sequence[tuple[int, ...]] = (),
        alone: Sequence[int] = (),
    ) -> Self:
        """Return features of single columns with what their combinations need of the target.

        Without `columns`, each feature has a column of its own.
        """
        width = max(1, min(WIDTH, len(setting.classes) - 1))
        folds = fold_of_rows(len(y), setting.seed, setting.together)
        targets = Targets.of(y, setting, width)
        of = tuple(columns) or tuple(range(matrix.shape[1]))
        return cls(matrix, tuple(coded), of, tuple(moments), tuple(alone), y, setting, targets, folds)

    def sample(self, rows: np.ndarray) -> Self:
        """Return some of the rows, with the whole's cross-fitting parts."""
        targets = Targets.of(self.y[rows], self.setting, len(self.targets.names))
        return replace(
            self, matrix=self.matrix[rows], y=self.y[rows], targets=targets, folds=self.folds[rows]
        )
