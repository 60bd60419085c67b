"""From single trees, as libraries give them, to one `Forest`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.portable.forest import LEAF, Forest
from modelwright.algorithms.portable.form import Link


@dataclass(frozen=True, eq=False)
class Tree:
    """One tree: its splits, root first, then its leaves.

    Attributes
    ----------
    feature, threshold, missing_left : ndarray of shape (n_splits,)
        As in `Forest`.
    left, right : ndarray of shape (n_splits,)
        Positions of the children; the leaves are counted on from ``n_splits``.
    weight : ndarray of shape (n_leaves, k)
        What each leaf adds.
    output : ndarray of shape (k,)
        To which raw outputs it adds it.
    """

    feature: NDArray[np.integer]
    threshold: NDArray[np.float32]
    left: NDArray[np.integer]
    right: NDArray[np.integer]
    missing_left: NDArray[np.bool_]
    weight: NDArray[np.float64]
    output: NDArray[np.integer]

    @classmethod
    def from_nodes(
        cls,
        feature: NDArray[np.integer],
        threshold: NDArray[np.float32],
        left: NDArray[np.integer],
        right: NDArray[np.integer],
        missing_left: NDArray[np.bool_],
        weight: NDArray[np.float64],
        output: NDArray[np.integer],
    ) -> Tree:
        """Build a tree from nodes in any order, the first of them the root.

        All arrays but `output` have one entry a node. A leaf has a negative `left`, and only its weight
        counts. Nodes that no split leads to are dropped.
        """
        is_split = left >= 0
        reached = np.zeros(len(left), dtype=bool)
        reached[0] = True
        reached[np.concatenate([left[is_split], right[is_split]])] = True
        splits, leaves = np.flatnonzero(is_split & reached), np.flatnonzero(~is_split & reached)
        position = np.empty(len(left), dtype=np.int64)
        position[splits] = np.arange(len(splits))
        position[leaves] = len(splits) + np.arange(len(leaves))
        return cls(
            feature=feature[splits],
            threshold=threshold[splits],
            left=position[left[splits]],
            right=position[right[splits]],
            missing_left=missing_left[splits],
            weight=weight[leaves],
            output=output,
        )


def grown(trees: Sequence[Tree], n_features: int, base: NDArray[np.float64], link: Link) -> Forest:
    """Put trees together.

    Parameters
    ----------
    trees : sequence of Tree
        At least one.
    n_features : int
    base : ndarray of shape (n_raw,)
    link : Link
    """
    n_splits = np.array([len(tree.feature) for tree in trees])
    n_leaves = np.array([len(tree.weight) for tree in trees])
    start = np.cumsum(n_splits + n_leaves) - (n_splits + n_leaves)
    numbers = np.arange(int((n_splits + n_leaves).sum()), dtype=np.int32)
    tree_of = np.repeat(np.arange(len(trees), dtype=np.int32), n_splits + n_leaves)
    split = numbers - start[tree_of] < n_splits[tree_of]

    def spread(name: str, fill: float, dtype: type, shift: bool = False) -> NDArray[Any]:
        values = np.concatenate([getattr(tree, name) for tree in trees])
        whole: NDArray[Any] = np.full(len(numbers), fill, dtype=dtype)
        whole[split] = values + np.repeat(start, n_splits) if shift else values
        return whole

    each = [len(tree.output) for tree in trees]
    weight = np.concatenate([tree.weight.ravel() for tree in trees])
    output = np.concatenate([np.tile(tree.output, len(tree.weight)) for tree in trees]).astype(np.int32)
    leaf = np.repeat(numbers[~split], np.repeat(each, n_leaves))
    kept = (weight != 0) | np.append(True, leaf[1:] != leaf[:-1])  # a leaf keeps one weight, zero or not
    return Forest(
        n_features=n_features,
        tree=tree_of,
        feature=spread("feature", LEAF, np.int32),
        threshold=spread("threshold", 0.0, np.float32),
        left=spread("left", LEAF, np.int32, shift=True),
        right=spread("right", LEAF, np.int32, shift=True),
        missing_left=spread("missing_left", 0, np.bool_),
        leaf=leaf[kept],
        output=output[kept],
        weight=weight[kept],
        base=np.asarray(base, dtype=np.float64),
        link=link,
    )


def joined(forests: Sequence[Forest], link: Link) -> Forest:
    """Put forests of one raw output each together, as the outputs of one.

    Parameters
    ----------
    forests : sequence of Forest
        At least one, over the same features.
    link : Link
        How the raw outputs become a prediction.
    """
    nodes = np.cumsum([0, *(len(forest.tree) for forest in forests)])
    trees = np.cumsum([0, *(forest.n_trees for forest in forests)])

    def moved(name: str, by: NDArray[np.integer]) -> NDArray[Any]:
        parts = [getattr(each, name) for each in forests]
        return np.concatenate(
            [np.where(part < 0, part, part + step) for part, step in zip(parts, by, strict=False)]
        ).astype(np.int32)

    def beside(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(each, name) for each in forests])

    return replace(
        forests[0],
        n_features=max(forest.n_features for forest in forests),
        tree=moved("tree", trees),
        feature=beside("feature"),
        threshold=beside("threshold"),
        left=moved("left", nodes),
        right=moved("right", nodes),
        missing_left=beside("missing_left"),
        leaf=moved("leaf", nodes),
        output=np.repeat(np.arange(len(forests)), [len(each.output) for each in forests]).astype(np.int32),
        weight=beside("weight"),
        base=beside("base"),
        link=link,
    )
