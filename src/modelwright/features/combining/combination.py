"""What every kind of combination must do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from modelwright.features.combining.base import Base

if TYPE_CHECKING:
    from spox import Var


@dataclass(frozen=True, order=True)
class Recipe:
    """One combination: what is done with which features.

    Attributes
    ----------
    kind : str
        The kind of combination.
    operation : str
        What is done.
    of : tuple of int
        Positions of the features that it is made from.
    column : int
        Of the target, where a mean of the target is made.
    """

    kind: str
    operation: str
    of: tuple[int, ...]
    column: int = 0

    def to_list(self) -> list[Any]:
        """Return the recipe as data."""
        return [self.kind, self.operation, list(self.of), self.column]

    @classmethod
    def from_list(cls, state: list[Any]) -> Self:
        """Return the recipe whose `to_list` is `state`."""
        kind, operation, of, column = state
        return cls(kind, operation, tuple(of), column)


class Combination(ABC):
    """Combinations of one kind: float32 features from float32 features, by numpy and by a graph alike.

    One object holds all combinations of its kind, so that its graph makes them in one chain of nodes.

    Attributes
    ----------
    kind : str
        The kind, as recipes name it.
    recipes : tuple of Recipe
        One for each feature made, in order.
    """

    kind: ClassVar[str]
    recipes: tuple[Recipe, ...]

    @classmethod
    @abstractmethod
    def fit(cls, recipes: Sequence[Recipe], base: Base) -> Self:
        """Learn from the rows given, and from nothing else.

        Parameters
        ----------
        recipes : sequence of Recipe
            At least one, all of this kind.
        base : Base
            The features of single columns.
        """

    @classmethod
    def fit_transform(cls, recipes: Sequence[Recipe], base: Base) -> tuple[Self, np.ndarray]:
        """Fit, and give the features for training on the same rows.

        Differs from ``fit`` then ``apply`` only where a feature is made from the target: there each row's
        value comes from other rows.
        """
        fitted = cls.fit(recipes, base)
        return fitted, fitted.apply(base.matrix)

    @abstractmethod
    def apply(self, matrix: np.ndarray) -> np.ndarray:
        """Return float32 ``[n, recipes]`` for features of single columns, float32 ``[n, d]``."""

    @abstractmethod
    def graph(self, matrix: Var) -> Var:
        """Return the same as `apply`, as a graph."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Return the fitted state as data that JSON can hold exactly."""

    @classmethod
    @abstractmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the combinations whose `to_dict` is `state`."""

    @abstractmethod
    def names(self, features: Sequence[str]) -> tuple[str, ...]:
        """Return the names of the features made, from those of the features of single columns."""
