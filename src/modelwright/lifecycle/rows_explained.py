"""Which rows a build explains, and for which label."""

from __future__ import annotations

import polars as pl

from modelwright.algorithms import Forest
from modelwright.training import Model

ROWS_EXPLAINED = (5, 60)
NODES_EXPLAINED = 3_000_000
"""How many nodes of trees all explained rows may have, so that large models do not hold builds up."""


def labels_to_explain(model: Model, rows: pl.DataFrame) -> list[int]:
    """Return whose log-odds are explained: the positive of two labels', the most probable one's of more."""
    if model.n_outputs <= 2:
        return [model.n_outputs - 1] * len(rows)
    return [int(label) for label in model.predict(rows).argmax(axis=1)]


def rows_to_explain(model: Model) -> int:
    """Return how many rows can be explained in a moment."""
    nodes = sum(len(m.learner.tree) for m in model.members if isinstance(m.learner, Forest))
    fewest, most = ROWS_EXPLAINED
    return min(most, max(fewest, NODES_EXPLAINED // max(nodes, 1)))
