"""Evidence on a challenger: right after every row, also when one looks after every row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwright.deployment.rollout import (
    Answered,
    Blocks,
    Guards,
    LossEvidence,
    Wealth,
    for_challenger,
    judge,
)

ERROR = 0.05


def losses(rng, rows, lead):
    """Brier-like losses of two related models; the second is better by the lead on average."""
    hard = rng.beta(1, 3, rows)
    return hard, np.clip(hard - lead + rng.normal(0, 0.1, rows), 0, 1)


def fair(rng, rows):
    """Losses of two models of which neither is better: who is which is a toss of a coin."""
    first, second = losses(rng, rows, 0.03)
    swap = rng.random(rows) < 0.5
    return np.where(swap, second, first), np.where(swap, first, second)


GUARDS = Guards.begin(("probability of 'yes'",), 0.1)


def looks(champion, challenger, step=100):
    """Return the outcomes at a look after every step of labels."""
    loss, found = LossEvidence.begin(), set()
    for start in range(0, len(champion), step):
        part = slice(start, start + step)
        loss = loss.paired(champion[part], challenger[part], start)
        found.add(judge(loss, GUARDS, ERROR).outcome)
    return found


def test_with_no_difference_hardly_any_trial_is_ever_decided():
    rng = np.random.default_rng(0)
    decided = sum(looks(*fair(rng, 800)) != {"go on"} for _ in range(80))
    assert decided / 80 <= ERROR + 2 * np.sqrt(ERROR * (1 - ERROR) / 80)


@pytest.mark.parametrize(
    ("lead", "outcome", "other"), [(0.04, "promote", "roll back"), (-0.04, "roll back", "promote")]
)
def test_a_clear_lead_is_found_and_never_taken_for_the_opposite(lead, outcome, other):
    rng = np.random.default_rng(1)
    found = [looks(*losses(rng, 1000, lead)) for _ in range(15)]
    assert sum(outcome in each for each in found) >= 13
    assert not any(other in each for each in found)


def test_the_interval_holds_the_difference_at_all_times():
    rng = np.random.default_rng(2)
    missed = 0
    for _ in range(30):
        wealth = LossEvidence.begin().difference
        for _ in range(12):
            champion, challenger = losses(rng, 100, 0.05)
            wealth = wealth.absorb(champion - challenger)
            low, high = wealth.interval(ERROR)
            if not low <= TRUE_LEAD <= high:
                missed += 1
                break
    assert missed / 30 <= ERROR + 2 * np.sqrt(ERROR * (1 - ERROR) / 30)
    assert high - low < 0.05


TRUE_LEAD = float(np.subtract(*losses(np.random.default_rng(3), 500_000, 0.05)).mean())


def test_a_canary_of_a_tenth_is_decided_from_unpaired_losses():
    rng = np.random.default_rng(4)
    wrong = found = 0
    for trial in range(20):
        better = trial % 2 == 0
        champion, challenger = losses(rng, 20_000, 0.06) if better else fair(rng, 20_000)
        is_challenger = rng.random(20_000) < 0.1
        given = np.where(is_challenger, challenger, champion)
        loss = LossEvidence.begin().unpaired(is_challenger, given, 1)
        outcome = judge(loss, GUARDS, ERROR).outcome
        found += better and outcome == "promote"
        wrong += outcome != "go on" and not better
        wrong += outcome == "roll back"
    assert found >= 9
    assert wrong <= 2


def test_blocks_lose_no_row_and_keep_the_difference_of_the_means():
    rng = np.random.default_rng(5)
    who, figures = rng.random(10_000) < 0.2, rng.random((10_000, 1))
    figures[who] += 0.5
    _, differences = Blocks.begin().absorb(who, figures)
    assert differences.mean() == pytest.approx(-0.5, abs=0.03)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-1, 1), min_size=1, max_size=60), st.integers(0, 59))
def test_in_parts_and_kept_in_between_it_is_the_same(values, cut):
    nulls = np.array([-0.1, 0.0, 0.1])
    whole = Wealth.begin(nulls).absorb(np.array(values))
    first = Wealth.begin(nulls).absorb(np.array(values[:cut]))
    parts = Wealth.begin(nulls).restored(first.to_dict()).absorb(np.array(values[cut:]))
    np.testing.assert_allclose(parts.above, whole.above, atol=1e-9)
    np.testing.assert_allclose(parts.below, whole.below, atol=1e-9)
    assert parts.rows == whole.rows


# ---- guards


def answered(who, slow, scores):
    return Answered(np.asarray(who), np.asarray(slow), np.asarray(scores, dtype=float)[:, None])


def broken(guards):
    return [each.name for each in judge(LossEvidence.begin(), guards, ERROR).guards if not each.held]


def test_a_challenger_that_fails_is_taken_back_at_once():
    guards = GUARDS.failed(np.zeros(20, dtype=bool)).failed(np.ones(3, dtype=bool))
    assert broken(guards) == ["failures"]
    judged = judge(LossEvidence.begin(), guards, ERROR)
    assert judged.outcome == "roll back"
    assert "could not score" in judged.words


def test_a_challenger_that_is_slow_is_taken_back():
    n = 400
    slow = np.random.default_rng(0).random(n) < 0.2
    no = np.zeros(n, dtype=bool)
    guards = GUARDS.paired(answered(no, no, np.full(n, 0.5)), answered(~no, slow, np.full(n, 0.5)))
    assert broken(guards) == ["latency"]


def test_a_challenger_that_says_something_else_altogether_is_taken_back():
    rng = np.random.default_rng(0)
    who = rng.random(4000) < 0.2
    scores = rng.beta(2, 4, 4000) + 0.3 * who
    guards = GUARDS.unpaired(answered(who, np.zeros(4000, dtype=bool), scores))
    assert broken(guards) == ["shift of probability of 'yes'"]


def test_guards_hardly_ever_take_back_what_does_no_harm():
    rng = np.random.default_rng(6)
    false = 0
    for _ in range(40):
        n = 2000
        who = rng.random(n) < 0.3
        slow = rng.random(n) < np.where(who, 0.01, 0.005)
        guards = GUARDS.failed(rng.random(n) < 0.0005)
        false += bool(broken(guards.unpaired(answered(who, slow, rng.beta(2, 4, n) + 0.05 * who))))
    assert false <= 4


def test_what_guards_know_survives_being_kept():
    rng = np.random.default_rng(7)
    who = rng.random(100) < 0.3
    guards = GUARDS.failed(who).unpaired(answered(who, who, rng.random(100)))
    assert GUARDS.restored(guards.to_dict()).to_dict() == guards.to_dict()


# ---- who answers whom


def test_a_key_keeps_its_model_and_the_share_is_kept():
    records = [{"customer": n, "amount": 1} for n in range(20_000)]
    chosen = for_challenger("release_1", 0.1, "customer", records)
    again = for_challenger("release_1", 0.1, "customer", [each | {"amount": 9} for each in records])
    assert chosen == again
    assert np.mean(chosen) == pytest.approx(0.1, abs=0.007)
    assert for_challenger("release_2", 0.1, "customer", records) != chosen, "another trial, other customers"
    wider = for_challenger("release_1", 0.3, "customer", records)
    assert all(more for few, more in zip(chosen, wider, strict=True) if few)


def test_without_a_key_the_whole_row_decides_in_any_order_of_its_columns():
    one, other = {"a": 1, "b": "x"}, {"b": "x", "a": 1}
    assert for_challenger("r", 0.5, "customer", [one]) == for_challenger("r", 0.5, "", [other])
