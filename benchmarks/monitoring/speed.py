"""How long a window takes to be compared with the reference, and how long Evidently takes for the same.

Evidently has an environment of its own, whose Python is given; without it only ours is measured.

PYTHONPATH=src python benchmarks/monitoring/speed.py [PYTHON-WITH-EVIDENTLY]
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

ROWS, COLUMNS, REPEATS = 100_000, 20, 5
LARGE_ROWS, LARGE_COLUMNS, PART = 1_000_000, 50, 100_000

THEIRS = """
import sys, time, json
import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset
reference, window = (pd.read_parquet(path) for path in sys.argv[1:3])
times = []
for _ in range(int(sys.argv[3])):
    start, used = time.perf_counter(), time.process_time()
    Report([DataDriftPreset()]).run(window, reference).dict()
    times.append((time.perf_counter() - start, time.process_time() - used))
print(json.dumps(times))
"""


def table(rng: np.random.Generator, rows: int, columns: int) -> pl.DataFrame:
    """Make numbers (heavy tails among them) and, every fifth column, categories."""
    made = {}
    for n in range(columns):
        if n % 5 == 4:
            made[f"c{n}"] = pl.Series([f"level {k}" for k in range(8)]).gather(rng.integers(0, 8, rows))
        else:
            made[f"c{n}"] = pl.Series(rng.standard_t(3 + n, rows))
    return pl.DataFrame(made)


def referred(frame: pl.DataFrame):
    from modelwright.data import Contract, conform
    from modelwright.monitoring import Reference
    from modelwright.problem import Brief, Task

    brief = Brief.from_dict({"problem": {"name": "x", "target": "y", "task": "regression", "metric": "rmse"}})
    contract = Contract.infer(frame.with_columns(y=pl.lit(1.0) + pl.int_range(frame.height) % 7), brief)
    y = np.arange(200.0)
    reference = Reference.build(
        contract, conform(contract, frame), task=Task.REGRESSION, y=y, prediction=y[:, None]
    )
    return contract, reference


def ours(reference, contract, frame: pl.DataFrame) -> tuple[float, float]:
    from modelwright.monitoring import compare_with_reference

    start, used = time.perf_counter(), time.process_time()
    assert compare_with_reference(reference, contract, [frame]).holds
    return time.perf_counter() - start, time.process_time() - used


def beside_evidently(python: str | None) -> None:
    rng = np.random.default_rng(0)
    old, new = table(rng, ROWS, COLUMNS), table(rng, ROWS, COLUMNS)
    contract, reference = referred(old)
    ours(reference, contract, new)
    mine = np.median([ours(reference, contract, new) for _ in range(REPEATS)], axis=0)
    print(f"{ROWS:,} x {COLUMNS}, ours: {mine[0]:.3f} s ({mine[1]:.3f} s of work)")
    if python is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder) / name) for name in ("old.parquet", "new.parquet")]
        old.write_parquet(paths[0])
        new.write_parquet(paths[1])
        asked = [python, "-W", "ignore", "-c", THEIRS, *paths, str(REPEATS)]
        printed = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    theirs = np.median(json.loads(printed.splitlines()[-1]), axis=0)
    print(
        f"{ROWS:,} x {COLUMNS}, Evidently's data-drift preset: {theirs[0]:.2f} s ({theirs[1]:.2f} s of work)"
    )
    print(f"ratio: {theirs[0] / mine[0]:.0f} (of work: {theirs[1] / mine[1]:.0f})")


def parts(folder: Path) -> Iterator[pl.DataFrame]:
    for path in sorted(folder.iterdir()):
        yield pl.read_parquet(path)


def large() -> None:
    """Measure in a process of its own, so that the memory is that of the comparison."""
    from modelwright.monitoring import compare_with_reference

    rng = np.random.default_rng(1)
    contract, reference = referred(table(rng, PART, LARGE_COLUMNS))
    with tempfile.TemporaryDirectory() as name:
        for n in range(LARGE_ROWS // PART):
            table(rng, PART, LARGE_COLUMNS).write_parquet(Path(name) / f"{n:03}.parquet")
        start, used = time.perf_counter(), time.process_time()
        assert compare_with_reference(reference, contract, parts(Path(name))).holds
        wall, used = time.perf_counter() - start, time.process_time() - used
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{LARGE_ROWS:,} x {LARGE_COLUMNS} from Parquet: {wall:.1f} s ({used:.1f} s of work)")
    print(f"most memory of the whole process: {most:.2f} GB")
    print(f"reference.json: {len(reference.model_dump_json()) / 1024:.0f} KB")


if __name__ == "__main__":
    beside_evidently(sys.argv[1] if len(sys.argv) > 1 else None)
    subprocess.run(
        [sys.executable, "-c", "from speed import large; large()"], check=True, cwd=Path(__file__).parent
    )
