"""How fast a table is held against its contract.

    python benchmarks/check.py [ROWS]

A million rows of 50 columns of every kind: numbers, numbers as text, booleans, categories of few and of
many texts, dates, dates as text, times as text. Once as a frame in memory, and once from a Parquet file in
batches, each in a process of its own. Printed: wall-clock seconds, seconds of work on all cores, and the most
memory that the process held.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

ROWS = 1_000_000
LEVELS = 40


def table(rows: int) -> pl.DataFrame:
    """Return 49 mixed features and a target."""
    rng = np.random.default_rng(0)
    columns: dict[str, pl.Series] = {}
    for at in range(18):
        numbers = pl.Series(rng.normal(50, 20, rows))
        columns[f"number {at}"] = numbers if at % 3 else numbers.set(pl.Series(rng.random(rows) < 0.05), None)
    for at in range(8):
        columns[f"number as text {at}"] = pl.Series(rng.normal(size=rows)).round(3).cast(pl.String)
    for at in range(4):
        columns[f"whole {at}"] = pl.Series(rng.integers(0, 10**6, rows))
    for at in range(2):
        columns[f"truth {at}"] = pl.Series(rng.random(rows) < 0.3)
    few = np.array([f"kind {at}" for at in range(LEVELS)])
    for at in range(9):
        columns[f"category {at}"] = pl.Series(few[rng.integers(0, LEVELS, rows)])
    for at in range(2):
        columns[f"code {at}"] = pl.Series(rng.integers(0, 800, rows)).cast(pl.String).str.zfill(5)
    days = pl.Series(rng.integers(10_000, 20_000, rows)).cast(pl.Int32).cast(pl.Date)
    columns |= {
        "date": days,
        "date as text": days.cast(pl.String),
        "day first": days.dt.to_string("%d/%m/%Y"),
    }
    seconds = pl.Series(rng.integers(10**9, 2 * 10**9, rows) * 10**6).cast(pl.Datetime("us"))
    columns |= {"time": seconds, "time as text": seconds.dt.to_string("%Y-%m-%d %H:%M:%S")}
    columns["missing half"] = pl.Series(rng.normal(size=rows)).set(pl.Series(rng.random(rows) < 0.5), None)
    columns["target"] = pl.Series(np.array(["no", "yes"])[rng.integers(0, 2, rows)])
    return pl.DataFrame(columns)


def measure(path: Path, contract_path: Path, way: str) -> None:
    """Check the file in one way, and print what it took."""
    from modelwright.data import Contract, batches, check, read

    contract = Contract.read(contract_path)
    source = read(path) if way == "a frame in memory" else None
    began, worked = time.perf_counter(), time.process_time()
    findings = check(contract, batches(path) if source is None else source)
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{way:28s} {seconds:6.2f} s  {worked:6.2f} s of work  {memory:6.0f} MB  {len(findings)} findings")


def main() -> None:
    from modelwright.data import Contract
    from modelwright.problem import Brief

    if len(sys.argv) == 4:
        measure(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    problem = {"name": "speed", "target": "target", "task": "binary", "metric": "roc_auc", "positive": "yes"}
    with tempfile.TemporaryDirectory() as folder:
        made, contract_path = Path(folder, "table.parquet"), Path(folder, "contract.toml")
        frame = table(rows)
        frame.write_parquet(made)
        began = time.perf_counter()
        contract = Contract.infer(frame, Brief.from_dict({"problem": problem}))
        print(f"{rows:,} rows x {frame.width} columns on {len(os.sched_getaffinity(0))} cores")
        print(f"{'inferred once':28s} {time.perf_counter() - began:6.2f} s")
        contract_path.write_text(contract.to_toml(), encoding="utf-8")
        del frame
        for way in ("a frame in memory", "a Parquet file in batches"):
            subprocess.run([sys.executable, __file__, str(made), str(contract_path), way], check=True)


if __name__ == "__main__":
    main()
