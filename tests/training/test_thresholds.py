"""Thresholds of their own for groups: cheap, within the promise, the same in the graph."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelwright.data import Column, Contract, matrices
from modelwright.errors import TrainingError
from modelwright.training.thresholds import GroupThresholds

CONTRACT = Contract(
    columns=(
        Column(name="age", kind="number"),
        Column(name="member", kind="boolean"),
        Column(name="sex", kind="category", categories=("f", "m", "x")),
        Column(name="y", kind="category", role="target", categories=("no", "yes")),
    )
)


def people(n: int = 6000, seed: int = 0) -> tuple[pl.DataFrame, np.ndarray, np.ndarray]:
    """Return rows of whom men are given more often, with calibrated probabilities."""
    random = np.random.default_rng(seed)
    sex = random.choice(["f", "m", "x"], n, p=[0.45, 0.53, 0.02])
    age = random.integers(18, 80, n).astype(np.float32)
    logit = random.normal(0, 1.3, n) + np.where(sex == "m", 0.8, -0.6) + (age - 50) / 40
    probability = 1 / (1 + np.exp(-logit))
    y = (random.random(n) < probability).astype(int)
    frame = pl.DataFrame(
        {"age": age, "member": (random.random(n) < 0.5).astype(np.float32), "sex": sex},
        schema_overrides={"age": pl.Float32, "member": pl.Float32},
    )
    return frame, y, probability


def fitted(column: str = "sex", constraint: str = "selection_rate", gap: float = 0.1, seed: int = 0):
    frame, y, probability = people(seed=seed)
    return GroupThresholds.fit(
        CONTRACT, frame, y, probability, column=column, constraint=constraint, gap=gap, costs=(1.0, 1.0)
    )


def gap_in(chosen: np.ndarray, groups: np.ndarray, rows: np.ndarray) -> float:
    rates = [chosen[rows & (groups == name)].mean() for name in ("f", "m")]
    return abs(rates[0] - rates[1])


@pytest.mark.parametrize("constraint", ["selection_rate", "true_positive_rate"])
def test_new_rows_keep_the_promise(constraint: str) -> None:
    thresholds = fitted(constraint=constraint)
    frame, y, probability = people(20_000, seed=1)
    rows = y == 1 if constraint == "true_positive_rate" else np.ones(len(y), bool)
    groups = frame["sex"].to_numpy()

    before = gap_in(probability >= 0.5, groups, rows)
    after = gap_in(probability >= thresholds.of(frame), groups, rows)

    assert before > 0.2
    assert after <= 0.1


@pytest.mark.parametrize("constraint", ["selection_rate", "true_positive_rate"])
def test_it_costs_no_more_than_fairlearn_s_optimum_without_a_gap(constraint: str) -> None:
    from fairlearn.postprocessing import ThresholdOptimizer
    from sklearn.base import BaseEstimator, ClassifierMixin
    from sklearn.metrics import accuracy_score

    class Known(ClassifierMixin, BaseEstimator):
        def fit(self, X, y):
            self.classes_, self.fitted_ = np.unique(y), True
            return self

        def predict_proba(self, X):
            return np.column_stack([1 - X[:, 0], X[:, 0]])

        def predict(self, X):
            return (X[:, 0] >= 0.5).astype(int)

    frame, y, probability = people()
    two = (frame["sex"] != "x").to_numpy()
    frame, y, probability = frame.filter(two), y[two], probability[two]
    named = {"selection_rate": "demographic_parity", "true_positive_rate": "true_positive_rate_parity"}
    sensitive = frame["sex"].to_numpy()
    rival = ThresholdOptimizer(
        estimator=Known().fit(probability[:, None], y),
        constraints=named[constraint], objective="accuracy_score", prefit=True,
        predict_method="predict_proba",
    ).fit(probability[:, None], y, sensitive_features=sensitive)  # fmt: skip
    theirs = rival.predict(probability[:, None], sensitive_features=sensitive, random_state=0)
    ours = GroupThresholds.fit(
        CONTRACT, frame, y, probability, column="sex", constraint=constraint, gap=0.01, costs=(1.0, 1.0)
    )

    assert accuracy_score(y, probability >= ours.of(frame)) >= accuracy_score(y, theirs) - 0.005


def test_without_need_nothing_changes_the_decisions_much() -> None:
    frame, y, probability = people()
    thresholds = fitted(gap=1.0)

    assert (y == (probability >= thresholds.of(frame))).mean() >= (y == (probability >= 0.5)).mean()


@pytest.mark.parametrize("column", ["sex", "age", "member"])
def test_the_graph_gives_the_same_thresholds(column: str) -> None:
    import onnxruntime
    import spox

    thresholds = fitted(column)
    frame, *_ = people(500, seed=2)
    frame = pl.concat(
        [frame, pl.DataFrame({"age": [None], "member": [None], "sex": ["unknown"]}, frame.schema)]
    )
    inputs = matrices(CONTRACT, frame)
    numbers = spox.argument(spox.Tensor(np.float32, ("rows", 2)))
    texts = spox.argument(spox.Tensor(np.str_, ("rows", 1)))
    graph = spox.build({"numbers": numbers, "texts": texts}, {"threshold": thresholds.graph(numbers, texts)})
    session = onnxruntime.InferenceSession(graph.SerializeToString())

    given = {"numbers": inputs.numbers, "texts": inputs.texts}
    (found,) = session.run(None, {each.name: given[each.name] for each in session.get_inputs()})

    assert np.array_equal(found[:, 0], thresholds.of(frame))
    assert found[-1, 0] == np.float32(0.5)


def test_small_groups_keep_the_threshold_of_all() -> None:
    thresholds = fitted()
    by_level = dict(zip(thresholds.levels, thresholds.thresholds, strict=True))

    assert by_level["f"] < by_level["m"]
    assert (
        GroupThresholds.fit(
            CONTRACT, *small(), column="sex", constraint="selection_rate", gap=0.1, costs=(1.0, 3.0)
        ).thresholds[2]
        == 0.25
    )


def small() -> tuple[pl.DataFrame, np.ndarray, np.ndarray]:
    frame, y, probability = people()
    few = (frame["sex"] == "x").to_numpy() & (np.arange(len(y)) > 2000)
    return frame.filter(~few), y[~few], probability[~few]


@pytest.mark.parametrize(("column", "said"), [("absent", "not a feature"), ("sex", "fewer than two groups")])
def test_what_cannot_be_evened_out_is_refused(column: str, said: str) -> None:
    frame, y, probability = people(90)

    with pytest.raises(TrainingError, match=said):
        GroupThresholds.fit(
            CONTRACT,
            frame,
            y,
            probability,
            column=column,
            constraint="selection_rate",
            gap=0.1,
            costs=(1.0, 1.0),
        )
