"""Numbers held against the mean of their group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from modelwright.features.arrays import LARGEST, to_array, to_list
from modelwright.features.combining.arithmetic import bounded, bounded_graph, ratio, ratio_graph
from modelwright.features.combining.base import Base
from modelwright.features.combining.cells import Cells
from modelwright.features.combining.combination import Combination, Recipe

if TYPE_CHECKING:
    from spox import Var

LESS, OVER = "-", "/"


@dataclass(frozen=True, eq=False)
class Group(Combination):
    """A number less the mean of its group, or over it; a group is a category or an interval of a number.

    Attributes
    ----------
    recipes : tuple of Recipe
        One for each feature: of a number and what it is grouped by. Differences come before ratios.
    cells : Cells
        The numbering of the groups.
    means : tuple of numpy.ndarray
        float32 ``[groups]`` for each feature; of all rows for a group without any.
    """

    kind: ClassVar[str] = "group"
    recipes: tuple[Recipe, ...]
    cells: Cells
    means: tuple[np.ndarray, ...]

    @classmethod
    def fit(cls, recipes: Sequence[Recipe], base: Base) -> Self:
        """Learn the groups' means."""
        ordered = sorted(recipes, key=lambda each: each.operation == OVER)
        cells = Cells.fit(sorted({recipe.of[1] for recipe in ordered}), base)
        found = cells.apply(base.matrix)
        means = []
        for recipe in ordered:
            at = cells.positions.index(recipe.of[1])
            means.append(_means(base.matrix[:, recipe.of[0]], found[:, at], cells.sizes[at]))
        return cls(tuple(ordered), cells, tuple(means))

    def apply(self, matrix: np.ndarray) -> np.ndarray:
        """Return float32 ``[n, recipes]``."""
        cells = self.cells.apply(matrix)
        groups = [self.cells.positions.index(recipe.of[1]) for recipe in self.recipes]
        means = np.stack(
            [table[cells[:, group]] for table, group in zip(self.means, groups, strict=True)], axis=1
        )
        numbers = matrix[:, [recipe.of[0] for recipe in self.recipes]]
        cut = self._differences
        with np.errstate(all="ignore"):
            less, over = numbers[:, :cut] - means[:, :cut], ratio(numbers[:, cut:], means[:, cut:])
        return bounded(np.concatenate([less, over], axis=1))

    def graph(self, matrix: Var) -> Var:
        """Return the same as `apply`, as a graph."""
        import spox.opset.ai.onnx.v21 as op

        groups = np.array([self.cells.positions.index(recipe.of[1]) for recipe in self.recipes])
        starts = np.cumsum([0, *(len(table) for table in self.means)])[:-1]
        cells = op.add(op.gather(self.cells.graph(matrix), op.const(groups), axis=1), op.const(starts))
        means = op.gather(op.const(np.concatenate(self.means)), cells)
        positions = np.array([recipe.of[0] for recipe in self.recipes])
        numbers = op.gather(matrix, op.const(positions), axis=1)
        cut = self._differences
        parts = []
        for chosen, node in ((np.arange(cut), op.sub), (np.arange(cut, len(positions)), ratio_graph)):
            if len(chosen):
                sides = (op.gather(each, op.const(chosen), axis=1) for each in (numbers, means))
                parts.append(node(*sides))
        return bounded_graph(op.concat(parts, axis=1))

    def names(self, features: Sequence[str]) -> tuple[str, ...]:
        """Return names such as ``income - its mean by region``."""
        return tuple(
            f"{features[each.of[0]]} {each.operation} its mean by {features[each.of[1]]}"
            for each in self.recipes
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the fitted state as data."""
        return {
            "recipes": [recipe.to_list() for recipe in self.recipes],
            "cells": self.cells.to_dict(),
            "means": [to_list(table) for table in self.means],
        }

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the combinations whose `to_dict` is `state`."""
        return cls(
            tuple(Recipe.from_list(recipe) for recipe in state["recipes"]),
            Cells.from_dict(state["cells"]),
            tuple(to_array(table) for table in state["means"]),
        )

    @property
    def _differences(self) -> int:
        return sum(recipe.operation == LESS for recipe in self.recipes)


def _means(values: np.ndarray, groups: np.ndarray, size: int) -> np.ndarray:
    """Return each group's mean as float32, over the rows where the number is not missing."""
    known = ~np.isnan(values)
    wide, groups = values[known].astype(np.float64), groups[known]
    count = np.bincount(groups, minlength=size)
    total = np.bincount(groups, weights=wide, minlength=size)
    overall = wide.mean() if wide.size else 0.0
    means = np.where(count > 0, total / np.maximum(count, 1), overall)
    return np.clip(means, -LARGEST, LARGEST).astype(np.float32)
