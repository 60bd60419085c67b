"""The evidence: the recursion, its dating of a change, and the bound on false alarms."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwright.monitoring.detectors import Budget, Evidence

DAY = 86_400.0
YEAR = 365.25 * DAY


def recursion(log_e, times, budget, at=0.0):
    """The definition, one observation at a time."""
    value, path = budget.advance, []
    for step, now in zip(log_e, times, strict=True):
        value = np.exp(step) * (value + budget.per_second * (now - at))
        at = now
        path.append(value)
    return np.array(path)


def same(a, b):
    left, right = ({k: np.array(v, float) for k, v in each.to_dict().items()} for each in (a, b))
    return all(np.allclose(left[k], right[k], rtol=1e-9, equal_nan=True) for k in left)


def test_the_closed_form_is_the_recursion():
    rng = np.random.default_rng(1)
    times = np.cumsum(rng.exponential(60, 500))
    log_e = rng.normal(-0.05, 0.3, 500)
    budget = Budget.share(12, 5)
    evidence = Evidence.begin(1, 1, 0.0, budget).absorb(log_e[:, None, None], times, budget)
    assert np.exp(evidence.log_value[0, 0]) == pytest.approx(recursion(log_e, times, budget)[-1])


@given(st.lists(st.integers(0, 200), max_size=6), st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_it_does_not_matter_how_the_stream_is_cut(cuts, seed):
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.exponential(3600, 200))
    log_e = rng.normal(0.0, 0.5, (200, 3, 2))
    budget = Budget.share(1, 3)
    whole = Evidence.begin(3, 2, 0.0, budget).absorb(log_e, times, budget)
    parts = Evidence.begin(3, 2, 0.0, budget)
    for rows in np.split(np.arange(200), sorted(cuts)):
        parts = parts.absorb(log_e[rows], times[rows], budget)
    assert same(whole, parts)


def test_the_state_survives_json():
    rng = np.random.default_rng(3)
    budget = Budget.share(1, 2)
    log_e = rng.normal(0.3, 1, (90, 2, 1))
    evidence = Evidence.begin(2, 1, 5.0, budget).absorb(log_e, np.arange(90.0), budget)
    again = Evidence.begin(2, 1, 0.0, budget).restored(json.loads(json.dumps(evidence.to_dict())))
    assert again.to_dict() == evidence.to_dict()


def test_the_start_of_the_change_is_found():
    budget = Budget.share(1, 1)
    log_e = np.r_[np.full(400, -0.1), np.full(100, 0.5)]
    evidence = Evidence.begin(1, 1, 0.0, budget).absorb(log_e[:, None, None], np.arange(500.0), budget)
    assert evidence.since[0] == 400
    assert 400 < evidence.crossed[0] < 450


def test_no_evidence_either_way_starts_nothing():
    budget = Budget.share(1, 1)
    evidence = Evidence.begin(1, 1, 0.0, budget)
    evidence = evidence.absorb(np.zeros((50, 1, 1)), np.arange(50.0), budget)
    evidence = evidence.absorb(np.full((40, 1, 1), 1.0), np.arange(50.0, 90.0), budget)
    assert evidence.since[0] == 50


def test_a_clock_that_goes_back_spends_nothing():
    budget = Budget.share(1, 1)
    times = np.array([900.0, 10.0, 0.0])
    evidence = Evidence.begin(1, 1, 1000.0, budget).absorb(np.zeros((3, 1, 1)), times, budget)
    assert evidence.spent == budget.advance


@pytest.mark.parametrize("per_day", [2, 200])
def test_false_alarms_stay_within_the_budget_whatever_the_traffic(per_day):
    """Bets of a fair coin, the e-values of mean one: the recursion alone must keep the promise."""
    rng = np.random.default_rng(per_day)
    n_streams, days = 150, 60
    budget = Budget.share(12.0 * n_streams, n_streams)  # twelve a year for each stream
    n_rows = per_day * days
    times = np.linspace(0, days * DAY, n_rows)
    log_e = np.log1p(0.3 * rng.choice([-1.0, 1.0], (n_rows, n_streams, 1)))
    evidence = Evidence.begin(n_streams, 1, 0.0, budget).absorb(log_e, times, budget)
    n_alarms = np.isfinite(evidence.crossed).sum()
    allowed = n_streams * evidence.spent
    assert allowed == pytest.approx(12 * n_streams * (days + 1) / 365.25, rel=0.01)
    # Each stream alarms at most once here, so the bound on the mean bounds the share; 3 standard errors.
    assert n_alarms <= allowed + 3 * np.sqrt(allowed)
    assert n_alarms > 0.2 * allowed  # not idle either
