"""LightGBM's trees as a `Forest`, read from the text of the model."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.portable import Forest, Tree, at_most, grown, just_below
from modelwright.algorithms.target import LINKS
from modelwright.errors import TrainingError
from modelwright.problem import Task

_CATEGORICAL, _DEFAULT_LEFT = 1, 2
_MISSING_NONE, _MISSING_ZERO = 0, 1
_ZERO = np.float32(1e-35)


def compile_lightgbm(booster: Any, rounds: int, n_features: int, task: Task) -> Forest:
    """Read the first `rounds` rounds of a booster.

    The text is read because its numbers have 17 digits and its children plain positions. A split without a
    missing direction of its own treats NaN as 0, as LightGBM's ``NumericalDecision`` does.
    """
    text = booster.model_to_string(num_iteration=rounds)
    blocks = text[text.index("\nTree=") : text.index("\nend of trees")].split("\nTree=")[1:]
    n_outputs = booster.num_model_per_iteration()
    trees = [_tree(block, index % n_outputs) for index, block in enumerate(blocks)]
    return grown(trees, n_features, np.zeros(n_outputs), LINKS[task])


def _tree(block: str, output: int) -> Tree:
    parts = (line.partition("=") for line in block.splitlines())
    fields = defaultdict[str, str](str, ((name, value) for name, _, value in parts))
    threshold = _numbers(fields["threshold"])
    left, right = _whole(fields["left_child"]), _whole(fields["right_child"])
    decision = _whole(fields["decision_type"])
    missing = (decision >> 2) & 3
    if (decision & _CATEGORICAL).any() or (missing == _MISSING_ZERO).any() or fields["is_linear"] == "1":
        raise TrainingError("this LightGBM model has splits that are not thresholds; train on numbers alone")
    default_left = (decision & _DEFAULT_LEFT) > 0
    return Tree(
        feature=_whole(fields["split_feature"]),
        threshold=_decided(threshold),
        left=np.where(left < 0, len(threshold) + ~left, left),
        right=np.where(right < 0, len(threshold) + ~right, right),
        missing_left=np.where(missing == _MISSING_NONE, threshold >= 0, default_left),
        weight=_numbers(fields["leaf_value"])[:, None],
        output=np.array([output]),
    )


def _decided(threshold: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the numbers that decide as LightGBM does, which takes every |x| up to 1e-35 for 0."""
    below_zero = just_below(np.array([-_ZERO]))[0]
    return np.where(
        np.abs(threshold) <= _ZERO, np.where(threshold < 0, below_zero, _ZERO), at_most(threshold)
    )


def _numbers(text: str) -> NDArray[np.float64]:
    return np.array(text.split(), dtype=np.float64)


def _whole(text: str) -> NDArray[np.int64]:
    return np.array(text.split(), dtype=np.int64)
