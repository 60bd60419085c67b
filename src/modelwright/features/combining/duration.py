"""Hours between two times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from modelwright.features.combining.arithmetic import bounded, bounded_graph
from modelwright.features.combining.base import Base
from modelwright.features.combining.combination import Combination, Recipe

if TYPE_CHECKING:
    from spox import Var

HOURS = "-"
_DAY = np.float32(24)


@dataclass(frozen=True, eq=False)
class Duration(Combination):
    """Hours from one time to another, from the day numbers and hours of both; missing where one of them is.

    Attributes
    ----------
    recipes : tuple of Recipe
        One for each feature: of the later day number and hour, then the earlier ones.
    """

    kind: ClassVar[str] = "duration"
    recipes: tuple[Recipe, ...]

    @classmethod
    def fit(cls, recipes: Sequence[Recipe], base: Base) -> Self:  # noqa: ARG003
        """Nothing is learned from rows."""
        return cls(tuple(recipes))

    def apply(self, matrix: np.ndarray) -> np.ndarray:
        """Return float32 ``[n, recipes]``."""
        day, hour, other_day, other_hour = (matrix[:, positions] for positions in self._positions)
        with np.errstate(all="ignore"):
            hours = (day - other_day) * _DAY + (hour - other_hour)
        return bounded(hours)

    def graph(self, matrix: Var) -> Var:
        """Return the same as `apply`, as a graph."""
        import spox.opset.ai.onnx.v21 as op

        day, hour, other_day, other_hour = (
            op.gather(matrix, op.const(positions), axis=1) for positions in self._positions
        )
        days = op.mul(op.sub(day, other_day), op.const(_DAY))
        return bounded_graph(op.add(days, op.sub(hour, other_hour)))

    def names(self, features: Sequence[str]) -> tuple[str, ...]:
        """Return names such as ``closed: day number - opened: day number, in hours``."""
        return tuple(f"{features[each.of[0]]} - {features[each.of[2]]}, in hours" for each in self.recipes)

    def to_dict(self) -> dict[str, Any]:
        """Return the recipes as data."""
        return {"recipes": [recipe.to_list() for recipe in self.recipes]}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the combinations whose `to_dict` is `state`."""
        return cls(tuple(Recipe.from_list(recipe) for recipe in state["recipes"]))

    @property
    def _positions(self) -> np.ndarray:
        """int64 ``[4, recipes]``."""
        return np.array([recipe.of for recipe in self.recipes], dtype=np.int64).T
