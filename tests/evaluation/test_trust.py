"""Coverage, abstaining and shares: right on known worlds, and the checks that read them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelwright.evaluation import (
    Evaluation,
    check_coverage,
    evaluate,
    measure_abstention,
    share_of,
    with_trust,
)
from modelwright.problem import Brief
from modelwright.uncertainty import Uncertainty, assumptions, fit_intervals, fit_sets
from tests.evaluation.worlds import brief, calibrated_binary, linear_values, two_columns

ROWS = 800
CLASSES = ("no", "yes")


def fitted(seed: int = 1) -> Uncertainty:
    y, prediction = calibrated_binary(np.random.default_rng(seed), 1500)
    return fit_sets(y, prediction, assumptions(grouped=False, ordered=False))


def trusted(y=None, prediction=None, *, asked: Brief | None = None, **how) -> Evaluation:
    good_y, good = calibrated_binary(np.random.default_rng(0), ROWS)
    y, prediction = good_y if y is None else y, good if prediction is None else prediction
    asked = asked or brief()
    evaluation = evaluate(asked, y, prediction, classes=CLASSES, resamples=50)
    return with_trust(evaluation, asked, y, prediction, **{"uncertainty": fitted(), **how})


def found(evaluation: Evaluation, code: str):
    return next(check for check in evaluation.checks if check.code == code)


def test_coverage_is_counted_for_all_rows_labels_and_groups() -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), ROWS)
    group = np.where(np.arange(ROWS) < 20, "few", np.where(np.arange(ROWS) % 2, "odd", "even"))
    coverage = check_coverage(
        fitted(), CLASSES, y, prediction, target="outcome", protected=pl.DataFrame({"g": group}), looks=2
    )
    chosen = fitted().sets(prediction, 0.9)
    hits = chosen[np.arange(ROWS), y]
    assert [each.level for each in coverage.levels] == [0.8, 0.9, 0.95]
    at_90 = coverage.levels[1]
    assert at_90.covered.value == hits.mean()
    assert at_90.size == chosen.sum(axis=1).mean()
    assert coverage.alpha == pytest.approx(0.05 / 6)
    by_name = {(each.column, each.group): each for each in coverage.groups}
    assert by_name["outcome", "yes"].covered.value == hits[y == 1].mean()
    assert by_name["g", "odd"].covered.rows == (group == "odd").sum()
    assert ("g", "few") not in by_name


def test_intervals_of_values_are_checked_too() -> None:
    rng = np.random.default_rng(0)
    y, prediction = linear_values(rng, 1000)
    uncertainty = fit_intervals(
        *((part if part.ndim == 1 else part[:, 0]) for part in linear_values(rng, 900)), ""
    )
    coverage = check_coverage(uncertainty, (), y, prediction)
    assert coverage.kind == "intervals"
    assert coverage.levels[1].single is None
    assert coverage.levels[1].size == pytest.approx(2 * 1.645, rel=0.1)
    assert abs(coverage.levels[1].covered.value - 0.9) < 0.04


def test_too_few_rows_for_any_level_are_no_coverage() -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 3)
    assert check_coverage(fit_sets(y, prediction, ""), CLASSES, y, prediction) is None


@pytest.mark.parametrize("grouped", [False, True])
def test_the_interval_of_a_share_holds_the_truth(grouped) -> None:
    held = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        groups = np.repeat(np.arange(40), 10)
        tendency = np.repeat(rng.beta(4, 1, 40), 10) if grouped else 0.8
        share = share_of(rng.random(400) < tendency, 0.05, groups if grouped else None)
        held += share.low <= 0.8 <= share.high
    assert 0.92 <= held / 300 <= 0.985


def test_rows_of_a_group_that_go_together_make_a_share_less_sure() -> None:
    hits = np.repeat(np.random.default_rng(0).random(40) < 0.8, 10)
    alone, together = share_of(hits, 0.05), share_of(hits, 0.05, np.repeat(np.arange(40), 10))
    assert together.high - together.low > 2.5 * (alone.high - alone.low)
    assert share_of(np.ones(50, bool), 0.05, np.arange(50)).low == pytest.approx(
        share_of(np.ones(50, bool), 0.05).low
    )


def test_abstaining_leaves_the_answers_that_are_right_more_often() -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 4000)
    abstention = measure_abstention(y, prediction, threshold=0.5, below=0.8, looks=0)
    confidence = prediction.max(axis=1)
    right = (prediction[:, 1] >= 0.5) == y
    assert abstention.chosen.abstained.value == (confidence < 0.8).mean()
    assert abstention.chosen.accuracy.value == right[confidence >= 0.8].mean()
    accuracies = [step.accuracy.value for step in abstention.steps if step.accuracy]
    assert accuracies == sorted(accuracies)
    assert abstention.accuracy.value == right.mean()
    assert measure_abstention(y, prediction, threshold=0.5).chosen is None


def test_a_good_model_passes_and_what_is_not_there_is_not_judged() -> None:
    evaluation = trusted(asked=brief(serving={"abstain_below": 0.6}))
    assert [found(evaluation, code).passed for code in ("MW-E020", "MW-E021", "MW-E022")] == [True] * 3
    bare = evaluate(brief(), *calibrated_binary(np.random.default_rng(0), 200), classes=CLASSES, resamples=50)
    assert all(found(bare, code).not_applicable for code in ("MW-E020", "MW-E021", "MW-E022"))


def test_sets_that_miss_too_often_are_noticed() -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), ROWS)
    log_odds = 4 * np.log(prediction[:, 1] / prediction[:, 0])
    surer = two_columns(1 / (1 + np.exp(-log_odds)))
    finding = found(trusted(y, surer), "MW-E020").finding
    assert finding is not None
    assert "at the level" in finding.message


def test_a_group_that_is_missed_too_often_is_noticed_though_all_together_are_not() -> None:
    rng = np.random.default_rng(0)
    y, prediction = calibrated_binary(rng, ROWS)
    group = np.where(np.arange(ROWS) < 120, "new", "old")
    y = np.where(group == "new", rng.integers(0, 2, ROWS), y)
    finding = found(trusted(y, prediction, protected=pl.DataFrame({"g": group})), "MW-E021").finding
    assert finding is not None
    assert finding.column == "g"
    assert "'new'" in finding.message


def test_abstaining_mostly_or_for_nothing_is_noticed() -> None:
    mostly = found(trusted(asked=brief(serving={"abstain_below": 0.95})), "MW-E022").finding
    assert mostly is not None
    assert "abstain" in mostly.message
    y = np.random.default_rng(0).integers(0, 2, ROWS)
    confused = np.where((np.arange(ROWS) % 3 == 0)[:, None], [0.55, 0.45], [0.1, 0.9])
    right_where_unsure = np.where(np.arange(ROWS) % 3 == 0, 0, y)
    for_nothing = found(
        trusted(right_where_unsure, confused, asked=brief(serving={"abstain_below": 0.6})), "MW-E022"
    ).finding
    assert for_nothing is not None
    assert "right no more often" in for_nothing.message
