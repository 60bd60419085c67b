"""Times as features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import polars as pl

from modelwright.features.calendar import MISSING_TIME, PARTS, civil, civil_graph
from modelwright.features.lookup import Lookup
from modelwright.features.scaling import Scaling
from modelwright.features.season import season_levels, season_levels_graph, season_lookup, varying_seasons
from modelwright.features.transformer import ColumnTransformer, Setting, Style

if TYPE_CHECKING:
    from spox import Var

    from modelwright.data import Column

_HOUR = 3600.0
_DAYS = PARTS.index("day number")
_PART_NAMES = tuple("hour" if part == "second" else part for part in PARTS)


@dataclass(frozen=True, eq=False)
class TimeColumns(ColumnTransformer):
    """All columns of kind ``time``.

    For trees year, month, day, weekday (Monday 0), hour (with its fraction), day of year and days since
    1970-01-01, without the parts that are the same in all fitted rows, NaN where missing. For linear
    learners the days since 1970-01-01 standardised, the weekday as indicators, day of year and hour as
    points on a circle.

    Attributes
    ----------
    columns : tuple of str
        Names of the columns.
    kept : tuple of int
        Positions of the features that differ between the fitted rows: for trees among the columns of
        `civil`, for linear learners among those of `season_lookup`.
    scaling : Scaling or None
        Of the day numbers; None for trees.
    """

    kind: ClassVar[str] = "time"
    columns: tuple[str, ...]
    kept: tuple[int, ...]
    scaling: Scaling | None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        if self.scaling:
            return (*self.scaling.names(self.columns), *self._season.names)
        every = [f"{column}: {part}" for part in _PART_NAMES for column in self.columns]
        return tuple(every[at] for at in self.kept)

    @property
    def sources(self) -> tuple[int, ...]:
        """Position of each feature's column."""
        width = len(self.columns)
        if self.scaling:
            season = (source % width for source in self._season.sources)
            return (*range(width), *self.scaling.flagged, *season)
        return tuple(at % width for at in self.kept)

    @property
    def moments(self) -> tuple[tuple[int, ...], ...]:
        """For each column the positions of its day number and, where it varies, its hour; for trees alone."""
        if self.scaling:
            return ()
        width = len(self.columns)
        wanted = (_DAYS, PARTS.index("second"))
        places = ([part * width + at for part in wanted] for at in range(width))
        return tuple(tuple(self.kept.index(at) for at in of if at in self.kept) for of in places)

    @classmethod
    def fit(cls, frame: pl.DataFrame, columns: Sequence[Column], y: np.ndarray, setting: Setting) -> Self:  # noqa: ARG003
        """Learn which parts vary, and for linear learners the scale of the day numbers."""
        names = tuple(column.name for column in columns)
        seconds = _seconds(frame, names)
        parts, missing = civil(seconds), seconds == MISSING_TIME
        if setting.style == Style.TREE:
            return cls(names, _varying(parts, missing), None)
        scaling = Scaling.fit(_day_numbers(parts, missing))
        return cls(names, varying_seasons(names, parts, missing), scaling)

    def transform(self, frame: pl.DataFrame) -> np.ndarray:
        """Return float32 ``[n, d]``."""
        seconds = _seconds(frame, self.columns)
        parts, missing = civil(seconds), seconds == MISSING_TIME
        if self.scaling:
            days = self.scaling.apply(_day_numbers(parts, missing))
            return np.concatenate([days, self._season.apply(season_levels(parts, missing))], axis=1)
        kept = np.array(self.kept)
        values = parts[:, kept].astype(np.float32) / self._units
        return np.where(missing[:, kept % len(self.columns)], np.float32(np.nan), values)

    def graph(self, matrix: Var) -> Var:
        """Return the same as `transform`, as a graph over int64 seconds ``[N, t]``."""
        import spox.opset.ai.onnx.v21 as op

        parts, missing = civil_graph(matrix), op.equal(matrix, op.const(np.int64(MISSING_TIME)))
        if self.scaling is None:
            return self._tree_graph(parts, missing)
        return self._linear_graph(self.scaling, parts, missing)

    def to_dict(self) -> dict[str, Any]:
        """Return the fitted state as data."""
        return {
            "columns": list(self.columns),
            "kept": list(self.kept),
            "scaling": self.scaling.to_dict() if self.scaling else None,
        }

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the transformer whose `to_dict` is `state`."""
        scaling = state["scaling"]
        return cls(
            tuple(state["columns"]),
            tuple(state["kept"]),
            Scaling.from_dict(scaling) if scaling else None,
        )

    def _tree_graph(self, parts: Var, missing: Var) -> Var:
        import spox.opset.ai.onnx.v21 as op

        kept = np.array(self.kept, dtype=np.int64)
        values = op.cast(op.gather(parts, op.const(kept), axis=1), to=np.float32)
        absent = op.gather(missing, op.const(kept % len(self.columns)), axis=1)
        return op.where(absent, op.const(np.float32(np.nan)), op.div(values, op.const(self._units)))

    def _linear_graph(self, scaling: Scaling, parts: Var, missing: Var) -> Var:
        import spox.opset.ai.onnx.v21 as op

        width = len(self.columns)
        last = op.const(np.arange(_DAYS * width, (_DAYS + 1) * width))
        days = op.cast(op.gather(parts, last, axis=1), to=np.float32)
        scaled = scaling.graph(op.where(missing, op.const(np.float32(np.nan)), days))
        if not self.kept:
            return scaled
        levels = season_levels_graph(parts, missing, width)
        return op.concat([scaled, self._season.graph(levels, [0] * (3 * width))], axis=1)

    @cached_property
    def _season(self) -> Lookup:
        return season_lookup(self.columns, self.kept)

    @property
    def _units(self) -> np.ndarray:
        """What the kept parts are divided by: seconds become hours."""
        second = PARTS.index("second")
        of_part = np.array(self.kept) // len(self.columns)
        return np.where(of_part == second, _HOUR, 1.0).astype(np.float32)


def _seconds(frame: pl.DataFrame, columns: Sequence[str]) -> np.ndarray:
    return frame.select(pl.col(columns).cast(pl.Int64).fill_null(MISSING_TIME)).to_numpy(order="c")


def _day_numbers(parts: np.ndarray, missing: np.ndarray) -> np.ndarray:
    days = parts[:, _DAYS * missing.shape[1] :].astype(np.float32)
    return np.where(missing, np.float32(np.nan), days)


def _varying(parts: np.ndarray, missing: np.ndarray) -> tuple[int, ...]:
    """Return the positions of the parts that differ between rows; the day number is always one."""
    width = missing.shape[1]
    kept = []
    for at in range(parts.shape[1]):
        present = parts[~missing[:, at % width], at]
        if at >= _DAYS * width or (present.size and present.min() < present.max()):
            kept.append(at)
    return tuple(kept)
