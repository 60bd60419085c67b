"""Features made from several columns: their share is divided, and all of it still adds up."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from modelwright.algorithms import Linear, Link
from modelwright.explanation import Background, Explainer, Explaining, Learner, Part

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


def test_what_a_package_keeps_names_one_column_or_several() -> None:
    kept = Explaining(
        columns=("a", "b", "c"),
        sources=((0, (1, 2), 2),),
        learners=(Learner(features=0, weight=1.0, kind="linear", link=Link.IDENTITY),),
        temperature=1.0,
        shifts=(),
        background=Background(numbers=((0.0, 0.0, 0.0),), texts=((),), times=((),)),
    )

    again = Explaining.model_validate_json(kept.model_dump_json())

    assert again == kept
    assert again.columns_of == [[(0,), (1, 2), (2,)]]
    for wrong in ((3,), ((0, 3),), ((),)):
        with pytest.raises(ValidationError, match="each feature needs its column"):
            Explaining.model_validate({**kept.model_dump(), "sources": (wrong,)})
