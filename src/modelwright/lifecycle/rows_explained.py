"""Which rows a build explains, and for which label."""

from __future__ import annotations

import polars as pl

from modelwright.algorithms import Forest, Linear, Network, Portable, Splines
from modelwright.training import Model

ROWS_EXPLAINED = (5, 60)
NODES_EXPLAINED = 3_000_000
"""How many nodes of trees all explained rows may have, so that large models do not hold builds up."""
NODES_OF_A_NETWORK = 3_000
"""A net is asked about all turns of a row at once, in about 3 ms, whatever its size."""


def labels_to_explain(model: Model, rows: pl.DataFrame) -> list[int]:
    """Return whose log-odds are explained: the positive of two labels', the most probable one's of more."""
    if model.n_outputs <= 2:
        return [model.n_outputs - 1] * len(rows)
    return [int(label) for label in model.predict(rows).argmax(axis=1)]


def rows_to_explain(model: Model) -> int:
    """Return how many rows can be explained in a moment."""
    nodes = sum(_nodes(member.learner) for member in model.members)
    fewest, most = ROWS_EXPLAINED
    return min(most, max(fewest, NODES_EXPLAINED // max(nodes, 1)))


def _nodes(learner: Portable) -> int:
    """Return how many nodes of trees take as long; forms that are sampled take about one a byte."""
    if isinstance(learner, Forest):
        return len(learner.tree)
    if isinstance(learner, Network):
        return NODES_OF_A_NETWORK
    return 0 if isinstance(learner, Linear | Splines) else learner.size
