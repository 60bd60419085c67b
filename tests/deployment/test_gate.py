from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest

from modelwright.deployment import Latency, gate
from modelwright.evaluation import Comparison, Difference, Evaluation, evaluate
from modelwright.problem import Brief

FAST = Latency(calls=500, p50_ms=0.02, p99_ms=0.05)
BETTER = Comparison(difference=0.02, low=0.01, high=0.03, p_value=0.001, better=True)
NOT_BETTER = Comparison(difference=0.02, low=-0.01, high=0.05, p_value=0.2, better=False)


def brief(**promises) -> Brief:
    problem = {"name": "calls", "target": "buys", "task": "binary", "positive": "yes", "metric": "roc_auc"}
    return Brief.from_dict({"problem": problem, "promises": promises, "columns": {"protected": ["sex"]}})


@cache
def evaluation(skill: float = 1.5, unfairness: float = 0.0) -> Evaluation:
    """A candidate of some skill against a baseline of none, on 600 rows of two groups."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 600)
    sex = rng.choice(["f", "m"], 600)
    logit = skill * (y - 0.5) + rng.normal(0, 1, 600) + unfairness * np.where(sex == "f", -1, 1)
    positive = 1 / (1 + np.exp(-logit))
    baseline = 1 / (1 + np.exp(-rng.normal(0, 0.1, 600)))
    return evaluate(
        brief(),
        y,
        np.column_stack([1 - positive, positive]),
        classes=["no", "yes"],
        baselines={"constant": np.column_stack([1 - baseline, baseline])},
        protected=pl.DataFrame({"sex": sex}),
        resamples=200,
    )


def failed(verdict) -> list[str]:
    return [rule.code for rule in verdict.rules if not rule.held]


def test_a_candidate_that_keeps_every_promise_may_be_released():
    verdict = gate(evaluation(), brief(), None, FAST)
    assert verdict.held
    assert [rule.code for rule in verdict.rules] == ["MW-R001", "MW-R002", "MW-R003", "MW-R004", "MW-R005"]
    assert verdict.decided_by == "MW-R001"
    assert verdict.words.startswith("May be released: ")
    assert "over the constant baseline by +0." in verdict.words


def test_a_candidate_no_better_than_the_baseline_is_refused():
    verdict = gate(evaluation(skill=0.0), brief(), None, FAST)
    assert not verdict.held
    assert verdict.decided_by == "MW-R001"
    assert "does not keep it" in verdict.words


@pytest.mark.parametrize(("margin", "held"), [(-0.001, True), (0.001, False)])
def test_the_lower_limit_of_the_gain_must_reach_the_promise(margin, held):
    low = evaluation().gain.low
    assert gate(evaluation(), brief(gain=low + margin), None, FAST).held is held


def test_without_a_baseline_no_gain_is_shown():
    verdict = gate(evaluation().model_copy(update={"gain": None, "best_baseline": None}), brief(), None, FAST)
    assert failed(verdict) == ["MW-R001"]


def test_a_challenger_must_be_better_than_the_champion_beyond_doubt():
    assert gate(evaluation(), brief(), BETTER, FAST).decided_by == "MW-R002"
    verdict = gate(evaluation(), brief(), NOT_BETTER, FAST)
    assert failed(verdict) == ["MW-R002"]
    assert "not beyond doubt" in verdict.words


def compared(low: float, difference: float, high: float) -> Comparison:
    return Comparison(difference=difference, low=low, high=high, p_value=0.01, better=low > 0)


@pytest.mark.parametrize(("low", "held"), [(-0.009, True), (-0.011, False)])
def test_where_asked_a_challenger_need_only_not_be_worse_by_more_than_a_margin(low, held):
    asked = brief(not_worse_than_champion=0.01)
    verdict = gate(evaluation(), asked, compared(low, 0.0, 0.02), FAST)
    rule = verdict.rules[1]
    assert rule.held is held
    assert (rule.name, rule.bound) == ("not worse than the model in production", -0.01)
    assert "not worse by more than 0.01" in rule.words


def in_group(group: str, difference: float, adjusted_p: float) -> Difference:
    return Difference(
        first="candidate",
        second="champion",
        metric="roc_auc",
        title="ROC-AUC",
        group=group,
        rows=100,
        figures=(0.8 + difference, 0.8),
        comparison=compared(difference - 0.02, difference, difference + 0.02),
        adjusted_p=adjusted_p,
    )


def test_a_group_that_is_worse_off_beyond_doubt_refuses_a_challenger():
    fine, doubtful, worse = (
        in_group("sex = m", 0.03, 0.001),
        in_group("sex = f", -0.05, 0.2),
        in_group("sex = f", -0.05, 0.01),
    )
    assert gate(evaluation(), brief(), BETTER, FAST, differences=[fine, doubtful]).held
    verdict = gate(evaluation(), brief(), BETTER, FAST, differences=[fine, worse])
    assert failed(verdict) == ["MW-R005"]
    assert "sex = f" in verdict.words
    assert verdict.decisive.value == -0.05


def test_a_champion_that_cannot_be_compared_with_is_not_replaced():
    verdict = gate(evaluation(), brief(), None, FAST, "only 3 held-out rows are new to it")
    assert failed(verdict) == ["MW-R002"]
    assert "only 3 held-out rows are new to it" in verdict.words


def test_a_gap_between_protected_groups_beyond_the_promise_is_refused():
    uneven = evaluation(unfairness=1.0)
    gap = uneven.widest_group.promised.value
    assert failed(gate(uneven, brief(group_gap=gap - 0.01), None, FAST)) == ["MW-R003"]
    verdict = gate(uneven, brief(group_gap=gap + 0.01), None, FAST)
    assert verdict.held
    assert "'m' and 'f' of sex" in verdict.rules[2].words


def test_without_protected_columns_the_rule_says_so():
    verdict = gate(evaluation().model_copy(update={"groups": ()}), brief(), None, FAST)
    assert verdict.held
    assert verdict.rules[2].words == "Not applicable: the brief names no protected column."


def test_a_slow_package_is_refused():
    slow = Latency(calls=500, p50_ms=10, p99_ms=51)
    verdict = gate(evaluation(), brief(latency_ms=50), None, slow)
    assert failed(verdict) == ["MW-R004"]
    assert "so it is too slow" in verdict.words


def test_the_first_rule_that_fails_decides():
    verdict = gate(evaluation(skill=0.0), brief(), NOT_BETTER, Latency(calls=1, p50_ms=99, p99_ms=99))
    assert failed(verdict) == ["MW-R001", "MW-R002", "MW-R004"]
    assert verdict.decided_by == "MW-R001"
    assert verdict.words.startswith("Refused: ")
