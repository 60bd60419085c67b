"""Features made from several columns: their share is divided, and all of it still adds up."""

from __future__ import annotations

import numpy as np
import pytest

from modelwright.algorithms import Linear, Link
from modelwright.explanation import Explainer, Part

BACKGROUND = np.zeros((1, 4), dtype=np.float32)
SOURCES = [(0,), (1,), (1, 0), (1, 2)]


def test_columns_divide_what_their_common_features_add() -> None:
    learner = Linear(np.array([[1.0], [10.0], [100.0], [1000.0]]), np.array([5.0]), Link.IDENTITY)
    explainer = Explainer(("a", "b", "c"), [Part(learner, 0, 1.0)], [SOURCES], [BACKGROUND])

    found = explainer.explain([np.ones(4, dtype=np.float32)], 0)

    assert found.values.tolist() == pytest.approx([1 + 50, 10 + 50 + 500, 500])
    assert found.base + found.values.sum() == pytest.approx(found.output) == pytest.approx(1116)


def test_features_of_the_same_columns_are_one_player() -> None:
    learner = Linear(np.array([[1.0], [1.0]]), np.array([0.0]), Link.IDENTITY)
    explainer = Explainer(
        ("a", "b"), [Part(learner, 0, 1.0)], [[(0, 1), (1, 0)]], [np.zeros((1, 2), np.float32)]
    )

    assert explainer.explain([np.ones(2, dtype=np.float32)], 0).values.tolist() == pytest.approx([1.0, 1.0])
