"""Features as whole numbers: codes as they are, other numbers by the interval they fall in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from modelwright.features.arrays import to_array, to_list
from modelwright.features.combining.base import Base

if TYPE_CHECKING:
    from spox import Var

CODES = 62
"""Most codes that keep a cell of their own; the rarer ones share one."""
INTERVALS = 16
"""Most intervals of a number, with about as many rows in each."""


@dataclass(frozen=True, eq=False)
class Cells:
    """The numbering of some features' values.

    A feature with `k` edges has the cells 0 to `k`, the number of edges below the value, and `k` + 1 where it
    is missing. The edges of codes lie between them, so that a code is its own cell, up to `k`.

    Attributes
    ----------
    positions : tuple of int
        Of the features, those that are codes before the others.
    codes : int
        How many of them are codes.
    edges : tuple of numpy.ndarray
        float32 ``[k]`` for each feature, ascending.
    """

    positions: tuple[int, ...]
    codes: int
    edges: tuple[np.ndarray, ...]

    @classmethod
    def fit(cls, positions: Sequence[int], base: Base) -> Self:
        """Learn the edges of these features."""
        coded = [at for at in positions if at in base.coded]
        others = [at for at in positions if at not in base.coded]
        edges = [_between(base.matrix[:, at]) for at in coded]
        edges += [_quantiles(base.matrix[:, at]) for at in others]
        return cls((*coded, *others), len(coded), tuple(edges))

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Number of cells of each feature."""
        return tuple(len(edges) + 2 for edges in self.edges)

    def apply(self, matrix: np.ndarray) -> np.ndarray:
        """Return int64 ``[n, positions]`` for float32 ``[n, d]``."""
        cells = np.empty((len(self.positions), len(matrix)), dtype=np.int64)
        for row, at, edges in zip(cells, self.positions, self.edges, strict=True):
            row[:] = np.searchsorted(edges, matrix[:, at], side="left")
            row[np.isnan(matrix[:, at])] = len(edges) + 1
        return cells.T

    def graph(self, matrix: Var) -> Var:
        """Return the same as `apply`, as a graph."""
        import spox.opset.ai.onnx.v21 as op

        found = op.gather(matrix, op.const(np.array(self.positions, dtype=np.int64)), axis=1)
        cells = [part for part in (self._codes_graph(matrix), self._intervals_graph(matrix)) if part]
        missing = op.const(np.array(self.sizes, dtype=np.int64) - 1)
        joined = op.concat(cells, axis=1) if len(cells) > 1 else cells[0]
        return op.where(op.isnan(found), missing, joined)

    def to_dict(self) -> dict[str, Any]:
        """Return the numbering as data."""
        edges = [to_list(edges) for edges in self.edges]
        return {"positions": list(self.positions), "codes": self.codes, "edges": edges}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the numbering whose `to_dict` is `state`."""
        edges = tuple(to_array(edges) for edges in state["edges"])
        return cls(tuple(state["positions"]), state["codes"], edges)

    def _codes_graph(self, matrix: Var) -> Var | None:
        import spox.opset.ai.onnx.v21 as op

        if not self.codes:
            return None
        found = op.gather(matrix, op.const(np.array(self.positions[: self.codes], dtype=np.int64)), axis=1)
        most = np.array([len(edges) for edges in self.edges[: self.codes]], dtype=np.float32)
        return op.cast(op.min([found, op.const(most)]), to=np.int64)

    def _intervals_graph(self, matrix: Var) -> Var | None:
        import spox.opset.ai.onnx.v21 as op

        edges = self.edges[self.codes :]
        if not edges:
            return None
        padded = np.full((len(edges), max(1, *map(len, edges))), np.inf, dtype=np.float32)
        for row, known in zip(padded, edges, strict=True):
            row[: len(known)] = known  # no value passes the infinities behind
        found = op.gather(matrix, op.const(np.array(self.positions[self.codes :], dtype=np.int64)), axis=1)
        passed = op.less(op.const(padded), op.unsqueeze(found, op.const(np.array([2]))))
        count = op.reduce_sum(op.cast(passed, to=np.int32), op.const(np.array([2])), keepdims=False)
        return op.cast(count, to=np.int64)


def _between(codes: np.ndarray) -> np.ndarray:
    """Return edges between the most frequent codes."""
    known = codes[~np.isnan(codes)]
    most = int(known.max()) if known.size else 0
    return np.arange(min(most, CODES), dtype=np.float32) + np.float32(0.5)


def _quantiles(values: np.ndarray) -> np.ndarray:
    """Return edges between distinct values where they are few, else such that intervals have as many rows."""
    known = np.sort(values[~np.isnan(values)])
    distinct = np.unique(known)
    if len(distinct) <= INTERVALS:
        return distinct[:-1]
    steps = np.arange(1, INTERVALS) * len(known) // INTERVALS
    return np.unique(known[steps])
