"""What every transformer of one kind of column must do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import polars as pl

from modelwright.problem import Task

if TYPE_CHECKING:
    from spox import Var

    from modelwright.data import Column


class Style(StrEnum):
    """For whom the columns are turned into numbers.

    Attributes
    ----------
    TREE
        For learners that split: values as they are, missing values as NaN, categories as codes.
    LINEAR
        For learners that weigh and add: no missing values, comparable scales, one column per category.
    ENRICHED
        For learners that split: as `TREE`, and features made from several columns, where they tell more.
    """

    TREE = "tree"
    LINEAR = "linear"
    ENRICHED = "enriched"

    @property
    def of_columns(self) -> Style:
        """The style in which single columns are turned into numbers: `TREE` or `LINEAR`."""
        return Style.TREE if self is Style.ENRICHED else self


@dataclass(frozen=True)
class Setting:
    """What a transformer is told beside the rows it is fitted on.

    Attributes
    ----------
    task : Task
        ``binary``, ``multiclass`` or ``regression``.
    style : Style
        For whom the numbers are made: `TREE` or `LINEAR`.
    classes : tuple of str
        Label texts, in the order of the codes in `y`; empty for regression.
    seed : int
        Source of all randomness.
    together : numpy.ndarray or None
        int64 ``[n]``: rows of one number are alike (a group, copies of a row), so that what is made from the
        target for one of them does not rest on the others. None where every row stands for itself.
    """

    task: Task
    style: Style
    classes: tuple[str, ...] = ()
    seed: int = 0
    together: np.ndarray | None = field(default=None, compare=False, repr=False)


class ColumnTransformer(ABC):
    """All columns of one kind, turned into float32 features by numpy and by an ONNX graph alike.

    One transformer holds *all* columns of its kind, so that its graph treats them in one chain of nodes:
    a graph with a node per column spends more time between nodes than in them. A fitted transformer is a
    frozen dataclass, and its state is plain data. `modelwright.testing.check_column_transformer` checks every
    promise made here.

    Attributes
    ----------
    kind : str
        The kind of column it is for, as the contract names it.
    columns : tuple of str
        Names of the columns it was fitted on, in the order of the graph's matrix.
    names : tuple of str
        Names of the features it makes, all different.
    """

    kind: ClassVar[str]
    columns: tuple[str, ...]

    @property
    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """Names of the features, in order."""

    @property
    @abstractmethod
    def sources(self) -> tuple[int | tuple[int, ...], ...]:
        """Position in `columns` of the column that each feature is made from, or positions of several."""

    @property
    def rises(self) -> tuple[bool, ...]:
        """Whether each feature never falls where its column's present value grows."""
        return (False,) * len(self.names)

    @property
    def coded(self) -> tuple[int, ...]:
        """Positions of the features whose numbers are codes 0, 1, 2, … without a size; none by default."""
        return ()

    @property
    def moments(self) -> tuple[tuple[int, ...], ...]:
        """For each column that is a time, the positions of its day number and, if any, its hour."""
        return ()

    @classmethod
    @abstractmethod
    def fit(cls, frame: pl.DataFrame, columns: Sequence[Column], y: np.ndarray, setting: Setting) -> Self:
        """Learn from the rows given, and from nothing else.

        Parameters
        ----------
        frame : polars.DataFrame
            Conformed frame of `n` rows.
        columns : sequence of Column
            The contract's columns of this kind, in the contract's order; at least one.
        y : numpy.ndarray
            Class codes (int64) or values (float64), shape ``[n]``.
        setting : Setting
            Task, style, classes and seed.
        """

    @classmethod
    def fit_transform(
        cls, frame: pl.DataFrame, columns: Sequence[Column], y: np.ndarray, setting: Setting
    ) -> tuple[Self, np.ndarray]:
        """Fit, and give the features for training on the same rows.

        Differs from ``fit`` then ``transform`` only where a feature is made from the target: there each
        row's value comes from a fit without that row.

        Returns
        -------
        tuple of (ColumnTransformer, numpy.ndarray)
            The fitted transformer and float32 ``[n, d]``.
        """
        fitted = cls.fit(frame, columns, y, setting)
        return fitted, fitted.transform(frame)

    @abstractmethod
    def transform(self, frame: pl.DataFrame) -> np.ndarray:
        """Return float32 ``[n, d]`` for the rows of a conformed frame."""

    @abstractmethod
    def graph(self, matrix: Var) -> Var:
        """Return the same as `transform`, as an ONNX graph.

        Parameters
        ----------
        matrix : spox.Var
            This kind's columns, as `modelwright.data.matrices` gives them: float32 ``[N, k]`` for numbers
            and booleans, strings for categories, int64 seconds for times.

        Returns
        -------
        spox.Var
            float32 ``[N, d]``.
        """

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Return the fitted state as data that JSON can hold exactly."""

    @classmethod
    @abstractmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the transformer whose `to_dict` is `state`."""
