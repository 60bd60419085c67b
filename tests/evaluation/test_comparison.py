"""A comparison calls equal models different no more often than it says, and sees what is there."""

from __future__ import annotations

import numpy as np
import pytest

from modelwright.evaluation import compare, interval
from modelwright.evaluation.delong import delong
from modelwright.problem import METRICS
from tests.evaluation.worlds import calibrated_binary, sigmoid, two_columns


def equal_rivals(rng, rows):
    """Two predictions that differ, of which neither is better."""
    y = (rng.random(rows) < 0.35).astype(np.int64)
    shared = 1.5 * (y - 0.5) + 0.7 * rng.normal(size=rows)
    return y, *(two_columns(sigmoid(shared + 0.7 * rng.normal(size=rows))) for _ in range(2))


def equal_values(rng, rows):
    y = rng.normal(size=rows)
    return y, *((y + rng.standard_t(6, size=rows))[:, None] for _ in range(2))


@pytest.mark.parametrize(
    ("name", "world"),
    [
        ("roc_auc", equal_rivals),
        ("log_loss", equal_rivals),
        ("accuracy", equal_rivals),
        ("average_precision", equal_rivals),
        ("rmse", equal_values),
        ("mae", equal_values),
    ],
)
def test_equal_models_are_called_different_five_times_in_100(name, world) -> None:
    p_values, better = [], 0
    for repeat in range(250):
        y, a, b = world(np.random.default_rng(repeat), 150)
        found = compare(METRICS[name], y, a, b, looks=0, resamples=400, seed=repeat)
        p_values.append(found.p_value)
        better += found.better
        assert found.better == (found.difference > 0 and found.low > 0)
    assert better / 250 <= 0.055
    assert 0.015 <= np.mean(np.array(p_values) < 0.05) <= 0.09
    assert 0.40 <= np.mean(np.array(p_values) < 0.5) <= 0.60


@pytest.mark.parametrize("decimals", [1, 12])
def test_delongs_test_agrees_with_its_definition(decimals) -> None:
    """Each positive is held against each negative, as DeLong and others (1988) write it."""
    rng = np.random.default_rng(0)
    y = (rng.random(120) < 0.4).astype(np.int64)
    scores = [np.round(y + rng.normal(size=120), decimals) for _ in range(2)]
    wins = [
        (one[y == 1][:, None] > one[y == 0]) + 0.5 * (one[y == 1][:, None] == one[y == 0]) for one in scores
    ]
    m, n = wins[0].shape
    of_positives, of_negatives = ([win.mean(axis=axis) for win in wins] for axis in (1, 0))
    variance = np.cov(of_positives) / m + np.cov(of_negatives) / n
    found = delong(y == 1, *scores)
    assert found.areas == pytest.approx([win.mean() for win in wins])
    assert found.error == pytest.approx(np.sqrt(variance[0, 0] + variance[1, 1] - 2 * variance[0, 1]))


def test_delongs_test_and_the_bootstrap_agree() -> None:
    y, a, b = equal_rivals(np.random.default_rng(1), 800)
    exact = compare(METRICS["roc_auc"], y, a, b, looks=0)
    drawn = compare(METRICS["roc_auc"], y, a, b, looks=0, groups=np.arange(800))
    assert (exact.method, drawn.method) == ("DeLong", "paired bootstrap")
    assert exact.difference == pytest.approx(drawn.difference)
    assert (exact.low, exact.high) == pytest.approx((drawn.low, drawn.high), abs=0.003)


def test_pairing_sees_what_two_intervals_do_not() -> None:
    rng = np.random.default_rng(0)
    y = (rng.random(600) < 0.4).astype(np.int64)
    score = 1.2 * (y - 0.5) + rng.normal(size=600)
    good, worse = (two_columns(sigmoid(score + noise * rng.normal(size=600))) for noise in (0.05, 0.5))
    first, second = (interval(METRICS["roc_auc"], y, p) for p in (good, worse))
    assert first.low < second.high
    assert compare(METRICS["roc_auc"], y, good, worse).better


@pytest.mark.parametrize("name", ["roc_auc", "log_loss"])
def test_positive_means_the_first_is_better_whatever_the_metrics_direction(name) -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 500)
    constant = np.full((500, 2), 0.5)
    ahead = compare(METRICS[name], y, prediction, constant)
    behind = compare(METRICS[name], y, constant, prediction)
    assert ahead.better
    assert not behind.better
    assert ahead.difference == pytest.approx(-behind.difference)
    assert (ahead.low, ahead.high) == pytest.approx((-behind.high, -behind.low), abs=0.02)


def test_a_prediction_is_not_better_than_itself() -> None:
    y, prediction = calibrated_binary(np.random.default_rng(0), 200)
    found = compare(METRICS["roc_auc"], y, prediction, prediction)
    assert (found.difference, found.low, found.high, found.p_value) == (0, 0, 0, 1)
    assert not found.better


def test_a_handful_of_rows_proves_nothing() -> None:
    y = np.array([0, 1, 0, 1])
    right, wrong = two_columns(y.astype(float)), two_columns(1.0 - y)
    assert not compare(METRICS["accuracy"], y, right, wrong).better
    many = np.tile(y, 25)
    assert compare(METRICS["accuracy"], many, two_columns(many.astype(float)), two_columns(1.0 - many)).better


def test_later_looks_ask_for_more() -> None:
    y, a = calibrated_binary(np.random.default_rng(3), 400)
    b = two_columns(np.clip(a[:, 1] + np.random.default_rng(4).normal(size=400) * 0.2, 0.01, 0.99))
    p_values = [compare(METRICS["roc_auc"], y, a, b, looks=looks).p_value for looks in (0, 1, 3)]
    assert p_values == pytest.approx([p_values[0], 2 * p_values[0], 12 * p_values[0]])
