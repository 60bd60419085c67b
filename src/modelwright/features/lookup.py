"""Features that are read from tables: what was learned about each level, by level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from modelwright.features.arrays import to_array, to_list

if TYPE_CHECKING:
    from spox import Var


@dataclass(frozen=True, eq=False)
class Lookup:
    """A table for each feature, from the level of one column to a float32 number.

    Attributes
    ----------
    names : tuple of str
        Names of the features.
    sources : tuple of int
        Position of the column that each feature is read from.
    tables : tuple of numpy.ndarray
        float32 ``[levels of the column]`` for each feature.
    """

    names: tuple[str, ...]
    sources: tuple[int, ...]
    tables: tuple[np.ndarray, ...]

    def apply(self, levels: np.ndarray) -> np.ndarray:
        """Return float32 ``[n, features]`` for whole-number levels ``[n, m]``."""
        features = np.empty((len(levels), len(self.tables)), dtype=np.float32)
        for at, (source, table) in enumerate(zip(self.sources, self.tables, strict=True)):
            features[:, at] = table[levels[:, source]]
        return features

    def graph(self, levels: Var, starts: Sequence[int]) -> Var:
        """Return the same as `apply`, as a graph over levels ``[N, m]`` that start at `starts`."""
        import spox.opset.ai.onnx.v21 as op

        ends = np.cumsum([0, *(len(table) for table in self.tables)])
        moves = np.array(ends[:-1] - np.array(starts)[list(self.sources)], dtype=np.int64)
        chosen = op.gather(levels, op.const(np.array(self.sources, dtype=np.int64)), axis=1)
        return op.gather(op.const(np.concatenate(self.tables)), op.add(chosen, op.const(moves)))

    def to_dict(self) -> dict[str, Any]:
        """Return the tables as data."""
        return {
            "names": list(self.names),
            "sources": list(self.sources),
            "tables": [to_list(table) for table in self.tables],
        }

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the look-up whose `to_dict` is `state`."""
        tables = tuple(to_array(table) for table in state["tables"])
        return cls(tuple(state["names"]), tuple(state["sources"]), tables)
