"""Portable forms: what is computed, written and read back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from modelwright.algorithms import Forest, Linear, Link, Neighbours, Portable, Splines, load_portable
from modelwright.algorithms.portable import Tree, at_most, grown, just_below
from modelwright.errors import TrainingError

SINGLE = st.floats(width=32, allow_nan=False, allow_infinity=False)
DOUBLE = st.floats(min_value=-1e300, max_value=1e300)


@given(x=SINGLE, t=DOUBLE)
def test_a_threshold_in_double_precision_decides_the_same_in_single(x: float, t: float) -> None:
    assert (x <= t) == (np.float32(x) <= at_most(np.array([t]))[0])


@given(x=SINGLE, neighbour=st.sampled_from([-1, 0, 1]))
def test_the_threshold_next_to_a_number_decides_the_same_in_single(x: float, neighbour: int) -> None:
    t = float(np.float32(x)) + neighbour * 1e-9 * abs(x)
    assert (x <= t) == (np.float32(x) <= at_most(np.array([t]))[0])


@given(x=SINGLE, t=SINGLE)
def test_below_is_at_most_the_number_before(x: float, t: float) -> None:
    assert (np.float32(x) < np.float32(t)) == (np.float32(x) <= just_below(np.array([t], np.float32))[0])


def random_tree(rng: np.random.Generator, n_features: int, n_raw: int, depth: int) -> Tree:
    """Grow a tree whose splits and leaves are drawn at random."""
    left, right, feature = [-1], [-1], [0]
    for _ in range(depth):
        leaf = int(rng.choice(np.flatnonzero(np.array(left) < 0)))
        left[leaf], right[leaf] = len(left), len(left) + 1
        feature[leaf] = int(rng.integers(n_features))
        for each in (left, right):
            each.extend((-1, -1))
        feature.extend((0, 0))
    n_nodes = len(left)
    outputs = rng.permutation(n_raw)[: rng.integers(1, n_raw + 1)]
    return Tree.from_nodes(
        feature=np.array(feature),
        threshold=rng.integers(-3, 4, n_nodes).astype(np.float32),
        left=np.array(left),
        right=np.array(right),
        missing_left=rng.random(n_nodes) < 0.5,
        weight=rng.normal(size=(n_nodes, len(outputs))),
        output=outputs,
    )


def walk(forest: Forest, X: NDArray[np.float32]) -> NDArray[np.float64]:
    """Score row by row and tree by tree, as the definition says."""
    raw = np.tile(forest.base, (len(X), 1))
    for row, values in enumerate(X):
        for root in np.unique(forest.tree, return_index=True)[1]:
            node = int(root)
            while forest.feature[node] >= 0:
                value = values[forest.feature[node]]
                goes_left = forest.missing_left[node] if np.isnan(value) else value <= forest.threshold[node]
                node = int(forest.left[node] if goes_left else forest.right[node])
            chosen = forest.leaf == node
            np.add.at(raw[row], forest.output[chosen], forest.weight[chosen])
    return forest.link.apply(raw)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000), n_raw=st.integers(1, 3), depth=st.integers(0, 6), n_trees=st.integers(1, 8)
)
def test_a_forest_scores_as_its_definition_says(seed: int, n_raw: int, depth: int, n_trees: int) -> None:
    rng = np.random.default_rng(seed)
    trees = [random_tree(rng, 3, n_raw, depth) for _ in range(n_trees)]
    link = (Link.SIGMOID, Link.SOFTMAX, Link.SOFTMAX)[n_raw - 1] if seed % 2 else Link.IDENTITY
    forest = grown(trees, 3, rng.normal(size=n_raw) * (seed % 3), link)
    X = rng.integers(-3, 4, (12, 3)).astype(np.float32)
    X[rng.random(X.shape) < 0.2] = np.nan
    assert np.allclose(forest.predict(X), walk(forest, X), atol=1e-6)


@pytest.mark.parametrize("n_rows", [0, 1, 7, 5_000])
def test_any_number_of_rows_is_scored(n_rows: int) -> None:
    forest = grown([random_tree(np.random.default_rng(1), 2, 1, 4)], 2, np.zeros(1), Link.SIGMOID)
    assert forest.predict(np.zeros((n_rows, 2), np.float32)).shape == (n_rows, 2)


@settings(max_examples=50, deadline=None)
@given(raw=arrays(np.float64, st.tuples(st.integers(1, 5), st.just(3)), elements=st.floats(-200, 200)))
def test_a_link_gives_probabilities_by_numpy_and_by_graph(raw: NDArray[np.float64]) -> None:
    for link, part in ((Link.SOFTMAX, raw), (Link.SIGMOID, raw[:, :1]), (Link.COMPLEMENT, raw[:, :1] / 1000)):
        applied = link.apply(part)
        assert np.allclose(applied.sum(axis=1), 1.0)
        assert np.allclose(applied, _by_graph(link, part.astype(np.float32)), atol=1e-6)


def _by_graph(link: Link, raw: NDArray[np.float32]) -> Any:
    import onnxruntime
    from spox import Tensor, argument, build

    variable = argument(Tensor(np.float32, ("N", raw.shape[1])))
    model = build({"raw": variable}, {"prediction": link.graph(variable)})
    return onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"raw": raw})[0]


def test_a_linear_learner_of_huge_weights_keeps_its_digits_in_the_graph() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 2)).astype(np.float32)
    X[:, 1] = X[:, 0] + 1e-3 * X[:, 1]
    linear = Linear(np.array([[1e5], [-1e5]]), np.zeros(1), Link.IDENTITY)
    scored = _scored_by_graph(linear, X)
    assert np.allclose(scored, linear.predict(X), rtol=1e-6)


def test_a_missing_feature_counts_as_zero_in_a_linear_learner() -> None:
    linear = Linear(np.array([[2.0], [3.0]]), np.array([1.0]), Link.IDENTITY)
    X = np.array([[np.nan, 1.0], [1.0, np.nan]], dtype=np.float32)
    assert linear.predict(X).tolist() == [[4.0], [3.0]]
    assert _scored_by_graph(linear, X).tolist() == [[4.0], [3.0]]


def some_splines(rng: np.random.Generator, link: Link = Link.IDENTITY) -> Splines:
    low = np.array([-np.inf, -np.inf, -1.0, 0.5], dtype=np.float32)
    high = np.array([np.inf, -1.0, 0.5, np.inf], dtype=np.float32)
    weights = Linear(rng.normal(size=(4, 1)), np.array([0.3]), link)
    return Splines(np.array([1, 0, 0, 0], dtype=np.int32), low, high, weights)


def some_neighbours(rng: np.random.Generator, rows: int = 60, k: int = 5) -> Neighbours:
    kept = rng.integers(-2, 3, (rows, 2)).astype(np.float32)  # many twins, and many at the same distance
    answers = np.eye(3)[rng.integers(0, 3, rows)]
    return Neighbours(np.array([1.0, 0.7]), kept, answers, rng.random(rows), answers.mean(axis=0), 0.5, k)


@pytest.mark.parametrize("link", [Link.IDENTITY, Link.SIGMOID])
def test_splines_score_by_graph_as_in_numpy(link: Link) -> None:
    rng = np.random.default_rng(0)
    X = np.vstack([3 * rng.normal(size=(300, 2)), [[-1, 0], [0.5, 0], [np.nan, np.nan]]]).astype(np.float32)
    splines = some_splines(rng, link)
    assert np.allclose(splines.predict(X), _scored_by_graph(splines, X), atol=1e-6)


def test_neighbours_score_by_graph_as_in_numpy_whatever_is_tied() -> None:
    rng = np.random.default_rng(0)
    neighbours = some_neighbours(rng)
    X = np.vstack([neighbours.rows, rng.normal(size=(100, 2)), [[0.0, np.nan]]]).astype(np.float32)
    assert np.allclose(neighbours.predict(X), _scored_by_graph(neighbours, X), atol=1e-6)


def test_an_answer_of_neighbours_does_not_jump_where_two_change_places() -> None:
    kept = np.array([[-1.0], [1.0], [9.0]], dtype=np.float32)
    answers = np.array([[0.0], [1.0], [5.0]])
    nearest = Neighbours(np.ones(1), kept, answers, np.ones(3), np.zeros(1), 0.0, 1)
    left, middle, right = nearest.predict(np.array([[-1e-3], [0.0], [1e-3]], dtype=np.float32))[:, 0]
    assert middle == 0.5
    assert 0.49 < left < middle < right < 0.51


def test_neighbours_of_no_row_are_none() -> None:
    assert some_neighbours(np.random.default_rng(0)).predict(np.zeros((0, 2), np.float32)).shape == (0, 3)


def _scored_by_graph(learner: Portable, X: NDArray[np.float32]) -> Any:
    import onnxruntime
    from spox import Tensor, argument, build

    variable = argument(Tensor(np.float32, ("N", X.shape[1])))
    model = build({"X": variable}, {"prediction": learner.graph(variable)})
    return onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"X": X})[0]


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    forest = grown([random_tree(np.random.default_rng(2), 2, 3, 5)], 2, np.ones(3), Link.SOFTMAX)
    linear = Linear.constant(2, np.array([0.25]), Link.COMPLEMENT)
    rng = np.random.default_rng(2)
    for form in (forest, linear, some_splines(rng), some_neighbours(rng)):
        form.save(tmp_path / "form.npz")
        loaded = load_portable(tmp_path / "form.npz")
        assert type(loaded) is type(form)
        for name, array in form.arrays().items():
            assert np.array_equal(array, loaded.arrays()[name])
            assert array.dtype == loaded.arrays()[name].dtype


def test_a_form_of_a_later_version_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "later.npz", kind=np.array("galaxy"))
    with pytest.raises(TrainingError, match=r"galaxy.*build again"):
        load_portable(tmp_path / "later.npz")


def test_a_file_with_objects_is_not_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "bad.npz", kind=np.array(["forest", {}], dtype=object))
    with pytest.raises(ValueError, match="allow_pickle"):
        load_portable(tmp_path / "bad.npz")


def test_scoring_a_loaded_learner_imports_no_training_library(tmp_path: Path) -> None:
    grown([random_tree(np.random.default_rng(2), 2, 1, 5)], 2, np.ones(1), Link.SIGMOID).save(
        tmp_path / "f.npz"
    )
    code = (
        "import sys, numpy as np, pathlib\n"
        "from modelwright.algorithms import load_portable\n"
        f"load_portable(pathlib.Path({str(tmp_path / 'f.npz')!r})).predict(np.zeros((2, 2), np.float32))\n"
        "libraries = {'sklearn', 'lightgbm', 'xgboost', 'catboost', 'pandas', 'scipy'}\n"
        "print(sorted(libraries & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
