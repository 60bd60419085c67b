"""Groups of protected columns: their errors, their crosses, and what stands for them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from modelwright.evaluation import find_proxies, group_gaps
from modelwright.evaluation.checks.no_proxy import NoProxy
from modelwright.evaluation.contributions import Contribution, Contributions
from modelwright.evaluation.grouping import crossed
from modelwright.evaluation.proxies import Proxy, corrected_cramer
from modelwright.problem import METRICS, Task


def people(n: int = 4000, seed: int = 0, worse: float = 0.0) -> tuple[np.ndarray, np.ndarray, pl.DataFrame]:
    """Return labels, probabilities and two protected columns; one group's scores say less."""
    random = np.random.default_rng(seed)
    sex, race = random.choice(["f", "m"], n), random.choice(["a", "b", "c"], n)
    signal = random.normal(0, 1.5, n)
    y = (random.random(n) < 1 / (1 + np.exp(-signal))).astype(int)
    seen = np.where(sex == "f", (1 - worse) * signal + worse * random.normal(0, 1.5, n), signal)
    positive = 1 / (1 + np.exp(-seen))
    return y, np.column_stack([1 - positive, positive]), pl.DataFrame({"sex": sex, "race": race})


def tables(y, prediction, protected, **asked):
    asked = {"looks": 0, "resamples": 300} | asked
    found = group_gaps(METRICS["roc_auc"], Task.BINARY, ("no", "yes"), y, prediction, protected, **asked)
    return {table.column: table for table in found}


def test_the_figures_agree_with_fairlearn() -> None:
    from fairlearn import metrics as fair

    y, prediction, protected = people(worse=0.6)
    given = (prediction[:, 1] >= 0.5).astype(int)
    for column in protected.columns:
        sensitive = protected[column].to_numpy()
        table = tables(y, prediction, protected)[column]
        figures = {figure.name: figure for figure in table.figures}

        asked = {"y_true": y, "y_pred": given, "sensitive_features": sensitive}
        assert figures["selection_rate"].gap.value == pytest.approx(
            fair.demographic_parity_difference(**asked)
        )
        assert figures["selection_rate"].ratio == pytest.approx(fair.demographic_parity_ratio(**asked))
        assert table.equalized_odds_difference == pytest.approx(fair.equalized_odds_difference(**asked))
        assert figures["true_positive_rate"].gap.value == pytest.approx(
            fair.equal_opportunity_difference(**asked)
        )
        rates = fair.MetricFrame(metrics=fair.false_positive_rate, **asked).by_group
        for name, rate in rates.items():
            assert figures["false_positive_rate"].groups[name].value == pytest.approx(rate)


def test_a_group_that_is_served_worse_is_seen_and_equal_groups_are_not() -> None:
    uneven = tables(*people(worse=0.8))["sex"]
    even = tables(*people(worse=0.0))["sex"]

    assert {figure.name: figure.gap.low > 0 for figure in uneven.figures}["precision"]
    assert not any(figure.gap.low > 0 for figure in even.figures)


def test_equal_groups_are_rarely_called_unequal() -> None:
    called = [
        figure.gap.low > 0
        for seed in range(60)
        for figure in tables(*people(600, seed), resamples=150)["race"].figures
    ]

    assert np.mean(called) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 60)


def test_each_group_s_interval_covers_its_rate() -> None:
    covered = []
    for seed in range(100):
        y, prediction, protected = people(800, seed)
        figure = tables(y, prediction, protected.select("sex"), resamples=200)["sex"].figures[0]
        covered += [interval.low <= 0.5 <= interval.high for interval in figure.groups.values()]

    assert 0.90 <= np.mean(covered) <= 0.99


def test_a_rate_of_none_in_a_few_rows_is_not_certain() -> None:
    y, prediction, protected = people(2000)
    rare = np.arange(2000) < 40
    protected = protected.with_columns(pl.Series("race", np.where(rare, "z", "a")))
    prediction[rare] = [0.9, 0.1]

    figure = tables(y, prediction, protected)["race"].figures[0]

    assert figure.groups["z"].value == 0
    assert figure.groups["z"].high == pytest.approx(1 - 0.025 ** (1 / 40)), "Clopper and Pearson"


def test_pairs_of_columns_are_groups_too() -> None:
    y, prediction, protected = people()

    found = tables(y, prediction, protected)

    assert list(found) == ["sex", "race", "sex & race"]
    assert found["sex & race"].crossed
    assert {group.name for group in found["sex & race"].groups} == {
        f"{sex} & {race}" for sex in "fm" for race in "abc"
    }


def test_three_columns_have_three_pairs_and_numbers_are_cut_first() -> None:
    frame = pl.DataFrame({"a": ["x", "y"] * 50, "b": ["u"] * 50 + ["v"] * 50, "age": list(range(100))})

    pairs = crossed(frame)

    assert pairs.columns == ["a & b", "a & age", "b & age"]
    assert pairs["b & age"].n_unique() == 4


def test_groups_too_small_for_a_share_are_left_out_of_it() -> None:
    y, prediction, protected = people(400)
    y[(protected["race"] == "c").to_numpy()] = 0

    figures = {figure.name: figure for figure in tables(y, prediction, protected)["race"].figures}

    assert set(figures["true_positive_rate"].groups) == {"a", "b"}
    assert set(figures["selection_rate"].groups) == {"a", "b", "c"}


def test_regression_and_more_classes_have_figures_of_their_own() -> None:
    random = np.random.default_rng(0)
    protected = pl.DataFrame({"sex": random.choice(["f", "m"], 500)})
    y = random.normal(size=500)
    off = y + np.where(protected["sex"] == "f", 0.5, 0.0)
    codes = random.integers(0, 3, 500)

    (values,) = group_gaps(
        METRICS["rmse"], Task.REGRESSION, (), y, off[:, None], protected, looks=0, resamples=200
    )
    (labels,) = group_gaps(
        METRICS["log_loss"], Task.MULTICLASS, ("a", "b", "c"), codes, np.eye(3)[codes] * 0.8 + 0.1, protected,
        looks=0, resamples=200,
    )  # fmt: skip

    assert values.figures[0].gap.value == pytest.approx(0.5)
    assert labels.figures[0].groups["f"].value == 1.0


class TestProxies:
    def test_what_stands_for_a_column_is_named_first(self) -> None:
        random = np.random.default_rng(0)
        sex = random.choice(["f", "m"], 3000)
        frame = pl.DataFrame(
            {
                "height": np.where(sex == "f", 165, 178) + random.normal(0, 6, 3000),
                "title": np.where(random.random(3000) < 0.95, np.where(sex == "f", "Ms", "Mr"), "Dr"),
                "luck": random.random(3000),
            },
            schema_overrides={"height": pl.Float32, "luck": pl.Float32},
        )

        found = find_proxies(frame, pl.DataFrame({"sex": sex}))

        assert [each.feature for each in found] == ["title", "height", "luck"]
        assert [each.strong for each in found] == [True, True, False]

    def test_no_association_is_zero_on_average_whatever_the_number_of_cells(self) -> None:
        random = np.random.default_rng(0)
        rated = [
            corrected_cramer(random.integers(0, 20, 400), random.integers(0, 5, 400)) ** 2 for _ in range(200)
        ]

        assert np.mean(rated) < 0.01

    def test_a_copy_gives_it_away(self) -> None:
        codes = np.arange(1000) % 7

        assert corrected_cramer(codes, codes) == pytest.approx(1)

    def test_it_agrees_with_scipy_before_the_correction_on_many_rows(self) -> None:
        from scipy.stats.contingency import association

        random = np.random.default_rng(0)
        first = random.integers(0, 4, 200_000)
        second = np.where(random.random(200_000) < 0.5, first % 3, random.integers(0, 3, 200_000))
        table = np.zeros((4, 3), dtype=int)
        np.add.at(table, (first, second), 1)

        assert corrected_cramer(first, second) == pytest.approx(association(table), abs=1e-3)

    @pytest.mark.parametrize(("size", "found"), [(0.2, True), (0.02, False)])
    def test_copies_that_share_their_importance_are_seen_in_the_answers(self, size, found) -> None:
        added = Contributions(
            scale="log-odds",
            rows=60,
            milliseconds=1.0,
            columns=tuple(
                Contribution(column=name, mean=mean, low=-mean, high=mean)
                for name, mean in (("pay", 1.0), ("title", size))
            ),
            examples=(),
        )
        proxies = (Proxy(column="sex", feature="title", strength=0.9, strong=True),)
        evaluation = SimpleNamespace(importance=(), contributions=added, proxies=proxies)

        assert (NoProxy().find(evaluation, None) is not None) is found
