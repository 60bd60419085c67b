"""Tables read by the cells of one or two features: how frequent they are, what the target was there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from modelwright.features.arrays import to_array, to_list
from modelwright.features.combining.base import Base
from modelwright.features.combining.cells import Cells
from modelwright.features.combining.combination import Combination, Recipe

if TYPE_CHECKING:
    from spox import Var

MEAN, RANK = "mean", "rank"


@dataclass(frozen=True, eq=False)
class Cross(Combination):
    """Crosses of categories and of numbers cut into intervals.

    ``rank`` is the code of a pair of cells, 0 for the most frequent one; ``mean`` the smoothed mean of the
    target for a cell or a pair (see `Targets.encode`), for training rows from the other folds' rows.

    Attributes
    ----------
    recipes : tuple of Recipe
        One for each feature.
    cells : Cells
        The numbering of the features that are crossed.
    tables : tuple of numpy.ndarray
        float32 ``[cells]`` or ``[cells of the first * cells of the second]`` for each feature.
    classes : tuple of str
        What the columns of the target stand for.
    """

    kind: ClassVar[str] = "cross"
    recipes: tuple[Recipe, ...]
    cells: Cells
    tables: tuple[np.ndarray, ...]
    classes: tuple[str, ...]

    @classmethod
    def fit(cls, recipes: Sequence[Recipe], base: Base) -> Self:
        """Learn the tables."""
        cells, levels = _look(recipes, base)
        tables = [
            _ranks(found, size)
            if recipe.operation == RANK
            else base.targets.column(recipe.column).encode(found, size)[:, 0]
            for recipe, (found, size) in zip(recipes, levels, strict=True)
        ]
        return cls(tuple(recipes), cells, tuple(tables), base.targets.names)

    @classmethod
    def fit_transform(cls, recipes: Sequence[Recipe], base: Base) -> tuple[Self, np.ndarray]:
        """Fit, and give features for the same rows whose means come from the other folds' rows."""
        fitted, (_, levels) = cls.fit(recipes, base), _look(recipes, base)
        features = np.empty((len(base.matrix), len(recipes)), dtype=np.float32)
        for at, (recipe, (found, size)) in enumerate(zip(recipes, levels, strict=True)):
            if recipe.operation == RANK:
                features[:, at] = fitted.tables[at][found]
            else:
                targets = base.targets.column(recipe.column)
                features[:, at] = targets.cross_fit(found, size, base.folds)[:, 0]
        return fitted, features

    def apply(self, matrix: np.ndarray) -> np.ndarray:
        """Return float32 ``[n, recipes]``."""
        cells = self.cells.apply(matrix)
        features = np.empty((len(matrix), len(self.recipes)), dtype=np.float32)
        for at, (recipe, table) in enumerate(zip(self.recipes, self.tables, strict=True)):
            features[:, at] = table[_paired(recipe, self.cells, cells)[0]]
        return features

    def graph(self, matrix: Var) -> Var:
        """Return the same as `apply`, as a graph."""
        import spox.opset.ai.onnx.v21 as op

        where = {position: at for at, position in enumerate(self.cells.positions)}
        sides = np.array([(where[each.of[0]], where[each.of[-1]]) for each in self.recipes])
        steps = [self.cells.sizes[right] for right in sides[:, 1]]
        steps = [step if len(each.of) > 1 else 0 for each, step in zip(self.recipes, steps, strict=True)]
        starts = np.cumsum([0, *(len(table) for table in self.tables)])[:-1]
        cells = self.cells.graph(matrix)
        left, right = (op.gather(cells, op.const(side), axis=1) for side in sides.T.copy())
        at = op.add(op.mul(left, op.const(np.array(steps, dtype=np.int64))), right)
        return op.gather(op.const(np.concatenate(self.tables)), op.add(at, op.const(starts)))

    def names(self, features: Sequence[str]) -> tuple[str, ...]:
        """Return names such as ``job x region: mean of the target``."""
        return tuple(
            f"{' x '.join(features[at] for at in each.of)}"
            + (
                ": rank"
                if each.operation == RANK
                else f": mean of {self.classes[each.column] or 'the target'}"
            )
            for each in self.recipes
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the fitted state as data."""
        return {
            "recipes": [recipe.to_list() for recipe in self.recipes],
            "cells": self.cells.to_dict(),
            "tables": [to_list(table) for table in self.tables],
            "classes": list(self.classes),
        }

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the combinations whose `to_dict` is `state`."""
        return cls(
            tuple(Recipe.from_list(recipe) for recipe in state["recipes"]),
            Cells.from_dict(state["cells"]),
            tuple(to_array(table) for table in state["tables"]),
            tuple(state["classes"]),
        )


def _look(recipes: Sequence[Recipe], base: Base) -> tuple[Cells, list[tuple[np.ndarray, int]]]:
    """Return the numbering of the features crossed, and each recipe's cells of the rows with their number."""
    cells = Cells.fit(sorted({at for recipe in recipes for at in recipe.of}), base)
    found = cells.apply(base.matrix)
    return cells, [_paired(recipe, cells, found) for recipe in recipes]


def _paired(recipe: Recipe, cells: Cells, found: np.ndarray) -> tuple[np.ndarray, int]:
    """Return the cells or pairs of cells of the rows, and how many there are."""
    first, *second = (cells.positions.index(at) for at in recipe.of)
    if not second:
        return found[:, first], cells.sizes[first]
    width = cells.sizes[second[0]]
    return found[:, first] * width + found[:, second[0]], cells.sizes[first] * width


def _ranks(found: np.ndarray, size: int) -> np.ndarray:
    """Return each cell's rank by frequency as float32; cells without rows share the last."""
    counts = np.bincount(found, minlength=size)
    ranks = np.empty(size, dtype=np.float32)
    ranks[np.argsort(-counts, kind="stable")] = np.arange(size)
    return np.minimum(ranks, np.float32(np.count_nonzero(counts)))
