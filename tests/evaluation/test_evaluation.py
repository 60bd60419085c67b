"""The stage as a whole: from predictions to an evaluation that can be kept and compared."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from modelwright.errors import DataError
from modelwright.evaluation import CHECKS, Evaluation, evaluate
from modelwright.problem import METRICS, Task
from tests.evaluation.worlds import brief, calibrated_binary


@pytest.fixture(scope="module")
def real() -> dict[str, Evaluation]:
    """Evaluations of linear models of three real data sets."""
    found = {}
    for task, metric, load in (
        ("binary", "roc_auc", load_breast_cancer),
        ("multiclass", "log_loss", load_wine),
        ("regression", "rmse", load_diabetes),
    ):
        X, y = load(return_X_y=True)
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.4, random_state=0)
        regression = task == "regression"
        model = make_pipeline(StandardScaler(), Ridge() if regression else LogisticRegression())
        model.fit(X_train, y_train)
        guess = y_train.mean() if regression else np.bincount(y_train) / len(y_train)

        def predict(X, model=model, regression=regression):
            X = X.to_numpy() if isinstance(X, pl.DataFrame) else X
            return model.predict(X)[:, None] if regression else model.predict_proba(X)

        found[task] = evaluate(
            brief(task, metric),
            y_test,
            predict(X_test),
            classes=() if regression else [f"label {code}" for code in range(y.max() + 1)],
            baselines={"constant": np.tile(guess, (len(y_test), 1))},
            protected=pl.DataFrame({"first": X_test[:, 0].astype(np.float32)}),
            predict=predict,
            frame=pl.DataFrame(X_test, schema=[f"c{i}" for i in range(X.shape[1])]),
            cross_validated=None,
            resamples=300,
        )
    return found


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_a_linear_model_of_real_data_beats_the_constant(real, task) -> None:
    evaluation = real[task]
    assert evaluation.best_baseline == "constant"
    assert evaluation.gain is not None
    assert evaluation.gain.better
    assert evaluation.figures[0].name == evaluation.metric
    assert evaluation.figures[0].interval == evaluation.score
    expected = {name for name, metric in METRICS.items() if Task(task) in metric.tasks}
    stated = {"binary": {"lift", "expected_cost"}, "regression": {"pinball", "mape"}}.get(task, set())
    assert {figure.name for figure in evaluation.figures} == expected | stated
    assert (evaluation.confusion is None) == (evaluation.errors is not None) == (task == "regression")
    assert (evaluation.cost is not None) == (task == "binary")
    assert evaluation.importance[0].drop.value > 0
    assert [check.code for check in evaluation.checks] == [check.code for check in CHECKS]


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_an_evaluation_is_kept_as_json_and_read_back_the_same(real, task) -> None:
    evaluation = real[task]
    assert Evaluation.model_validate_json(evaluation.model_dump_json()) == evaluation
    assert evaluation.decides.title in str(evaluation)


def test_every_figure_is_inside_its_own_interval(real) -> None:
    for evaluation in real.values():
        every = [evaluation.score, *evaluation.baselines.values(), *evaluation.intervals.values()]
        assert all(found.low <= found.value <= found.high for found in every)


def test_the_best_baseline_is_the_best_by_the_metrics_direction() -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 400)
    rivals = {"constant": np.full((400, 2), 0.5), "linear": prediction * 0.9 + 0.05, "rule": 1 - prediction}
    for metric in ("roc_auc", "log_loss"):
        found = evaluate(
            brief(metric=metric), y, prediction, classes=("no", "yes"), baselines=rivals, resamples=100
        )
        assert found.best_baseline == "linear"


def test_the_brief_s_seed_decides_and_the_same_seed_gives_the_same_evaluation() -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 300)

    def run(seed: int) -> Evaluation:
        return evaluate(brief(training={"seed": seed}), y, prediction, classes=("no", "yes"), resamples=200)

    assert run(1) == run(1)
    assert run(1).score != run(2).score


def test_rows_that_do_not_match_are_refused() -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 100)
    with pytest.raises(DataError, match="the candidate predicts 99 rows but there are 100 labels"):
        evaluate(brief(), y, prediction[:99], classes=("no", "yes"))
    with pytest.raises(DataError, match="linear predicts values that are not finite"):
        evaluate(brief(), y, prediction, classes=("no", "yes"), baselines={"linear": prediction * np.nan})


def test_a_rare_label_does_not_vanish_from_the_sample_of_the_importance() -> None:
    rng = np.random.default_rng(0)
    y = np.zeros(30_000, dtype=np.int64)
    y[:30] = 1
    score = np.clip(0.2 + 0.5 * y + 0.1 * rng.normal(size=len(y)), 0.01, 0.99)
    found = evaluate(
        brief(),
        y,
        np.stack([1 - score, score], axis=1),
        classes=("no", "yes"),
        predict=lambda frame: np.stack([1 - frame["s"].to_numpy(), frame["s"].to_numpy()], axis=1),
        frame=pl.DataFrame({"s": score}),
        resamples=100,
    )
    assert found.importance[0].drop.low > 0.2
