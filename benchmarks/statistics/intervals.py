"""How often intervals hold the truth: every metric; rows, groups and blocks of time.

PYTHONPATH=src:. python benchmarks/statistics/intervals.py
"""

from __future__ import annotations

import sys

import numpy as np
from tests.evaluation.worlds import (
    brief,
    calibrated_binary,
    calibrated_multiclass,
    linear_values,
    two_columns,
)

from modelwright.evaluation import interval, measure, metrics_of
from modelwright.evaluation.drawing import Units
from modelwright.problem import METRICS

REPEATS = 300
RESAMPLES = 400


def positive_values(rng, rows):
    """Values away from zero, so that errors may be taken relative to them."""
    y, prediction = linear_values(rng, rows)
    return np.exp(0.5 * y) + 0.5, np.exp(0.5 * prediction) + 0.5


WORLDS = {
    "binary": (brief(), calibrated_binary),
    "multiclass": (brief("multiclass", "log_loss"), calibrated_multiclass),
    "regression": (brief("regression", "rmse", evaluation={"quantile": 0.8}), positive_values),
}


def of_every_metric() -> None:
    print("| task | metric | 200 rows | 1,000 rows |\n| --- | --- | --- | --- |")
    for task, (asked, world) in WORLDS.items():
        metrics = metrics_of(asked)
        many = [world(np.random.default_rng(seed), 200_000) for seed in range(12_345, 12_348)]
        truth = {metric.name: np.mean([metric(*each) for each in many]) for metric in metrics}
        held = {rows: dict.fromkeys(truth, 0) for rows in (200, 1000)}
        for rows, inside in held.items():
            for repeat in range(REPEATS):
                y, prediction = world(np.random.default_rng(repeat), rows)
                for figure in measure(metrics, y, prediction, looks=0, resamples=RESAMPLES, seed=repeat):
                    found = figure.interval
                    inside[figure.name] += found is not None and found.low <= truth[figure.name] <= found.high
        for name in truth:
            print(f"| {task} | `{name}` | {share(held[200][name])} | {share(held[1000][name])} |", flush=True)


def of_rows_that_are_alike() -> None:
    print("\n| rows that are alike | drawn alone | drawn together |\n| --- | --- | --- |")
    for groups in (30, 100):
        alone = together = 0
        for repeat in range(REPEATS):
            rng = np.random.default_rng(repeat)
            group = np.repeat(np.arange(groups), 10)
            right = rng.random(len(group)) < rng.beta(4, 2, size=groups)[group]
            alone += holds(right, 2 / 3, Units.of(len(group)), repeat)
            together += holds(right, 2 / 3, Units.of(len(group), group), repeat)
        print(f"| {groups} groups of 10 | {share(alone)} | {share(together)} |", flush=True)
    for persistence in (0.0, 0.6, 0.85, 0.95):
        for rows in (300, 1000, 3000):
            alone = together = 0
            for repeat in range(REPEATS):
                right = weather(np.random.default_rng(repeat), rows, persistence)
                units = Units.of(rows, times=np.arange(rows), losses=right.astype(float))
                alone += holds(right, 0.7, Units.of(rows), repeat)
                together += holds(right, 0.7, units, repeat)
            print(
                f"| {rows} rows in time, persistence {persistence:g} | {share(alone)} | {share(together)} |",
                flush=True,
            )


def weather(rng, rows, persistence):
    """Right and wrong answers that come in spells."""
    shocks = rng.normal(size=rows) * np.sqrt(1 - persistence**2)
    shocks[0] = rng.normal()
    for row in range(1, rows):
        shocks[row] += persistence * shocks[row - 1]
    return rng.random(rows) < np.where(shocks > 0, 0.9, 0.5)


def holds(right, truth, units, seed) -> bool:
    prediction = two_columns(np.where(right, 0.1, 0.9))
    codes = np.zeros(len(right), dtype=np.int64)
    found = interval(
        METRICS["accuracy"], codes, prediction, looks=0, units=units, resamples=RESAMPLES, seed=seed
    )
    return found.low <= truth <= found.high


def share(count: int) -> str:
    return f"{100 * count / REPEATS:.1f} %"


if __name__ == "__main__":
    parts = {"metrics": of_every_metric, "alike": of_rows_that_are_alike}
    for name in sys.argv[1:] or parts:
        parts[name]()
