"""The representation: every kind of column joined into one matrix of features."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import polars as pl

from modelwright.errors import DataError
from modelwright.features.share import KINDS, MATRIX_OF, Share, shares_of
from modelwright.features.transformer import ColumnTransformer, Setting, Style
from modelwright.problem import Task

if TYPE_CHECKING:
    from spox import Var

    from modelwright.data import Contract


@dataclass(frozen=True, eq=False)
class Part:
    """One kind's transformer and where its columns are.

    Attributes
    ----------
    transformer : ColumnTransformer
        The fitted transformer.
    positions : tuple of int or None
        Where its columns are in their matrix of the graph's inputs; None where they are the whole matrix.
    """

    transformer: ColumnTransformer
    positions: tuple[int, ...] | None


@dataclass(frozen=True, eq=False)
class Representation:
    """The fitted feature transformers: a conformed frame in, float32 features out.

    Attributes
    ----------
    style : Style
        For whom the features are made: ``tree`` or ``linear``.
    parts : tuple of Part
        One for each kind of column that the contract has.
    """

    style: Style
    parts: tuple[Part, ...]

    @classmethod
    def fit(
        cls, frame: pl.DataFrame, y: np.ndarray, contract: Contract, task: Task, style: str, seed: int
    ) -> Self:
        """Learn from the rows given, and from nothing else.

        Parameters
        ----------
        frame : polars.DataFrame
            Conformed frame of at least one row.
        y : numpy.ndarray
            Class codes (int64) or values (float64), one per row.
        contract : Contract
            Names, kinds and categories of the columns.
        task : Task
            ``binary``, ``multiclass`` or ``regression``.
        style : str
            ``tree`` or ``linear``.
        seed : int
            Source of all randomness.

        Returns
        -------
        Representation

        Raises
        ------
        DataError
            When the contract has no column to learn from, or there is no row.
        """
        setting = Setting(Task(task), Style(style), tuple(contract.classes), seed)
        shares = shares_of(contract)
        _check_columns(frame, [column.name for share in shares for column in share.columns])
        _check_target(frame, y)
        fitted = [share.transformer.fit(frame, share.columns, y, setting) for share in shares]
        return cls._joined(setting.style, shares, fitted)

    @classmethod
    def fit_transform(
        cls, frame: pl.DataFrame, y: np.ndarray, contract: Contract, task: Task, style: str, seed: int
    ) -> tuple[Self, np.ndarray]:
        """Fit, and give the features to train on for the same rows.

        Where a feature is made from the target, each of these rows has a value from a fit without it; so
        the features differ from what `transform` gives for the same rows. Parameters as for `fit`.

        Returns
        -------
        tuple of (Representation, numpy.ndarray)
            The fitted representation and float32 ``[n, d]``.
        """
        setting = Setting(Task(task), Style(style), tuple(contract.classes), seed)
        shares = shares_of(contract)
        _check_columns(frame, [column.name for share in shares for column in share.columns])
        _check_target(frame, y)
        done = [share.transformer.fit_transform(frame, share.columns, y, setting) for share in shares]
        features = np.concatenate([part for _, part in done], axis=1, dtype=np.float32)
        return cls._joined(setting.style, shares, [fitted for fitted, _ in done]), features

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the features, in order."""
        return _distinct([name for part in self.parts for name in part.transformer.names])

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Name of the column that each feature is made from, in the order of `names`."""
        return tuple(part.transformer.columns[at] for part in self.parts for at in part.transformer.sources)

    def directions(self, of_columns: Mapping[str, int]) -> tuple[int, ...]:
        """Return for each feature the direction in which the prediction must go with it.

        Parameters
        ----------
        of_columns : mapping of str to int
            For columns that have one: 1 where the prediction must not fall as the column grows, -1 where it
            must not rise.

        Returns
        -------
        tuple of int
            1, -1, or 0 where there is none; empty where no column has a direction.
        """
        if not of_columns:
            return ()
        rises = (rising for part in self.parts for rising in part.transformer.rises)
        return tuple(
            of_columns.get(column, 0) * rising for column, rising in zip(self.sources, rises, strict=True)
        )

    def transform(self, frame: pl.DataFrame) -> np.ndarray:
        """Return float32 ``[n, d]`` for the rows of a conformed frame."""
        _check_columns(frame, [name for part in self.parts for name in part.transformer.columns])
        features = [part.transformer.transform(frame) for part in self.parts]
        return features[0] if len(features) == 1 else np.concatenate(features, axis=1, dtype=np.float32)

    def graph(self, numbers: Var | None, texts: Var | None, times: Var | None) -> Var:
        """Return the same as `transform`, as an ONNX graph.

        Parameters
        ----------
        numbers, texts, times : spox.Var or None
            The matrices that `modelwright.data.matrices` gives: float32 ``[N, k]`` with NaN where missing,
            strings ``[N, m]`` with an empty text where missing, int64 seconds ``[N, t]`` with the least
            int64 where missing. None where the contract has no such column.

        Returns
        -------
        spox.Var
            float32 ``[N, d]``.
        """
        import spox.opset.ai.onnx.v21 as op

        features = []
        for part in self.parts:
            matrix = (numbers, texts, times)[MATRIX_OF[part.transformer.kind]]
            if matrix is None:
                raise DataError(f"the graph needs the input that holds {part.transformer.columns}")
            if part.positions is not None:
                matrix = op.gather(matrix, op.const(np.array(part.positions, dtype=np.int64)), axis=1)
            features.append(part.transformer.graph(matrix))
        return op.concat(features, axis=1) if len(features) > 1 else features[0]

    def to_dict(self) -> dict[str, Any]:
        """Return the fitted state as data that JSON can hold exactly."""
        parts = [
            {
                "kind": part.transformer.kind,
                "positions": None if part.positions is None else list(part.positions),
                "state": part.transformer.to_dict(),
            }
            for part in self.parts
        ]
        return {"style": str(self.style), "parts": parts}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the representation whose `to_dict` is `state`."""
        parts = (
            Part(
                KINDS[part["kind"]].from_dict(part["state"]),
                None if part["positions"] is None else tuple(part["positions"]),
            )
            for part in state["parts"]
        )
        return cls(Style(state["style"]), tuple(parts))

    @classmethod
    def _joined(cls, style: Style, shares: list[Share], fitted: list[ColumnTransformer]) -> Self:
        parts = (Part(part, share.positions) for part, share in zip(fitted, shares, strict=True))
        return cls(style, tuple(parts))


def _check_target(frame: pl.DataFrame, y: np.ndarray) -> None:
    if not frame.height or frame.height != len(y):
        raise DataError(
            f"fitting needs at least one row and a target for each, but got {frame.height} rows and "
            f"{len(y)} targets"
        )
    if not np.isfinite(y).all():
        raise DataError("fitting needs a finite target in each row: drop the rows without one")


def _check_columns(frame: pl.DataFrame, columns: list[str]) -> None:
    absent = [name for name in columns if name not in frame.columns]
    if absent:
        raise DataError(
            f"the frame lacks the columns {absent}: give the frame that modelwright.data.conform returns"
        )


def _distinct(names: list[str]) -> tuple[str, ...]:
    """Return the names, numbered where a column is called like a feature made from another one."""
    given: dict[str, None] = {}
    for name in names:
        number, free = 1, name
        while free in given:
            number += 1
            free = f"{name} ({number})"
        given[free] = None
    return tuple(given)
