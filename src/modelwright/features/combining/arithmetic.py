"""Sums, differences, products and ratios of two features."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from modelwright.features.arrays import LARGEST
from modelwright.features.combining.base import Base
from modelwright.features.combining.combination import Combination, Recipe

if TYPE_CHECKING:
    from spox import Var


def ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Return float32 `above` over `below`, NaN where `below` is 0."""
    with np.errstate(all="ignore"):
        divided: np.ndarray = np.where(below == 0, np.float32(np.nan), above / below)
    return divided


def ratio_graph(above: Var, below: Var) -> Var:
    """Return the same as `ratio`, as a graph."""
    import spox.opset.ai.onnx.v21 as op

    nothing = op.equal(below, op.const(np.float32(0)))
    return op.where(nothing, op.const(np.float32(np.nan)), op.div(above, below))


def bounded(features: np.ndarray) -> np.ndarray:
    """Return float32 features without infinities."""
    finite: np.ndarray = np.clip(features, -LARGEST, LARGEST, dtype=np.float32)
    return finite


def bounded_graph(features: Var) -> Var:
    """Return the same as `bounded`, as a graph."""
    import spox.opset.ai.onnx.v21 as op

    return op.clip(features, op.const(-LARGEST), op.const(LARGEST))


_OPERATIONS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": ratio,
}
OPERATIONS = tuple(_OPERATIONS)


@dataclass(frozen=True, eq=False)
class Arithmetic(Combination):
    """Sums, differences, products and ratios; missing where one of both is, or where the divisor is 0.

    Attributes
    ----------
    recipes : tuple of Recipe
        One for each feature, those with the same operation side by side.
    """

    kind: ClassVar[str] = "arithmetic"
    recipes: tuple[Recipe, ...]

    @classmethod
    def fit(cls, recipes: Sequence[Recipe], base: Base) -> Self:  # noqa: ARG003
        """Nothing is learned from rows."""
        return cls(tuple(sorted(recipes, key=lambda each: OPERATIONS.index(each.operation))))

    def apply(self, matrix: np.ndarray) -> np.ndarray:
        """Return float32 ``[n, recipes]``."""
        with np.errstate(all="ignore"):
            parts = [
                _OPERATIONS[operation](matrix[:, left], matrix[:, right])
                for operation, left, right in self._grouped()
            ]
        return bounded(np.concatenate(parts, axis=1))

    def graph(self, matrix: Var) -> Var:
        """Return the same as `apply`, as a graph."""
        import spox.opset.ai.onnx.v21 as op

        nodes = {"+": op.add, "-": op.sub, "*": op.mul, "/": ratio_graph}
        parts = [
            nodes[operation](
                op.gather(matrix, op.const(np.array(left)), axis=1),
                op.gather(matrix, op.const(np.array(right)), axis=1),
            )
            for operation, left, right in self._grouped()
        ]
        return bounded_graph(op.concat(parts, axis=1))

    def names(self, features: Sequence[str]) -> tuple[str, ...]:
        """Return names such as ``rooms / households``."""
        return tuple(
            f"{features[each.of[0]]} {each.operation} {features[each.of[1]]}" for each in self.recipes
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the recipes as data."""
        return {"recipes": [recipe.to_list() for recipe in self.recipes]}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the combinations whose `to_dict` is `state`."""
        return cls(tuple(Recipe.from_list(recipe) for recipe in state["recipes"]))

    def _grouped(self) -> list[tuple[str, list[int], list[int]]]:
        """Return each operation with the positions of its left and right features."""
        return [
            (
                operation,
                [each.of[0] for each in self.recipes if each.operation == operation],
                [each.of[1] for each in self.recipes if each.operation == operation],
            )
            for operation in dict.fromkeys(each.operation for each in self.recipes)
        ]
