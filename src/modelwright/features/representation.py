"""The representation: every kind of column joined into one matrix of features."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import polars as pl

from modelwright.errors import DataError
from modelwright.features.combining import Base, Combinations
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
        For whom the features are made: ``tree``, ``linear`` or ``enriched``.
    parts : tuple of Part
        One for each kind of column that the contract has.
    combinations : Combinations or None
        Features made from those of several columns, for the style ``enriched`` alone.
    """

    style: Style
    parts: tuple[Part, ...]
    combinations: Combinations | None = None

    @classmethod
    def fit(
        cls,
        frame: pl.DataFrame,
        y: np.ndarray,
        contract: Contract,
        task: Task,
        style: str,
        seed: int,
        alone: Collection[str] = (),
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
            ``tree``, ``linear`` or ``enriched``.
        seed : int
            Source of all randomness.
        alone : collection of str
            Columns that are combined with no other, as where predictions keep to a direction along them.

        Returns
        -------
        Representation

        Raises
        ------
        DataError
            When the contract has no column to learn from, or there is no row.
        """
        if Style(style) is Style.ENRICHED:  # what is kept is decided by features that are cross-fitted
            return cls.fit_transform(frame, y, contract, task, style, seed, alone)[0]
        setting = Setting(Task(task), Style(style), tuple(contract.classes), seed)
        shares = _checked_shares(frame, y, contract, alone)
        fitted = [share.transformer.fit(frame, share.columns, y, setting) for share in shares]
        return cls._joined(setting.style, shares, fitted)

    @classmethod
    def fit_transform(
        cls,
        frame: pl.DataFrame,
        y: np.ndarray,
        contract: Contract,
        task: Task,
        style: str,
        seed: int,
        alone: Collection[str] = (),
        *,
        together: np.ndarray | None = None,
    ) -> tuple[Self, np.ndarray]:
        """Fit, and give the features to train on for the same rows.

        Where a feature is made from the target, each of these rows has a value from a fit without it; so
        the features differ from what `transform` gives for the same rows. Parameters as for `fit`, and
        `together` as `Setting` has it.

        Returns
        -------
        tuple of (Representation, numpy.ndarray)
            The fitted representation and float32 ``[n, d]``.
        """
        setting = Setting(Task(task), Style(style).of_columns, tuple(contract.classes), seed, together)
        shares = _checked_shares(frame, y, contract, alone)
        done = [share.transformer.fit_transform(frame, share.columns, y, setting) for share in shares]
        features = np.concatenate([part for _, part in done], axis=1, dtype=np.float32)
        joined = cls._joined(Style(style), shares, [fitted for fitted, _ in done])
        if joined.style is not Style.ENRICHED:
            return joined, features
        numbered = {columns: at for at, columns in enumerate(dict.fromkeys(joined.sources))}
        base = Base.of(
            features,
            _coded(joined.parts),
            y,
            setting,
            columns=[numbered[columns] for columns in joined.sources],
            moments=_moments(joined.parts),
            alone=[at for at, columns in enumerate(joined.sources) if not set(columns).isdisjoint(alone)],
        )
        combinations, more = Combinations.fit_transform(base)
        return replace(joined, combinations=combinations), np.concatenate([features, more], axis=1)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the features, in order."""
        single = _distinct([name for part in self.parts for name in part.transformer.names])
        return _distinct([*single, *self.combinations.names(single)]) if self.combinations else single

    @cached_property
    def sources(self) -> tuple[tuple[str, ...], ...]:
        """Names of the columns that each feature is made from, in the order of `names`."""
        single = [
            tuple(part.transformer.columns[at] for at in ((of,) if isinstance(of, int) else of))
            for part in self.parts
            for of in part.transformer.sources
        ]
        several = [recipe.of for recipe in self.combinations.recipes] if self.combinations else []
        joined = (tuple(dict.fromkeys(name for at in of for name in single[at])) for of in several)
        return (*single, *joined)

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

        Raises
        ------
        DataError
            When one of these columns is combined with others.
        """
        if not of_columns:
            return ()
        rises = [rising for part in self.parts for rising in part.transformer.rises]
        rises += [False] * (len(self.sources) - len(rises))
        several = [columns for columns in self.sources if len(columns) > 1]
        both = [columns for columns in several if not of_columns.keys().isdisjoint(columns)]
        if both:
            raise DataError(
                f"a feature is made from {both[0]} together, so predictions cannot keep to a direction: fit "
                f"the representation with alone={sorted(of_columns)}"
            )
        return tuple(
            of_columns.get(columns[0], 0) * rising
            for columns, rising in zip(self.sources, rises, strict=True)
        )

    def transform(self, frame: pl.DataFrame) -> np.ndarray:
        """Return float32 ``[n, d]`` for the rows of a conformed frame."""
        _check_columns(frame, [name for part in self.parts for name in part.transformer.columns])
        parts = [part.transformer.transform(frame) for part in self.parts]
        features = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1, dtype=np.float32)
        return self.combinations.apply(features) if self.combinations else features

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

        parts = []
        for part in self.parts:
            matrix = (numbers, texts, times)[MATRIX_OF[part.transformer.kind]]
            if matrix is None:
                raise DataError(f"the graph needs the input that holds {part.transformer.columns}")
            if part.positions is not None:
                matrix = op.gather(matrix, op.const(np.array(part.positions, dtype=np.int64)), axis=1)
            parts.append(part.transformer.graph(matrix))
        features = op.concat(parts, axis=1) if len(parts) > 1 else parts[0]
        return self.combinations.graph(features) if self.combinations else features

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
        combinations = self.combinations.to_dict() if self.combinations else None
        return {"style": str(self.style), "parts": parts, "combinations": combinations}

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
        combinations = state.get("combinations")
        return cls(
            Style(state["style"]),
            tuple(parts),
            Combinations.from_dict(combinations) if combinations else None,
        )

    @classmethod
    def _joined(cls, style: Style, shares: list[Share], fitted: list[ColumnTransformer]) -> Self:
        parts = (Part(part, share.positions) for part, share in zip(fitted, shares, strict=True))
        return cls(style, tuple(parts))


def _coded(parts: tuple[Part, ...]) -> tuple[int, ...]:
    """Return the positions of the features that are codes."""
    return tuple(start + at for start, part in _placed(parts) for at in part.transformer.coded)


def _moments(parts: tuple[Part, ...]) -> tuple[tuple[int, ...], ...]:
    """Return for each time column the positions of its day number and hour."""
    return tuple(
        tuple(start + at for at in of) for start, part in _placed(parts) for of in part.transformer.moments
    )


def _placed(parts: tuple[Part, ...]) -> list[tuple[int, Part]]:
    """Return each part with the position of its first feature."""
    widths = [len(part.transformer.names) for part in parts]
    return [(sum(widths[:at]), part) for at, part in enumerate(parts)]


def _checked_shares(
    frame: pl.DataFrame, y: np.ndarray, contract: Contract, alone: Collection[str]
) -> list[Share]:
    """Return what each transformer gets, once frame and target are known to be fit to learn from."""
    shares = shares_of(contract, alone)
    _check_columns(frame, [column.name for share in shares for column in share.columns])
    _check_target(frame, y)
    return shares


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
