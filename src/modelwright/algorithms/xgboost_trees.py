"""XGBoost's trees as a `Forest`, read from its JSON."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.portable import Forest, Tree, grown, just_below
from modelwright.algorithms.target import LINKS
from modelwright.problem import Task


def compile_xgboost(booster: Any, rounds: int, task: Task) -> Forest:
    """Read the first `rounds` rounds of a booster.

    XGBoost goes left where ``x < t`` in single precision: where x is at most the number before t.
    """
    learner = msgspec.json.decode(bytes(booster.save_raw("json")))["learner"]
    about = learner["learner_model_param"]
    model = learner["gradient_booster"]["model"]
    n_trees = model["iteration_indptr"][rounds]
    trees = [
        _tree(tree, output)
        for tree, output in zip(model["trees"][:n_trees], model["tree_info"][:n_trees], strict=True)
    ]
    return grown(trees, int(about["num_feature"]), _base(about, task), LINKS[task])


def _base(about: dict[str, str], task: Task) -> NDArray[np.float64]:
    """Return what the raw outputs start from; XGBoost states it as a prediction."""
    stated = np.atleast_1d(msgspec.json.decode(about["base_score"])).astype(np.float64)
    if task is Task.BINARY:
        return np.log(stated) - np.log1p(-stated)
    return np.broadcast_to(stated, max(int(about["num_class"]), 1)).copy()


def _tree(tree: dict[str, Any], output: int) -> Tree:
    condition = np.array(tree["split_conditions"], dtype=np.float32)
    return Tree.from_nodes(
        feature=np.array(tree["split_indices"], dtype=np.int32),
        threshold=just_below(condition),
        left=np.array(tree["left_children"], dtype=np.int32),
        right=np.array(tree["right_children"], dtype=np.int32),
        missing_left=np.array(tree["default_left"], dtype=bool),
        weight=condition[:, None].astype(np.float64),
        output=np.array([output]),
    )
