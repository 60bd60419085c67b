"""The cycles of day and week: they alarm nobody where the reference has seen them, and hide no change."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelwright.monitoring.detectors import Budget, HistogramDetector
from modelwright.monitoring.season import Clock
from modelwright.monitoring.stream import Stream
from modelwright.monitoring.watch import cycle_of

DAY = 1440  # rows, one each minute
MONDAY = 4 * 86_400.0


def rows(rng, start, n_rows):
    """A number and a category that follow the hour and the weekend, and a number that does not."""
    minute = np.arange(start, start + n_rows)
    day, weekend = np.sin(2 * np.pi * minute / DAY), minute // DAY % 7 >= 5
    night = rng.random(n_rows) < np.where(day > 0, 0.1, 0.6)
    return pl.DataFrame(
        {
            "load": pl.Series(rng.normal(size=n_rows) + day + weekend, dtype=pl.Float32),
            "kind": pl.Series(np.where(night, "night", "day").tolist()),
            "flat": pl.Series(rng.normal(size=n_rows), dtype=pl.Float32),
        }
    )


def times(start, n_rows):
    return MONDAY + np.arange(start, start + n_rows) * 60.0


def watcher(reference, *, seasonal=True, per_year=12.0):
    mistake = 0.01 / reference.width
    count = {pl.Float32: Stream.of_numbers, pl.String: Stream.of_levels}
    streams = [count[values.dtype](values, mistake) for values in reference.iter_columns()]
    when = times(0, reference.height)
    clock = Clock.of(when)
    if seasonal:
        columns = zip(streams, reference.iter_columns(), strict=True)
        streams = [stream.with_phases(values, clock, when, mistake) for stream, values in columns]
    parts = [[getattr(stream, name) for stream in streams] for name in ("lower", "upper", "expected")]
    budget = Budget.share(per_year, len(streams))
    return streams, HistogramDetector.begin(*parts, budget, when[-1], cycle_of(clock, streams))


def run(streams, detector, frame, when):
    codes = np.column_stack([stream.bins.codes(frame[stream.column]) for stream in streams])
    return detector.update(codes, when)


def alarmed(detector):
    return np.isfinite(detector.evidence.crossed)


def test_a_cycle_that_the_reference_has_seen_alarms_nobody():
    """Twelve false alarms a year are allowed; ten lives of a week, the weekend included."""
    n_alarms = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        streams, detector = watcher(rows(rng, 0, 7 * DAY))
        assert [stream.phases is not None for stream in streams] == [True, True, False]
        after = run(streams, detector, rows(rng, 0, 7 * DAY), times(7 * DAY, 7 * DAY))
        n_alarms += alarmed(after).sum()
    assert n_alarms <= 10 * 12 * 8 / 365


def test_without_it_the_first_night_is_a_change():
    rng = np.random.default_rng(0)
    streams, detector = watcher(rows(rng, 0, 7 * DAY), seasonal=False)
    after = run(streams, detector, rows(rng, 0, DAY), times(7 * DAY, DAY))
    assert alarmed(after)[:2].all()


@pytest.mark.parametrize(("column", "place", "n_rows"), [("load", 0, 900), ("flat", 2, 300)])
def test_a_change_is_seen_in_spite_of_the_cycle(column, place, n_rows):
    """By one standard deviation, after two days."""
    seen = 0
    for seed in range(8):
        rng = np.random.default_rng(seed)
        streams, detector = watcher(rows(rng, 0, 7 * DAY), per_year=1.0)
        frame = rows(rng, 0, 2 * DAY + n_rows)
        late = pl.int_range(frame.height, eager=True) >= 2 * DAY
        frame = frame.with_columns(pl.col(column) + pl.when(late).then(1.0).otherwise(0.0).cast(pl.Float32))
        after = run(streams, detector, frame, times(7 * DAY, frame.height))
        seen += alarmed(after)[place]
        assert not alarmed(after)[[each for each in range(3) if each != place]].any()
    assert seen >= 7


def test_the_state_survives_any_cut():
    rng = np.random.default_rng(3)
    streams, detector = watcher(rows(rng, 0, 2 * DAY))
    frame, when = rows(rng, 0, 400), times(2 * DAY, 400)
    whole = run(streams, detector, frame, when)
    parts = detector
    for part in np.split(np.arange(400), [1, 30, 199]):
        parts = detector.restored(run(streams, parts, frame[part], when[part]).to_dict())
    assert np.allclose(whole.evidence.log_value, parts.evidence.log_value)


def test_phases_of_the_clock():
    clock = Clock(weekly=True)
    assert clock.phases(MONDAY + np.array([0.0, 3600 * 5, 86_400 * 5, 86_400 * 6 + 3600])).tolist() == [
        0,
        5,
        24,
        25,
    ]
    assert Clock.of(times(0, DAY)) is None
    assert Clock.of(times(0, 3 * DAY)) == Clock(weekly=False)
    assert Clock.of(times(0, 7 * DAY)) == clock
