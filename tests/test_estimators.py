"""The scikit-learn door: manners, tables of every make, and predictions that can be trusted."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.metrics import log_loss, r2_score, roc_auc_score
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from modelwright import ModelwrightClassifier, ModelwrightRegressor
from modelwright.demo import adult

# One candidate and no limit that a slow machine could reach: what is tested must not depend on the clock.
QUICK = {"time_limit": 3600, "max_candidates": 1, "random_state": 0, "n_jobs": 1}

UNEQUAL = {
    "check_sample_weight_equivalence_on_dense_data": "a row twice is not a row of weight 2 here: folds, and "
    "the rows of a leaf, are counted; predictions are near each other and not equal",
}
SKIPPED = {"check_array_api_input": "scikit-learn runs it only with SCIPY_ARRAY_API set; our input is tables"}


@pytest.mark.parametrize("estimator", [ModelwrightClassifier, ModelwrightRegressor])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
def test_scikit_learns_own_suite_passes(estimator: type) -> None:
    results = check_estimator(estimator(**QUICK), expected_failed_checks=UNEQUAL, on_fail=None, on_skip=None)
    failed = {result["check_name"]: result["exception"] for result in results if result["status"] == "failed"}
    skipped = {result["check_name"] for result in results if result["status"] == "skipped"}
    assert failed == {}
    assert skipped <= SKIPPED.keys()
    assert len(results) > 45


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    return adult()[:3000].drop("fnlwgt")


@pytest.fixture(scope="module")
def fitted(people: pl.DataFrame) -> ModelwrightClassifier:
    return ModelwrightClassifier(**QUICK).fit(people[:2000].drop("class"), people["class"][:2000])


def test_a_real_table_with_categories_and_missing_values_is_learnt(
    fitted: ModelwrightClassifier, people: pl.DataFrame
) -> None:
    probabilities = fitted.predict_proba(people[2000:].drop("class"))
    assert fitted.classes_.tolist() == ["<=50K", ">50K"]
    assert roc_auc_score(people["class"][2000:].to_numpy(), probabilities[:, 1]) > 0.88
    assert fitted.score_ > 0.88


@pytest.mark.parametrize("form", ["pandas", "polars", "arrow", "duckdb"])
def test_every_make_of_table_gives_the_same_answer(
    fitted: ModelwrightClassifier, people: pl.DataFrame, form: str
) -> None:
    import duckdb

    rows = people[2000:2200].drop("class")
    forms = {
        "pandas": rows.to_pandas,
        "polars": lambda: rows,
        "arrow": rows.to_arrow,
        "duckdb": lambda: duckdb.from_arrow(rows.to_arrow()),
    }
    given = forms[form]()
    assert np.array_equal(fitted.predict_proba(given), fitted.predict_proba(rows))


def test_the_same_seed_gives_the_same_predictions(
    people: pl.DataFrame, fitted: ModelwrightClassifier
) -> None:
    again = clone(fitted).fit(people[:2000].drop("class"), people["class"][:2000])
    rows = people[2000:].drop("class")
    assert np.array_equal(again.predict_proba(rows), fitted.predict_proba(rows))


def test_a_fitted_estimator_can_be_kept_and_read_back(
    people: pl.DataFrame, fitted: ModelwrightClassifier
) -> None:
    kept = pickle.loads(pickle.dumps(fitted))
    rows = people[2000:2100].drop("class")
    assert np.array_equal(kept.predict(rows), fitted.predict(rows))


def test_what_was_never_seen_is_answered(fitted: ModelwrightClassifier, people: pl.DataFrame) -> None:
    strange = (
        people[:5].drop("class").with_columns(workclass=pl.lit("Moon base"), age=pl.lit(None, dtype=pl.Int64))
    )
    assert np.isfinite(fitted.predict_proba(strange)).all()


@pytest.mark.parametrize("estimator", [ModelwrightClassifier, ModelwrightRegressor])
def test_rows_that_count_more_are_learnt_more_and_those_that_do_not_count_are_left_out(
    estimator: type,
) -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 2))
    first = np.arange(400) < 200  # of two truths
    y = np.where(first, X[:, 0] > 0, X[:, 0] < 0).astype(np.int64)
    model = estimator(**QUICK)
    said = model.fit(X, y, sample_weight=np.where(first, 5, 1)).predict(X)
    assert np.corrcoef(said, X[:, 0])[0, 1] > 0.5
    alone = model.fit(X, y, sample_weight=first.astype(float)).predict(X)
    assert np.array_equal(alone, model.fit(X[first], y[first]).predict(X))


def test_a_direction_is_kept_also_against_the_data() -> None:
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"a": rng.normal(size=300), "b": rng.normal(size=300)})
    y = np.where(X["a"] + X["b"] + rng.normal(size=300) > 0, "yes", "no")
    model = ModelwrightClassifier(monotonic_cst={"a": -1, "b": 1}, **QUICK).fit(X, y)
    for name, direction in (("a", -1), ("b", 1)):
        swept = pd.concat([X.iloc[[at]] for at in range(20) for _ in range(30)])
        swept[name] = np.tile(np.linspace(-5, 5, 30), 20)
        steps = np.diff(model.predict_proba(swept)[:, 1].reshape(20, 30), axis=1)
        assert (steps * direction >= -1e-6).all()
    listed = ModelwrightClassifier(monotonic_cst=[-1, 1], **QUICK).fit(X, y)
    assert np.array_equal(listed.predict_proba(X), model.predict_proba(X))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([1], "1 entries, but X has 2 columns"),
        ({"c": 1}, "no such column"),
        ({"a": 2}, "-1, 0 or 1"),
        ({"kind": 1}, "of the kind 'category'"),
    ],
)
def test_an_impossible_direction_is_said(given: object, said: str) -> None:
    X = pd.DataFrame({"a": np.arange(40.0) % 7, "kind": ["x", "y"] * 20})
    with pytest.raises(ValueError, match=said):
        ModelwrightRegressor(monotonic_cst=given, **QUICK).fit(X, np.arange(40.0))


def test_it_works_in_pipelines_and_cross_validation() -> None:
    X, y = load_breast_cancer(return_X_y=True)
    model = make_pipeline(StandardScaler(), ModelwrightClassifier(**QUICK))
    assert cross_val_score(model, X, y, cv=3, scoring="roc_auc").mean() > 0.97


def test_many_classes_keep_their_order_and_type() -> None:
    X, y = load_iris(return_X_y=True, as_frame=True)
    train, test, y_train, y_test = train_test_split(X, y * 10, random_state=0, stratify=y)
    model = ModelwrightClassifier(metric="log_loss", **QUICK).fit(train, y_train)
    assert model.classes_.tolist() == [0, 10, 20]
    assert model.predict(test).dtype == y_train.to_numpy().dtype
    assert log_loss(y_test, model.predict_proba(test)) < 0.4


def test_a_number_is_predicted_in_its_own_unit() -> None:
    X, y = load_diabetes(return_X_y=True, as_frame=True)
    train, test, y_train, y_test = train_test_split(X, y * 1000, random_state=0)
    model = ModelwrightRegressor(**QUICK).fit(train, y_train)
    assert r2_score(y_test, model.predict(test)) > 0.3


def test_dates_booleans_and_text_numbers_are_features() -> None:
    rng = np.random.default_rng(0)
    days = pd.date_range("2020-01-01", periods=600, freq="D")
    flag = rng.integers(0, 2, 600).astype(bool)
    amount = rng.normal(size=600).round(3)
    X = pd.DataFrame({"day": days, "flag": flag, "amount": [f" {value} " for value in amount]})
    y = days.month + 3 * flag + amount
    model = ModelwrightRegressor(**QUICK).fit(X[:500], y[:500])
    assert {column.name: column.kind for column in model.contract_.features} == {
        "day": "time",
        "flag": "boolean",
        "amount": "number",
    }
    assert r2_score(y[500:], model.predict(X[500:])) > 0.5


def test_a_table_may_have_a_column_called_target() -> None:
    X, y = load_diabetes(return_X_y=True, as_frame=True)
    assert ModelwrightRegressor(**QUICK).fit(X.rename(columns={"bmi": "target"}), y).predict(
        X.rename(columns={"bmi": "target"})
    ).shape == (len(X),)


def test_an_unknown_metric_suggests_the_nearest() -> None:
    X, y = load_diabetes(return_X_y=True)
    with pytest.raises(ValueError, match="did you mean 'rmse'"):
        ModelwrightRegressor(metric="rmsee", **QUICK).fit(X, y)
