"""Levels with a feature of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from spox import Var


@dataclass(frozen=True)
class Indicators:
    """One feature per chosen level: 1 where the row has it, else 0.

    Attributes
    ----------
    names : tuple of str
        Names of the features.
    sources : tuple of int
        Position of each feature's column.
    wanted : tuple of int
        Level that each feature stands for.
    """

    names: tuple[str, ...]
    sources: tuple[int, ...]
    wanted: tuple[int, ...]

    def apply(self, levels: np.ndarray) -> np.ndarray:
        """Return float32 ``[n, features]`` for whole-number levels ``[n, m]``."""
        features = np.empty((len(levels), len(self.names)), dtype=np.float32)
        for at, (source, level) in enumerate(zip(self.sources, self.wanted, strict=True)):
            features[:, at] = levels[:, source] == level
        return features

    def graph(self, levels: Var, starts: Sequence[int]) -> Var:
        """Return the same as `apply`, as a graph over levels ``[N, m]`` that start at `starts`."""
        import spox.opset.ai.onnx.v21 as op

        chosen = op.gather(levels, op.const(np.array(self.sources, dtype=np.int64)), axis=1)
        wanted = np.array(self.wanted, dtype=np.int64) + np.array(starts, dtype=np.int64)[list(self.sources)]
        return op.cast(op.equal(chosen, op.const(wanted)), to=np.float32)

    def to_dict(self) -> dict[str, Any]:
        """Return the choice as data."""
        return {"names": list(self.names), "sources": list(self.sources), "wanted": list(self.wanted)}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the indicators whose `to_dict` is `state`."""
        return cls(tuple(state["names"]), tuple(state["sources"]), tuple(state["wanted"]))
