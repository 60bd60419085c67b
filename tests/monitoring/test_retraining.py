"""When a new model is called for: alarms, time, what the last one was worth, and a budget."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from modelwright.monitoring import Freshness, Situation, decide_retrain, row_losses
from modelwright.problem import RetrainingSection

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
POLICY = RetrainingSection()
WORTH = Freshness(gain=0.05, error=0.01, rise=0.0, rows=500)
WORTHLESS = Freshness(gain=0.0, error=0.001, rise=0.0, rows=500)


def decide(days, *alarms, labels=500, retrained=(), freshness=None, if_needed=True, **stated):
    found = Situation(
        now=BEGAN + timedelta(days=days),
        since=BEGAN,
        retrained=tuple(BEGAN + timedelta(days=day) for day in retrained),
        labels=labels,
        alarms=tuple((promise, f"{promise} is off", f"alarm_{promise}") for promise in alarms),
        freshness=freshness,
    )
    return decide_retrain(found, RetrainingSection(**stated), if_needed=if_needed)


def test_what_is_asked_for_is_done():
    decision = decide(0, labels=0, if_needed=False)
    assert decision.decision == "retrain"
    assert "asked for" in decision.reason


def test_a_broken_promise_of_performance_does_not_wait():
    decision = decide(20, "performance", "missing")
    assert decision.decision == "retrain"
    assert "performance is off" in decision.reason
    assert decision.evidence["alarms"] == ["alarm_performance"]


@pytest.mark.parametrize("promise", ["drift", "score", "label", "unseen"])
def test_other_inputs_alone_wait_until_it_is_due_or_there_is_no_schedule(promise):
    waiting = decide(20, promise)
    assert waiting.decision == "keep"
    assert "nothing says that the answers are worse" in waiting.reason
    assert decide(28, promise).decision == "retrain"
    assert decide(20, promise, every="").decision == "retrain"


@pytest.mark.parametrize("promise", ["missing", "out of range"])
def test_what_is_cured_at_its_source_is_no_reason(promise):
    decision = decide(20, promise)
    assert decision.decision == "keep"
    assert "source" in decision.reason


def test_it_is_due_by_the_schedule():
    assert decide(27).decision == "keep"
    assert decide(28).decision == "retrain"
    assert decide(400, every="").decision == "keep"


def test_where_the_last_was_not_worth_it_the_next_waits_longer_and_ever_longer():
    assert decide(60, retrained=(28,), freshness=WORTHLESS).decision == "keep"
    assert "so that the next waits for 56 days" in decide(60, retrained=(28,), freshness=WORTHLESS).reason
    assert decide(84, retrained=(28,), freshness=WORTHLESS).decision == "retrain"
    assert decide(190, retrained=(28, 84), freshness=WORTHLESS).decision == "keep"
    assert decide(196, retrained=(28, 84), freshness=WORTHLESS).decision == "retrain"
    assert decide(60, retrained=(28,), freshness=WORTH).decision == "retrain"


def test_a_rising_loss_ends_the_wait():
    rising = WORTHLESS.model_copy(update={"rise": 0.1})
    decision = decide(60, retrained=(28,), freshness=rising)
    assert decision.decision == "retrain"
    assert "its loss has risen by 10.0%" in decision.reason


def test_without_labels_there_is_nothing_to_learn_from():
    decision = decide(40, labels=99)
    assert decision.decision == "keep"
    assert "only 99 labels" in decision.reason


def test_two_are_apart_and_a_year_has_only_so_many():
    soon = decide(29.5, "performance", retrained=(29,))
    assert "at least 24.0 hours lie between two" in soon.reason
    many = decide(40, "performance", retrained=(29, 33), per_year=12.0)
    assert many.decision == "keep"
    assert "12 a year are allowed" in many.reason


def test_never_more_often_than_a_year_allows_over_two_years():
    retrained: list[float] = []
    for day in range(1, 731):
        if decide(day, "performance", retrained=tuple(retrained), per_year=12.0).decision == "retrain":
            retrained.append(day)
    assert len(retrained) <= 24.5
    assert len(retrained) >= 23


def test_freshness_is_what_the_newer_model_gains_on_the_same_rows():
    rng = np.random.default_rng(0)
    before, champion = rng.uniform(0.2, 0.4, 1000), rng.uniform(0.1, 0.3, 1000)
    found = Freshness.of(before, champion)
    assert found is not None
    assert found.gain == pytest.approx(0.5, abs=0.05)
    assert found.was_worth(0.01)
    assert not found.is_worse
    turned = Freshness.of(champion, before)
    assert turned is not None
    assert turned.is_worse
    assert not turned.was_worth(0.01)
    assert Freshness.of(before[:30], champion[:30]) is None


def test_equal_models_are_seldom_called_worse():
    rng = np.random.default_rng(1)
    worse = 0
    for _ in range(400):
        common = rng.exponential(size=400)
        found = Freshness.of(common + rng.normal(0, 0.1, 400), common + rng.normal(0, 0.1, 400))
        assert found is not None
        worse += found.is_worse
    assert worse / 400 < 0.06


def test_losses_of_rows_are_squared_errors():
    assert row_losses(np.array([1.0, 2.0]), np.array([[1.5], [0.0]])).tolist() == [0.25, 4.0]
    assert row_losses(np.array([0, 1]), np.array([[0.8, 0.2], [0.5, 0.5]])) == pytest.approx([0.08, 0.5])
