"""The detector of a bounded mean: losses and rates above their promised level."""

from __future__ import annotations

import json

import numpy as np
import pytest

from modelwright.monitoring.detectors import BoundedMeanDetector, Budget

MINUTE = 60.0


def detector(level, n_streams=1, false_alarms_per_year=1.0):
    budget = Budget.share(false_alarms_per_year * n_streams, n_streams)
    return BoundedMeanDetector.begin(np.full(n_streams, level), budget, 0.0)


@pytest.mark.parametrize("level", [0.01, 0.2, 0.6])
@pytest.mark.parametrize("kind", ["coin", "smooth"])
def test_at_the_promised_level_false_alarms_stay_within_the_budget(level, kind):
    """The worst case: the mean is exactly what was promised. 200 streams, twelve a year each, ten days."""
    rng = np.random.default_rng(int(level * 100))
    shape = (3000, 200)
    values = rng.random(shape) < level if kind == "coin" else rng.beta(5 * level, 5 * (1 - level), shape)
    after = detector(level, 200, 12.0).update(values.astype(float), np.arange(1, 3001) * 5 * MINUTE)
    allowed = 200 * after.evidence.spent
    assert np.isfinite(after.evidence.crossed).sum() <= allowed + 3 * np.sqrt(allowed)


@pytest.mark.parametrize(
    ("level", "rate", "n_rows"),
    [(0.01, 1.0, 5), (0.01, 0.1, 180), (0.2, 0.4, 250), (0.2, 0.8, 30), (0.05, 0.08, 2500)],
)
def test_a_rate_above_the_level_is_seen_soon(level, rate, n_rows):
    """In nine of ten streams, after 2,000 rows at three quarters of the level."""
    rng = np.random.default_rng(n_rows)
    values = np.concatenate([rng.random((2000, 100)) < 0.75 * level, rng.random((n_rows, 100)) < rate])
    times = np.arange(1, len(values) + 1) * MINUTE
    after = detector(level, 100).update(values.astype(float), times)
    assert np.isfinite(after.evidence.crossed).mean() >= 0.9
    assert (after.evidence.crossed[np.isfinite(after.evidence.crossed)] > 2000 * MINUTE).all()


def test_labels_that_are_flipped_are_seen_within_a_few_dozen_rows():
    """Brier scores of a calibrated model; after the change every label is the other one."""
    rng = np.random.default_rng(0)
    p = rng.beta(0.7, 0.7, (1060, 50))
    y = rng.random(p.shape) < p
    y[1000:] = ~y[1000:]
    after = detector(0.2, 50).update((p - y) ** 2, np.arange(1, 1061) * MINUTE)
    assert np.isfinite(after.evidence.crossed).all()
    assert np.median(np.abs(after.evidence.since / MINUTE - 1001)) <= 3


def test_the_state_survives_json_and_any_cut():
    rng = np.random.default_rng(2)
    values, times = rng.random((400, 3)), np.cumsum(rng.exponential(60, 400))
    whole = detector(0.5, 3).update(values, times)
    parts = detector(0.5, 3)
    for rows in np.split(np.arange(400), [0, 1, 77, 300]):
        parts = detector(0.5, 3).restored(
            json.loads(json.dumps(parts.update(values[rows], times[rows]).to_dict()))
        )
    assert np.allclose(whole.evidence.log_value, parts.evidence.log_value)
    assert np.allclose(whole.means, parts.means)
    assert parts.evidence.rows == 400


def test_before_the_first_value_there_is_no_mean():
    assert np.isnan(detector(0.5).means).all()
