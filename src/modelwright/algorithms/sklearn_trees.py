"""scikit-learn's trees as a `Forest`, read from their arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.portable import Forest, Link, Tree, at_most, grown
from modelwright.problem import Task

LINKS = {Task.BINARY: Link.COMPLEMENT, Task.MULTICLASS: Link.IDENTITY, Task.REGRESSION: Link.IDENTITY}


def compile_sklearn(trees: Sequence[Any], task: Task, fill: NDArray[np.float32] | None = None) -> Forest:
    """Average fitted decision trees.

    Parameters
    ----------
    trees : sequence of DecisionTreeClassifier or DecisionTreeRegressor
        Two classes for a binary task.
    task : Task
    fill : ndarray of shape (n_features,), optional
        What missing values were replaced with, where the trees know none.
    """
    values = [
        tree.tree_.value[:, 0, 1:] if task is Task.BINARY else tree.tree_.value[:, 0, :] for tree in trees
    ]
    weights = [value / len(trees) for value in values]
    parts = [sklearn_tree(tree, weight, fill) for tree, weight in zip(trees, weights, strict=True)]
    return grown(parts, trees[0].n_features_in_, np.zeros(weights[0].shape[1]), LINKS[task])


def sklearn_tree(tree: Any, weight: NDArray[np.float64], fill: NDArray[np.float32] | None = None) -> Tree:
    """Read one fitted tree, with a weight of shape (n_nodes, k) of our own."""
    inner = tree.tree_
    missing_left = np.asarray(inner.missing_go_to_left, dtype=bool)
    if fill is not None:
        missing_left = fill[np.maximum(inner.feature, 0)] <= inner.threshold
    return Tree.from_nodes(
        feature=inner.feature,
        threshold=at_most(inner.threshold),
        left=inner.children_left,
        right=inner.children_right,
        missing_left=missing_left,
        weight=weight,
        output=np.arange(weight.shape[1]),
    )
