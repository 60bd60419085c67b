"""CatBoost's symmetric trees as a `Forest`, read from its JSON."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.portable import Forest, Tree, grown
from modelwright.algorithms.target import LINKS
from modelwright.problem import Task

_MISSING_RIGHT = "AsTrue"


def compile_catboost(model: Any, n_features: int, task: Task) -> Forest:
    """Read a fitted model.

    CatBoost goes right where ``x > border`` in single precision, so left where x is at most the border; a
    missing value counts as less than every border (``nan_mode=Min``), so it goes left.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        content = msgspec.json.decode(path.read_bytes())
    columns = content["features_info"]["float_features"]
    flat = np.array([column["flat_feature_index"] for column in columns])
    missing_left = np.array([column["nan_value_treatment"] != _MISSING_RIGHT for column in columns])
    scale, bias = content["scale_and_bias"]
    trees = [_tree(tree, flat, missing_left, scale, len(bias)) for tree in content["oblivious_trees"]]
    return grown(trees, n_features, np.asarray(bias, dtype=np.float64), LINKS[task])


def _tree(
    tree: dict[str, Any],
    flat: NDArray[np.int64],
    missing_left: NDArray[np.bool_],
    scale: float,
    n_outputs: int,
) -> Tree:
    """Unfold a tree: every node of a level asks the same, and the last question is the root's.

    Bit i of a leaf's number is the answer to question i, so asking the highest bit first puts the leaves in
    order.
    """
    questions = tree["splits"][::-1]
    depth = len(questions)
    column = np.array([question["float_feature_index"] for question in questions], dtype=np.int64)
    border = np.array([question["border"] for question in questions], dtype=np.float32)
    width = 2 ** np.arange(depth)
    node = np.arange(2**depth - 1)
    return Tree(
        feature=np.repeat(flat[column], width),
        threshold=np.repeat(border, width),
        left=2 * node + 1,
        right=2 * node + 2,
        missing_left=np.repeat(missing_left[column], width),
        weight=scale * np.array(tree["leaf_values"], dtype=np.float64).reshape(2**depth, n_outputs),
        output=np.arange(n_outputs),
    )
