"""Categories: codes by frequency, means of the target, indicators; each with a place for the unknown."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelwright.data import Column
from modelwright.features import CategoryColumns, Setting, Style
from modelwright.problem import Task

TREE = Setting(Task.REGRESSION, Style.TREE)
LINEAR = Setting(Task.REGRESSION, Style.LINEAR)


def fit(texts: list[str | None], known: tuple[str, ...], setting: Setting, y: np.ndarray | None = None):
    frame = pl.DataFrame({"city": texts}, schema={"city": pl.String})
    column = Column(name="city", kind="category", categories=known)
    return CategoryColumns.fit(frame, [column], np.zeros(len(texts)) if y is None else y, setting)


def seen_as(fitted: CategoryColumns, *texts: str | None) -> list[list[float]]:
    return fitted.transform(pl.DataFrame({"city": texts}, schema={"city": pl.String})).tolist()


def test_codes_are_ranks_by_frequency_in_the_rows_given():
    fitted = fit(["b", "c", "b", "c", "b", "a"], ("a", "b", "c", "elsewhere"), TREE)
    assert fitted.names == ("city",)
    assert seen_as(fitted, "b", "c", "a") == [[0], [1], [2]]


def test_equally_frequent_levels_keep_the_order_of_the_contract():
    assert seen_as(fit(["x", "y"], ("y", "x"), TREE), "x", "y") == [[1], [0]]


def test_unseen_levels_have_a_code_of_their_own_beside_the_rare_ones():
    fitted = fit(["a", "a", "b"], ("a", "b", "elsewhere"), TREE)
    assert seen_as(fitted, "elsewhere", "never heard of") == [[2], [2]]


def test_missing_is_nan_whether_null_or_empty():
    fitted = fit(["a", None], ("a",), TREE)
    np.testing.assert_array_equal(seen_as(fitted, None, ""), [[np.nan], [np.nan]])


@pytest.mark.parametrize("other", ["A", "a ", " a", "a\x1f0", "a\x00", "\x1f0", "\u0430"])
def test_texts_that_look_alike_are_not_the_same(other):
    fitted = fit(["a", "a", "b"], ("a", "b"), TREE)
    assert seen_as(fitted, other) == [[2]]


def test_trees_get_means_of_the_target_for_many_levels():
    texts = [f"city {at}" for at in range(9)] * 4
    y = np.array([float(text[-1]) for text in texts])
    fitted = fit(texts, tuple(dict.fromkeys(texts)), TREE, y)
    assert fitted.names == ("city", "city: mean of the target")
    means = [mean for _, mean in seen_as(fitted, "city 0", "city 4", "city 8", "unknown", None)]
    assert means[0] < 1
    assert means[2] > 7
    assert means[1] == means[3] == means[4] == 4.0


def test_a_missing_value_is_a_level_when_it_comes_to_the_target():
    texts = [None, *(f"city {at}" for at in range(9))] * 10
    y = np.array([50.0 if text is None else 0.0 for text in texts])
    [[_, mean]] = seen_as(fit(texts, tuple(f"city {at}" for at in range(9)), TREE, y), None)
    assert mean > 40


def test_linear_learners_get_an_indicator_for_each_level_and_for_missing():
    fitted = fit(["a", "a", "b", None], ("a", "b", "c"), LINEAR)
    assert fitted.names == ("city = a", "city missing", "city = b")
    assert seen_as(fitted, "a", "b", None, "c", "d") == [
        [1, 0, 0],
        [0, 0, 1],
        [0, 1, 0],
        [0, 0, 0],
        [0, 0, 0],
    ]


def test_levels_that_the_contract_does_not_list_count_when_the_rows_have_them():
    fitted = fit(["a", "other", "another"], ("a",), LINEAR)
    assert fitted.names == ("city unseen", "city = a")
    assert seen_as(fitted, "a third") == [[1, 0]]


def test_indicators_are_capped_and_the_rest_shares_a_mean():
    known = tuple(f"city {at}" for at in range(100))
    fitted = fit([*known, *known[:24]], known, LINEAR)
    assert len(fitted.names) == 25
    assert fitted.names[0] == "city: mean of the target"
    assert "city = city 23" in fitted.names


def test_indicators_of_many_columns_share_a_cap():
    known = tuple(f"level {at}" for at in range(30))
    frame = pl.DataFrame({f"c{at}": known * 2 for at in range(40)})
    columns = [Column(name=name, kind="category", categories=known) for name in frame.columns]
    fitted = CategoryColumns.fit(frame, columns, np.arange(60.0), LINEAR)
    assert len(fitted.indicators.names) <= 256
    assert len(fitted.lookup.names) == 40


def test_each_frequent_class_has_a_mean_but_not_every_class():
    known = tuple(f"city {at}" for at in range(20))
    y = np.repeat([0, 1, 2, 3, 4], [400, 300, 200, 60, 40])
    classes = ("much", "more", "some", "few", "rare")
    fitted = fit(list(known) * 50, known, Setting(Task.MULTICLASS, Style.TREE, classes), y)
    assert fitted.names[1:] == tuple(f"city: mean of {name}" for name in ("much", "more", "some"))


def test_a_binary_target_has_one_mean():
    known = tuple(f"city {at}" for at in range(20))
    y = np.arange(200) % 2
    fitted = fit(list(known) * 10, known, Setting(Task.BINARY, Style.TREE, ("no", "yes")), y)
    assert fitted.names == ("city", "city: mean of the target")


def test_means_for_linear_learners_are_standardised():
    known = tuple(f"city {at}" for at in range(60))
    texts = [text for text in known for _ in range(20)]
    effects = np.random.default_rng(0).normal(1e6, 1e3, 60)
    fitted = fit(texts, known, LINEAR, np.repeat(effects, 20) + np.random.default_rng(1).normal(0, 10, 1200))
    means = np.array([row[0] for row in seen_as(fitted, *texts)])
    assert means.mean() == pytest.approx(0.0, abs=1e-3)
    assert means.std() == pytest.approx(1.0, abs=1e-3)
