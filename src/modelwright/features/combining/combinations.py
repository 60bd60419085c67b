"""The combinations that were kept, of all kinds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from modelwright.features.combining.base import Base
from modelwright.features.combining.combination import Combination, Recipe
from modelwright.features.combining.making import KINDS, made
from modelwright.features.combining.screening import screened

if TYPE_CHECKING:
    from spox import Var


@dataclass(frozen=True, eq=False)
class Combinations:
    """Features made from several others.

    Attributes
    ----------
    parts : tuple of Combination
        One for each kind of which some were kept.
    """

    parts: tuple[Combination, ...]

    @classmethod
    def fit_transform(cls, base: Base) -> tuple[Self, np.ndarray]:
        """Screen combinations, fit those that are kept, and give float32 ``[n, kept]`` to train on."""
        parts, features = made(screened(base), base)
        return cls(parts), features

    @property
    def recipes(self) -> tuple[Recipe, ...]:
        """What each feature is made of, in order."""
        return tuple(recipe for part in self.parts for recipe in part.recipes)

    def names(self, features: Sequence[str]) -> tuple[str, ...]:
        """Return the names of the features made, from those of the features of single columns."""
        return tuple(name for part in self.parts for name in part.names(features))

    def apply(self, matrix: np.ndarray) -> np.ndarray:
        """Return float32 ``[n, d + kept]``: the features of single columns, then the combinations."""
        return np.concatenate([matrix, *(part.apply(matrix) for part in self.parts)], axis=1)

    def graph(self, matrix: Var) -> Var:
        """Return the same as `apply`, as a graph."""
        import spox.opset.ai.onnx.v21 as op

        return op.concat([matrix, *(part.graph(matrix) for part in self.parts)], axis=1)

    def to_dict(self) -> dict[str, Any]:
        """Return the fitted state as data that JSON can hold exactly."""
        return {"parts": [{"kind": part.kind, "state": part.to_dict()} for part in self.parts]}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the combinations whose `to_dict` is `state`."""
        return cls(tuple(KINDS[part["kind"]].from_dict(part["state"]) for part in state["parts"]))
