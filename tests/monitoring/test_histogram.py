"""The histogram detector: false alarms within the budget, and how soon it sees a change."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .streams import MINUTE, codes, reference_streams, table, watcher


def alarmed(detector):
    return np.isfinite(detector.evidence.crossed)


@pytest.mark.parametrize("n_reference", [300, 20_000])
def test_without_a_change_false_alarms_stay_within_the_budget(n_reference):
    """Twelve false alarms a year are allowed over 20 columns; thirty lives of a fortnight are watched."""
    rng = np.random.default_rng(n_reference)
    n_rows, lives, n_alarms = 4000, 30, 0
    times = np.arange(1, n_rows + 1) * 5 * MINUTE
    for _ in range(lives):
        streams = reference_streams(table(rng, n_reference))
        after = watcher(streams, 12.0).update(codes(streams, table(rng, n_rows)), times)
        n_alarms += alarmed(after).sum()
        spent = after.evidence.spent * len(streams)
    assert spent == pytest.approx(12 * 14.9 / 365.25, rel=0.01)
    allowed = lives * spent
    assert n_alarms <= allowed


def shifted(frame):
    return frame.with_columns(pl.col("number 0") + 1.0)


def vanished(frame):
    return frame.filter(pl.col("category 0") != "red")


def silent(frame):
    return frame.with_columns(pl.lit(None, pl.Float32).alias("number 8"))


def swapped_unit(frame):
    return frame.with_columns(pl.col("number 1") * 1000)


@pytest.mark.parametrize(
    ("change", "column", "n_reference", "n_rows"),
    [
        (shifted, "number 0", 1000, 350),  # by one standard deviation
        (shifted, "number 0", 20_000, 200),
        (vanished, "category 0", 1000, 250),  # one of four equal categories
        (vanished, "category 0", 20_000, 175),
        (silent, "number 8", 1000, 40),  # a sensor that was missing in one row of twenty
        (swapped_unit, "number 1", 1000, 40),
    ],
)
def test_a_change_is_seen_soon_and_only_where_it_is(change, column, n_reference, n_rows):
    """With one false alarm a year over 20 columns, after 2,000 rows without a change."""
    late, repeats = 0, 20
    for seed in range(repeats):
        rng = np.random.default_rng(seed)
        streams = reference_streams(table(rng, n_reference))
        frame = pl.concat([table(rng, 2000), change(table(rng, 2 * n_rows))[:n_rows]])
        times = np.arange(1, frame.height + 1) * MINUTE
        after = watcher(streams).update(codes(streams, frame), times)
        place = [stream.column for stream in streams].index(column)
        late += not alarmed(after)[place]
        assert alarmed(after).sum() == alarmed(after)[place]
        if alarmed(after)[place]:
            assert abs(after.evidence.since[place] / MINUTE - 2000) < 150
    assert late <= 2


def test_shares_follow_the_recent_past():
    rng = np.random.default_rng(0)
    streams = reference_streams(table(rng, 5000))
    frame = pl.concat([table(rng, 2000), silent(table(rng, 2000))])
    after = watcher(streams).update(codes(streams, frame), np.arange(4000.0))
    place = [stream.column for stream in streams].index("number 8")
    assert after.shares[place, 0] > 0.99
    assert np.allclose(after.shares.sum(axis=1), 1)


@given(st.lists(st.integers(0, 300), max_size=8))
@settings(max_examples=25, deadline=None)
def test_it_does_not_matter_how_the_stream_is_cut(cuts):
    rng = np.random.default_rng(9)
    streams = reference_streams(table(rng, 1000))
    observed, times = codes(streams, shifted(table(rng, 300))), np.arange(300.0)
    whole = watcher(streams).update(observed, times)
    parts = watcher(streams)
    for rows in np.split(np.arange(300), sorted(cuts)):
        parts = parts.update(observed[rows], times[rows])
        parts = watcher(streams).restored(json.loads(json.dumps(parts.to_dict())))
    assert np.allclose(whole.evidence.log_value, parts.evidence.log_value)
    assert np.array_equal(whole.evidence.since, parts.evidence.since, equal_nan=True)
    assert np.allclose(whole.recent, parts.recent)
    assert whole.filled == parts.filled
