"""False discoveries and power of the search for weak slices, and of the second test.

Run: ``python benchmarks/statistics/slices.py [repetitions]``.

Six columns (two numbers, two categories, a truth value, a time), and a classifier that is right nine times
in ten. A planted slice is the rows of one job in one region, a sixteenth of all, with more mistakes.
As many rows are searched as are kept for the second test. A false slice shares no condition with it.
"""

from __future__ import annotations

import sys

import numpy as np
import polars as pl

from modelwright.data import Column, Contract
from modelwright.evaluation import Background

COLUMNS = (
    Column(name="outcome", kind="category", categories=("no", "yes"), role="target"),
    Column(name="age", kind="number"),
    Column(name="income", kind="number"),
    Column(name="job", kind="category"),
    Column(name="region", kind="category"),
    Column(name="member", kind="boolean"),
    Column(name="joined", kind="time"),
)
PLANTED = {"job is 'cook'", "region is 'south'"}


def people(rng: np.random.Generator, rows: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "age": rng.uniform(18, 80, rows).astype(np.float32),
            "income": rng.lognormal(10, 1, rows).astype(np.float32),
            "job": rng.choice(["clerk", "cook", "nurse", "pilot"], rows),
            "region": rng.choice(["north", "east", "south", "west"], rows),
            "member": rng.integers(0, 2, rows).astype(np.float32),
            "joined": rng.integers(0, 700 * 86_400, rows),
        }
    )


def world(rng: np.random.Generator, rows: int, mistakes: float):
    """Draw rows; the model gives 90 % to its answer, which in the planted slice is wrong more often."""
    frame = people(rng, rows)
    weak = ((frame["job"] == "cook") & (frame["region"] == "south")).to_numpy()
    answer = rng.integers(0, 2, rows)
    wrong = rng.random(rows) < np.where(weak, mistakes, 0.1)
    sure = np.clip(0.9 + 0.05 * rng.normal(size=rows), 0.6, 0.99)
    positive = np.where(answer == 1, sure, 1 - sure)
    return frame, np.where(wrong, 1 - answer, answer), np.stack([1 - positive, positive], axis=1)


def search(seed: int, rows: int, mistakes: float):
    from modelwright.evaluation.drawing import Units
    from modelwright.evaluation.outcomes.retesting import find_weak_slices

    rng = np.random.default_rng(seed)
    frame, y, prediction = world(rng, rows, mistakes)
    more, more_y, said = world(rng, rows, mistakes)
    background = Background(
        Contract(columns=COLUMNS), more, more_y, lambda part: part.to_numpy(), np.arange(rows), said
    )
    units = Units.of(rows)
    return find_weak_slices(background, y, prediction, frame, units=units, looks=1, level=0.95, seed=seed)


def main(repetitions: int) -> None:
    print(
        "| rows | wrong there | any found | any confirmed | planted found | planted confirmed "
        "| false among confirmed |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for rows in (1_000, 3_000):
        for mistakes in (0.1, 0.2, 0.3, 0.5):
            found = [search(seed, rows, mistakes) for seed in range(repetitions)]
            planted = [[each for each in one.slices if set(each.conditions) == PLANTED] for one in found]
            confirmed = [each for one in found for each in one.confirmed]
            false = [each for each in confirmed if mistakes == 0.1 or not PLANTED & set(each.conditions)]
            figures = (
                np.mean([bool(one.slices) for one in found]),
                np.mean([bool(one.confirmed) for one in found]),
                np.mean([bool(one) for one in planted]),
                np.mean([any(each.confirmed for each in one) for one in planted]),
                len(false) / max(len(confirmed), 1),
            )
            print(
                f"| {rows:,} | {mistakes:.0%} | " + " | ".join(f"{each:.1%}" for each in figures) + " |",
                flush=True,
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
