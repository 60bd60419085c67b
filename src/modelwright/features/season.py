"""Where in the week, the year and the day a time lies, for linear learners."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from modelwright.features.calendar import PARTS
from modelwright.features.lookup import Lookup

if TYPE_CHECKING:
    from spox import Var

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PARTS = tuple(PARTS.index(part) for part in ("weekday", "day of year", "second"))
_UNITS = np.array([1, 1, 3600], dtype=np.int64)
_FROM_ONE = np.array([1, 0, 1], dtype=np.int64)


def season_levels(parts: np.ndarray, missing: np.ndarray) -> np.ndarray:
    """Return weekday, day of year and hour from 1, 0 where missing: int64 ``[n, 3 t]``."""
    width = missing.shape[1]
    values = parts[:, _positions(width)] // np.repeat(_UNITS, width) + np.repeat(_FROM_ONE, width)
    return np.where(np.tile(missing, 3), 0, values)


def season_levels_graph(parts: Var, missing: Var, width: int) -> Var:
    """Return the same as `season_levels` for `width` times, as a graph."""
    import spox.opset.ai.onnx.v21 as op

    chosen = op.gather(parts, op.const(_positions(width)), axis=1)
    values = op.add(op.div(chosen, op.const(np.repeat(_UNITS, width))), op.const(np.repeat(_FROM_ONE, width)))
    return op.where(op.concat([missing] * 3, axis=1), op.const(np.int64(0)), values)


def season_lookup(columns: Sequence[str], kept: Sequence[int] | None = None) -> Lookup:
    """Return the features of weekday, day of year and hour of some times.

    Parameters
    ----------
    columns : sequence of str
        Names of the times.
    kept : sequence of int, optional
        Positions of the features wanted; default all.
    """
    width = len(columns)
    every = [
        (f"{column}: {name}", source * width + at, table)
        for name, source, table in _features()
        for at, column in enumerate(columns)
    ]
    chosen = every if kept is None else [every[at] for at in kept]
    return Lookup(
        tuple(name for name, _, _ in chosen),
        tuple(source for _, source, _ in chosen),
        tuple(table for _, _, table in chosen),
    )


def varying_seasons(columns: Sequence[str], parts: np.ndarray, missing: np.ndarray) -> tuple[int, ...]:
    """Return the positions of the features that are not the same in all rows."""
    values = season_lookup(columns).apply(season_levels(parts, missing))
    return tuple(int(at) for at in np.flatnonzero(values.min(axis=0) < values.max(axis=0)))


def _positions(width: int) -> np.ndarray:
    return np.concatenate([np.arange(part * width, (part + 1) * width) for part in _PARTS])


def _features() -> list[tuple[str, int, np.ndarray]]:
    """Return name, part and table of each feature."""
    days = [(f"weekday {name}", 0, np.eye(8, dtype=np.float32)[at + 1]) for at, name in enumerate(_WEEKDAYS)]
    return [*days, *_circle("year", 1, 366), *_circle("day", 2, 24)]


def _circle(name: str, source: int, steps: int) -> list[tuple[str, int, np.ndarray]]:
    """Return the two coordinates of `steps` points on a circle, after a level 0 for missing."""
    angles = 2 * np.pi * np.arange(steps) / steps
    waves = (("sine", np.sin(angles).round(6)), ("cosine", np.cos(angles).round(6)))
    return [(f"{wave} of the {name}", source, np.append(0.0, at).astype(np.float32)) for wave, at in waves]
