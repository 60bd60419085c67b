"""Streams of rows for the simulations: twenty columns of different kinds, and what can go wrong with them."""

from __future__ import annotations

import numpy as np
import polars as pl

from modelwright.monitoring.detectors import Budget, HistogramDetector
from modelwright.monitoring.stream import Stream

MINUTE = 60.0
LEVELS = np.array(["red", "green", "blue", "grey"])


def table(rng, n_rows):
    """Ten numbers (normal, skewed, counts, with missing) and ten categories."""
    columns = {}
    for i in range(10):
        values = (rng.normal, rng.standard_exponential)[i % 2](size=n_rows)
        if i == 4:
            values = rng.poisson(2, n_rows)
        if i >= 7:
            values = np.where(rng.random(n_rows) < 0.05, np.nan, values)
        columns[f"number {i}"] = pl.Series(values, dtype=pl.Float32).fill_nan(None)
    for i in range(10):
        shares = np.array([0.5, 0.3, 0.15, 0.05]) if i % 2 else np.full(4, 0.25)
        columns[f"category {i}"] = pl.Series(LEVELS[rng.choice(4, n_rows, p=shares)])
    return pl.DataFrame(columns)


def reference_streams(frame, mistake=0.01):
    """The streams of a table, all bounds right together with probability 99 %."""
    each = mistake / frame.width
    count = {pl.Float32: Stream.of_numbers, pl.String: Stream.of_levels}
    return [count[values.dtype](values, each) for values in frame.iter_columns()]


def codes(streams, frame):
    return np.column_stack([stream.bins.codes(frame[stream.column]) for stream in streams])


def watcher(streams, false_alarms_per_year=1.0):
    budget = Budget.share(false_alarms_per_year, len(streams))
    parts = [[getattr(stream, name) for stream in streams] for name in ("lower", "upper", "expected")]
    return HistogramDetector.begin(*parts, budget, 0.0)
