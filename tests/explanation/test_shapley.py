"""What each column adds is its Shapley value, and all of it adds up to the answer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwright.algorithms import Forest, Linear, Link, algorithm_named
from modelwright.algorithms.portable import Tree, grown
from modelwright.explanation import Explainer, Part
from modelwright.problem import Task
from tests.algorithms.jobs import real_job
from tests.explanation.games import shapley


def explainer(learners: list, background: np.ndarray, column_of: np.ndarray, **calibration) -> Explainer:
    names = [f"column {at}" for at in range(int(column_of.max()) + 1)]
    parts = [Part(learner, 0, 1 / len(learners)) for learner in learners]
    sources = [(int(column),) for column in column_of]
    return Explainer(names, parts, [sources], [background], **calibration)


def log_odds(probability: np.ndarray) -> np.ndarray:
    return np.log(probability / (1 - probability))


@pytest.mark.parametrize("name", ["catboost", "extra_trees", "lightgbm", "linear", "xgboost"])
def test_values_of_a_regression_are_those_of_the_definition(name) -> None:
    job = real_job(Task.REGRESSION)
    learner = algorithm_named(name).fit(job).portable()
    column_of = np.arange(job.X.shape[1]) % 6  # some columns have two features
    background, row = job.X[:12], job.X_valid[0]

    found = explainer([learner], background, column_of).explain([row], 0)

    expected = shapley(lambda X: learner.predict(X)[:, 0], row, background, column_of)
    np.testing.assert_allclose(found.values, expected, atol=1e-5 * np.abs(expected).max())
    assert found.base + found.values.sum() == pytest.approx(found.output)
    assert found.output == pytest.approx(float(learner.predict(row[None, :])[0, 0]), rel=1e-6)


@pytest.mark.parametrize("name", ["lightgbm", "linear", "xgboost"])
def test_values_of_one_learner_of_log_odds_are_those_of_the_definition_also_when_calibrated(name) -> None:
    job = real_job(Task.BINARY)
    learner = algorithm_named(name).fit(job).portable()
    column_of = np.arange(job.X.shape[1]) % 6
    background, row = job.X[:12], job.X_valid[1]
    explained = explainer([learner], background, column_of, temperature=1.4, shifts=(0.0, 0.3))

    found = explained.explain([row], 1)

    expected = shapley(lambda X: log_odds(learner.predict(X)[:, 1]) / 1.4 + 0.3, row, background, column_of)
    np.testing.assert_allclose(found.values, expected, atol=1e-4 * np.abs(expected).max())


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**32 - 1), missing=st.booleans())
def test_values_of_any_trees_are_those_of_the_definition(seed: int, missing: bool) -> None:
    rng = np.random.default_rng(seed)
    forest = grown([random_tree(rng) for _ in range(3)], 5, np.array([0.5]), Link.IDENTITY)
    rows = rng.normal(size=(5, 5)).astype(np.float32)
    if missing:
        rows[rng.random(rows.shape) < 0.3] = np.nan
    row, background = rows[0], rows[1:]
    column_of = np.array([0, 1, 2, 0, 3])

    found = explainer([forest], background, column_of).explain([row], 0)

    expected = shapley(lambda X: forest.predict(X)[:, 0], row, background, column_of)
    np.testing.assert_allclose(found.values, expected, atol=1e-5)


def random_tree(rng: np.random.Generator, splits: int = 6) -> Tree:
    """Grow a tree by splitting leaves at random."""
    left, right, feature = [-1], [-1], [0]
    for _ in range(splits):
        leaf = int(rng.choice(np.flatnonzero(np.array(left) < 0)))
        left[leaf], right[leaf], feature[leaf] = len(left), len(left) + 1, int(rng.integers(5))
        left, right, feature = [*left, -1, -1], [*right, -1, -1], [*feature, 0, 0]
    count = len(left)
    return Tree.from_nodes(
        feature=np.array(feature),
        threshold=rng.normal(size=count).astype(np.float32),
        left=np.array(left),
        right=np.array(right),
        missing_left=rng.random(count) < 0.5,
        weight=rng.normal(size=(count, 1)),
        output=np.array([0]),
    )


def test_values_of_stumps_are_those_of_lightgbm() -> None:
    # Of stumps, LightGBM's path-dependent values and ours against all training rows are the same.
    import lightgbm

    from modelwright.algorithms.lightgbm_trees import compile_lightgbm

    job = real_job(Task.BINARY)
    X = job.X.astype(np.float64)
    settings = {"objective": "binary", "num_leaves": 2, "verbose": -1, "num_threads": 1, "seed": 0}
    booster = lightgbm.train(settings, lightgbm.Dataset(X, job.y), num_boost_round=25)
    forest = compile_lightgbm(booster, 25, X.shape[1], Task.BINARY)
    explained = explainer([forest], job.X, np.arange(X.shape[1]), shifts=(0.0, 0.0))

    ours = explained.explain([job.X_valid[0]], 1)
    theirs = booster.predict(job.X_valid[:1].astype(np.float64), pred_contrib=True)[0]

    np.testing.assert_allclose(ours.values, theirs[:-1], atol=2e-3)
    assert ours.base == pytest.approx(theirs[-1], abs=2e-2)
    assert ours.output == pytest.approx(theirs.sum(), abs=1e-5)


@pytest.mark.parametrize("task", list(Task))
def test_an_ensemble_of_every_kind_of_learner_adds_up_through_links_and_calibration(task) -> None:
    job = real_job(task)
    names = ["extra_trees", "lightgbm", "linear"]
    learners = [algorithm_named(name).fit(job).portable() for name in names]
    column_of = np.arange(job.X.shape[1])
    shifts = tuple(0.2 * code for code in range(job.n_classes)) if task is not Task.REGRESSION else ()
    explained = explainer(learners, job.X[:8], column_of, temperature=1.3, shifts=shifts)
    average = np.mean([learner.predict(job.X_valid[:5]) for learner in learners], axis=0)

    for row in range(5):
        label = int(average[row].argmax()) if shifts else 0
        found = explained.explain([job.X_valid[row]], label)
        assert found.base + found.values.sum() == pytest.approx(found.output, abs=1e-9)
        expected = average[row, 0]
        if shifts:
            logits = np.log(np.maximum(average[row], 1e-7)) / 1.3 + np.array(shifts)
            powers = np.exp(logits - logits.max())
            expected = log_odds(powers / powers.sum())[label]
        assert found.output == pytest.approx(expected, abs=2e-4 * max(1.0, abs(expected)))


def test_slopes_alone_add_up_for_two_labels() -> None:
    # Nothing is left to be spread: links and calibration are carried through exactly.
    job = real_job(Task.BINARY)
    learners = [algorithm_named(name).fit(job).portable() for name in ("lightgbm", "xgboost")]
    explained = explainer(learners, job.X[:8], np.arange(job.X.shape[1]), temperature=0.8, shifts=(0.0, -0.4))
    shared = [each.share(job.X_valid[2]) for each in explained._shares]
    average = explained._chain.average([raw[None, :] for _, raw in shared])

    slopes = explained._chain.slopes(
        [raw for _, raw in shared], explained._raw_background, average[0], explained._below, 1
    )

    carried = sum(
        np.einsum("bpk,bk->b", shares, slope) for (shares, _), slope in zip(shared, slopes, strict=True)
    )
    apart = explained._chain.answer(average, 1) - explained._chain.answer(explained._below, 1)
    np.testing.assert_allclose(carried, apart, atol=1e-9)


def test_a_weighted_sum_shares_out_each_feature_s_distance() -> None:
    linear = Linear(np.array([[2.0], [-1.0], [0.5]]), np.array([7.0]), Link.IDENTITY)
    background = np.array([[1.0, 1.0, 1.0], [3.0, 1.0, np.nan]], dtype=np.float32)

    found = explainer([linear], background, np.array([0, 1, 1])).explain([np.array([4, 0, 2], np.float32)], 0)

    assert found.values == pytest.approx([2 * (4 - 2), 1.0 + 0.5 * (2 - 0.5)])
    assert found.output == 16.0


def test_more_than_64_columns_are_shared_out() -> None:
    rng = np.random.default_rng(0)
    trees = [
        Tree(
            feature=np.array([at, 69 - at]),
            threshold=np.zeros(2, np.float32),
            left=np.array([1, 3]),
            right=np.array([2, 4]),
            missing_left=np.zeros(2, bool),
            weight=rng.normal(size=(3, 1)),
            output=np.array([0]),
        )
        for at in range(35)
    ]
    forest: Forest = grown(trees, 70, np.zeros(1), Link.IDENTITY)
    X = rng.normal(size=(5, 70)).astype(np.float32)

    found = explainer([forest], X[1:], np.arange(70)).explain([X[0]], 0)

    raw = forest.predict(X)[:, 0]
    assert found.base + found.values.sum() == pytest.approx(raw[0], abs=1e-5)
    pair = grown(trees[:1], 70, np.zeros(1), Link.IDENTITY)
    alone = explainer([pair], X[1:], np.arange(70)).explain([X[0]], 0).values
    assert np.flatnonzero(alone).tolist() == [0, 69]
