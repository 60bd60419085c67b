"""How many observations a second are kept and read back on SQLite, and what keeping them costs a server.

PYTHONPATH=src python benchmarks/monitoring/observing.py FOLDER [--seconds 20]
"""

from __future__ import annotations

import argparse
import asyncio
import time
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl

from modelwright.deployment.server.writer import ObservationWriter
from modelwright.store import Label, Observation, Operations, ident

RATE, TICK = 5000, 0.02


def rows() -> list[dict]:
    return pl.read_parquet(files("modelwright") / "demo" / "adult.parquet").drop("class").to_dicts()


def observed(row: dict) -> Observation:
    answer = {"<=50K": 0.7123456789, ">50K": 0.2876543211}
    return Observation(ident("prediction"), datetime.now(UTC), "release_1", row, "<=50K", answer, 1.5)


async def loop_lags(seconds: float) -> np.ndarray:
    """Measure by how many milliseconds an event loop is late: what a request would wait longer."""
    lags, end = [], time.perf_counter() + seconds
    while (start := time.perf_counter()) < end:
        await asyncio.sleep(0.002)
        lags.append((time.perf_counter() - start - 0.002) * 1000)
    return np.array(lags)


async def sustain(operations: Operations, given: list[dict], seconds: float) -> None:
    """Offer so many observations a second for a while, as a server's requests do."""
    quiet = await loop_lags(3)
    writer = ObservationWriter(operations)
    writer.start()
    waits: list[float] = []
    most, sent, start, used = 0, 0, time.perf_counter(), time.process_time()

    async def ask(some: list[Observation]) -> None:
        began = time.perf_counter()
        await writer.keep(some)
        waits.append((time.perf_counter() - began) * 1000)

    lags = asyncio.create_task(loop_lags(seconds))
    asked = []
    size = int(RATE * TICK)
    while (due := time.perf_counter() - start) < seconds:
        if sent < due * RATE:
            made = [observed(given[(sent + n) % len(given)]) for n in range(size)]
            asked.append(asyncio.create_task(ask(made)))
            sent, most = sent + size, max(most, writer.waiting)
        await asyncio.sleep(0.001)
    busy = await lags
    await asyncio.gather(*asked)
    wall, used = time.perf_counter() - start, time.process_time() - used
    writer.stop()
    p50, p99 = np.percentile(waits, [50, 99])
    print(f"kept {sent:,} in {wall:.1f} s: {sent / wall:,.0f} a second, with {used / wall:.0%} of one core")
    print(
        f"a request waits {p50:.1f} ms for its rows to be on disk (99 %: {p99:.1f} ms); most waiting {most:,}"
    )
    for name, each in (("without", quiet), ("with", busy)):
        p50, p99 = np.percentile(each, [50, 99])
        print(f"the loop is late by {p50:.2f} ms (99 %: {p99:.2f} ms) {name} observations")


def bulk(operations: Operations, given: list[dict], n_rows: int) -> None:
    """Keep and read back many."""
    start, used, ids = time.perf_counter(), time.process_time(), []
    for at in range(0, n_rows, 1000):
        made = [observed(given[(at + n) % len(given)]) for n in range(1000)]
        operations.append_observations(made)
        ids += [each.id for each in made]
    wall, used = time.perf_counter() - start, time.process_time() - used
    print(f"1,000 a commit: {n_rows / wall:,.0f} a second ({n_rows / used:,.0f} a second of work)")
    operations.add_labels([Label(each, "<=50K") for each in ids[::2]])
    start, used = time.perf_counter(), time.process_time()
    read = operations.observations("release_1")
    wall, used = time.perf_counter() - start, time.process_time() - used
    print(f"read {read.height:,} with their labels in {wall:.1f} s ({used:.1f} s of work)")


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path)
    asked.add_argument("--seconds", type=float, default=20)
    asked.add_argument("--rows", type=int, default=200_000)
    options = asked.parse_args()
    given = rows()
    options.folder.mkdir(parents=True, exist_ok=True)
    with Operations(f"sqlite:///{options.folder / 'sustained.db'}") as operations:
        asyncio.run(sustain(operations, given, options.seconds))
    with Operations(f"sqlite:///{options.folder / 'bulk.db'}") as operations:
        bulk(operations, given, options.rows)
