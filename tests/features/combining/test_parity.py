"""The graph makes the combinations that apply makes, to the last bit, whatever the features."""

from __future__ import annotations

import json

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from modelwright.features import Setting, Style
from modelwright.features.combining import Base, Combinations
from modelwright.features.combining.arithmetic import OPERATIONS
from modelwright.features.combining.combination import Recipe
from modelwright.features.combining.cross import MEAN, RANK
from modelwright.features.combining.duration import HOURS
from modelwright.features.combining.group import LESS, OVER
from modelwright.features.combining.making import made
from modelwright.problem import Task

CELLS = st.floats(width=32, allow_infinity=False) | st.sampled_from(
    [0.0, -0.0, 1.0, np.nan, float(np.finfo(np.float32).max), -float(np.finfo(np.float32).max)]
)
CODES = st.sampled_from([0.0, 1.0, 2.0, 3.0, np.nan])


def by_graph(combinations: Combinations, matrix: np.ndarray) -> np.ndarray:
    import onnxruntime
    import spox

    given_ = spox.argument(spox.Tensor(np.float32, ("N", matrix.shape[1])))
    model = spox.build({"matrix": given_}, {"features": combinations.graph(given_)})
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"matrix": matrix})[0]


def recipes() -> st.SearchStrategy[Recipe]:
    """Draw a combination of three numbers (0 to 2) and two codes (3 and 4)."""
    number, code, any_ = st.integers(0, 2), st.integers(3, 4), st.integers(0, 4)
    pair = st.tuples(any_, any_).filter(lambda of: of[0] != of[1])
    return st.one_of(
        st.builds(Recipe, st.just("arithmetic"), st.sampled_from(OPERATIONS), st.tuples(number, number)),
        st.builds(Recipe, st.just("cross"), st.sampled_from([MEAN, RANK]), pair),
        st.builds(Recipe, st.just("cross"), st.just(MEAN), st.tuples(any_)),
        st.builds(Recipe, st.just("duration"), st.just(HOURS), st.tuples(*[number] * 4)),
        st.builds(Recipe, st.just("group"), st.sampled_from([LESS, OVER]), st.tuples(number, code)),
    )


@st.composite
def bases(draw: st.DrawFn) -> Base:
    """Draw three numbers and two codes of a few rows, with a target."""
    rows = draw(st.integers(1, 12))
    numbers = draw(arrays.arrays(np.float32, (rows, 3), elements=CELLS))
    codes = draw(arrays.arrays(np.float32, (rows, 2), elements=CODES))
    y = np.array(draw(st.lists(st.integers(0, 1), min_size=rows, max_size=rows)))
    setting = Setting(Task.BINARY, Style.TREE, ("no", "yes"), draw(st.integers(0, 3)))
    return Base.of(np.concatenate([numbers, codes], axis=1), (3, 4), y, setting)


@settings(max_examples=40, deadline=None)
@given(base=bases(), wanted=st.lists(recipes(), min_size=1, max_size=8, unique=True), other=bases())
def test_graph_equals_apply(base: Base, wanted: list[Recipe], other: Base) -> None:
    parts, features = made(wanted, base)
    assert features.shape == (len(base.y), len(wanted))
    assert not np.isinf(features).any()
    combinations = Combinations(parts)
    assert sorted(combinations.recipes) == sorted(wanted)
    again = Combinations.from_dict(json.loads(json.dumps(combinations.to_dict(), allow_nan=False)))
    rows = np.concatenate([base.matrix, other.matrix])
    expected = combinations.apply(rows)
    assert expected.dtype == np.float32
    assert not np.isinf(expected).any()
    np.testing.assert_array_equal(again.apply(rows), expected)
    np.testing.assert_array_equal(by_graph(again, rows), expected)


def test_the_graph_of_no_rows_and_of_one() -> None:
    rng = np.random.default_rng(0)
    base = Base.of(
        rng.normal(size=(50, 3)).astype(np.float32),
        (),
        rng.normal(size=50),
        Setting(Task.REGRESSION, Style.TREE),
    )
    wanted = [Recipe("arithmetic", "/", (0, 1)), Recipe("cross", MEAN, (1, 2)), Recipe("group", LESS, (0, 2))]
    combinations = Combinations(made(wanted, base)[0])
    for rows in (0, 1):
        few = base.matrix[:rows]
        np.testing.assert_array_equal(by_graph(combinations, few), combinations.apply(few))
