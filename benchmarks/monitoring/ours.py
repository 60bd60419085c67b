"""Modelwright's detectors on the streams: false alarms, delay, misses.

Run it with ``python -m benchmarks.monitoring.ours --lives 20 > ours.jsonl``.
"""

from __future__ import annotations

import argparse
import json

import numpy as np
import polars as pl
from benchmarks.monitoring.streams import (
    BEFORE,
    CHANGES,
    DAY,
    LOSS_CHANGES,
    REFERENCE,
    STATIONARY,
    Rows,
    Scene,
    changed,
    losses,
    stationary,
)

from modelwright.monitoring.bounds import mean_upper
from modelwright.monitoring.detectors import BoundedMeanDetector, Budget, HistogramDetector
from modelwright.monitoring.season import Clock
from modelwright.monitoring.stream import Stream
from modelwright.monitoring.watch import cycle_of

_PER_YEAR = 1.0
_MISTAKE = 0.01
_MONDAY = 4 * 86_400.0


def first_alarm(scene: Scene) -> tuple[int | None, int]:
    """Return the row of the first alarm, and how many columns alarmed."""
    mistake = _MISTAKE / len(scene.reference)
    streams = [_stream(name, values, mistake) for name, values in scene.reference.items()]
    minutes = np.arange(REFERENCE) * 60.0 + _MONDAY
    clock = Clock.of(minutes)
    assert clock is not None
    series = [_series(name, scene.reference) for name in scene.reference]
    streams = [
        each.with_phases(values, clock, minutes, mistake)
        for each, values in zip(streams, series, strict=True)
    ]
    budget = Budget.share(_PER_YEAR, len(streams))
    parts = [[getattr(each, name) for each in streams] for name in ("lower", "upper", "expected")]
    codes = np.column_stack([each.bins.codes(_series(each.column or "", scene.stream)) for each in streams])
    detector = HistogramDetector.begin(*parts, budget, _MONDAY + REFERENCE * 60.0, cycle_of(clock, streams))
    for start in range(0, len(codes), 2000):
        times = _MONDAY + (REFERENCE + np.arange(start, min(start + 2000, len(codes)))) * 60.0
        detector = detector.update(codes[start : start + 2000], times)
    crossed = detector.evidence.crossed
    if np.isnan(crossed).all():
        return None, 0
    return int((np.nanmin(crossed) - _MONDAY) / 60 - REFERENCE), int(np.isfinite(crossed).sum())


def first_loss_alarm(reference: np.ndarray, stream: np.ndarray) -> int | None:
    """Return the row at which the loss alarms."""
    level = np.array([mean_upper(reference, _MISTAKE)])
    detector = BoundedMeanDetector.begin(level, Budget.share(_PER_YEAR, 1), 0.0)
    detector = detector.update(stream[:, None], (np.arange(len(stream)) + 1) * 60.0)
    crossed = detector.evidence.crossed[0]
    return None if np.isnan(crossed) else int(crossed / 60 - 1)


def _stream(name: str, values: np.ndarray, mistake: float) -> Stream:
    series = _series(name, {name: values})
    make = Stream.of_levels if series.dtype == pl.String else Stream.of_numbers
    return make(series, mistake)


def _series(name: str, table: Rows) -> pl.Series:
    values = table[name]
    if values.dtype.kind == "U":
        return pl.Series(name, values.tolist(), dtype=pl.String)
    return pl.Series(name, values, dtype=pl.Float32).fill_nan(None)


def main() -> None:
    """Print one line of JSON per life."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lives", type=int, default=20)
    parser.add_argument("--days", type=int, default=14)
    given = parser.parse_args()
    for seed in range(given.lives):
        for kind in STATIONARY:
            row, columns = first_alarm(stationary(kind, seed, given.days))
            _say("stationary", kind, seed, row, columns=columns, days=given.days)
        for change in CHANGES:
            _say("change", change, seed, first_alarm(changed(change, seed))[0])
        for name in (None, *LOSS_CHANGES):
            _say("loss", name, seed, first_loss_alarm(*losses(name, seed)))


def _say(part: str, case: str | None, seed: int, row: int | None, **more: int) -> None:
    line = {"tool": "modelwright", "part": part, "case": case, "seed": seed, "row": row} | more
    print(json.dumps(line | {"before": BEFORE, "day": DAY}), flush=True)


if __name__ == "__main__":
    main()
