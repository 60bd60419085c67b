"""How long 1,000 resamples of 100,000 rows take, all figures of a task together.

PYTHONPATH=src:. python benchmarks/statistics/speed.py
"""

from __future__ import annotations

import time

import numpy as np
from tests.evaluation.worlds import brief, calibrated_binary, calibrated_multiclass, linear_values

from modelwright.evaluation import measure, metrics_of
from modelwright.evaluation.drawing import Units

ROWS, RESAMPLES = 100_000, 1000


def positive_values(rng, rows):
    y, prediction = linear_values(rng, rows)
    return np.exp(y) + 1, np.exp(prediction) + 1


WORLDS = {
    "binary": (brief(), calibrated_binary),
    "multiclass, 3 labels": (brief("multiclass", "log_loss"), calibrated_multiclass),
    "regression": (brief("regression", "rmse"), positive_values),
}

if __name__ == "__main__":
    rng = np.random.default_rng(0)
    drawn = {
        "rows": Units.of(ROWS),
        "20,000 groups": Units.of(ROWS, rng.integers(0, 20_000, ROWS)),
        "blocks of time": Units.of(ROWS, times=np.arange(ROWS)),
    }
    print("| task | figures | " + " | ".join(drawn) + " |\n| --- | --- | --- | --- | --- |")
    for task, (asked, world) in WORLDS.items():
        y, prediction = world(rng, ROWS)
        seconds = []
        for units in drawn.values():
            start, used = time.perf_counter(), time.process_time()
            figures = measure(metrics_of(asked), y, prediction, units=units, resamples=RESAMPLES)
            wall, used = time.perf_counter() - start, time.process_time() - used
            seconds.append(f"{wall:.1f} s ({used:.1f} s of processor)")
        print(f"| {task} | {len(figures)} | {' | '.join(seconds)} |", flush=True)
