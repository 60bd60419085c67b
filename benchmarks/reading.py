"""How fast and in how much memory sources are read: `python benchmarks/reading.py`.

Each figure comes from a process of its own, with the peak of its memory as Linux counts it, imports included;
beside it stands the peak for a table of a tenth of the rows. The script starts the PostgreSQL server itself.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.postgresql import programs, server  # the fixture's server

CHILD = """
import sys, time
from modelwright.data import batches, take_snapshot
source, kept = sys.argv[1], sys.argv[2]
began = time.perf_counter()
rows = 0
parts = batches(source)
if kept:
    from pathlib import Path
    rows = take_snapshot(parts, Path(kept), source).rows
else:
    for part in parts:
        rows += part.height
seconds = time.perf_counter() - began
# Not getrusage: a process inherits the peak of the one that started it.
(peak,) = (line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(rows, seconds, int(peak) / 1024)
"""

COLUMNS = 20


def table(rows: int, seed: int = 0) -> pl.DataFrame:
    """Return numbers, texts, dates and gaps."""
    random = np.random.default_rng(seed)
    columns: dict[str, object] = {"id": np.arange(rows)}
    for at in range(COLUMNS // 2):
        values = random.normal(size=rows).round(6)
        columns[f"number_{at}"] = pl.Series(values).set(pl.Series(random.random(rows) < 0.05), None)
    for at in range(COLUMNS - COLUMNS // 2 - 1):
        columns[f"text_{at}"] = pl.Series(random.integers(0, 1000, rows)).cast(pl.String) + " Main Street"
    return pl.DataFrame(columns)


def measured(source: str, kept: str = "") -> tuple[int, float, float]:
    """Return rows, seconds and the peak of memory in MB of reading a source in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, source, kept], check=True, capture_output=True, text=True
    )
    rows, seconds, peak = done.stdout.split()
    return int(rows), float(seconds), float(peak)


def write(folder: Path, name: str, rows: int) -> str:
    """Write a table some rows at a time and return its path."""
    path = folder / f"{rows}-{name}"
    at_once = 250_000
    parts = (table(min(at_once, rows - start), start) for start in range(0, rows, at_once))
    if name.endswith(".parquet"):
        import pyarrow.parquet as pq

        first = next(parts).to_arrow()
        with pq.ParquetWriter(path, first.schema) as writer:
            writer.write_table(first)
            for part in parts:
                writer.write_table(part.to_arrow())
        return str(path)
    with path.open("wb") as file:
        for part in parts:
            if name.endswith(".csv"):
                part.write_csv(file, include_header=file.tell() == 0)
            else:
                part.write_ndjson(file)
    return str(path)


def into_postgresql(url: str, rows: int) -> str:
    """Make a table of mixed columns, numeric and timestamps among them, and return its URL."""
    from adbc_driver_postgresql import dbapi

    numbers = ", ".join(f"(random() * 1000)::numeric(10, 2) AS number_{at}" for at in range(8))
    texts = ", ".join(f"(random() * 1000)::int || ' Main Street' AS text_{at}" for at in range(8))
    clock = "now() - g * interval '1 minute'"
    made = (
        f"CREATE TABLE big{rows} AS SELECT g AS id, {numbers}, {texts}, {clock} AS at, "
        f"({clock})::date AS day, g % 2 = 0 AS even FROM generate_series(1, {rows}) AS g"
    )
    with dbapi.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(made)
        connection.commit()
    return f"{url}#big{rows}"


def report(what: str, small: str, large: str, kept: str = "") -> None:
    """Print one line: what reading takes, beside what it takes for a table of a tenth."""
    _, _, before = measured(small, kept)
    rows, seconds, peak = measured(large, kept)
    print(f"| {what} | {rows:,} | {seconds:.1f} | {peak:,.0f} | {before:,.0f} |", flush=True)


def main() -> None:
    """Print a table in Markdown."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--sets", type=Path, help="also read every Parquet file of this folder")
    given = asked.parse_args()
    print("| source | rows | seconds | peak MB | peak MB of a tenth |\n| --- | --: | --: | --: | --: |")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in ("t.csv", "t.jsonl", "t.parquet"):
            small, large = write(folder, name, given.rows // 10), write(folder, name, given.rows)
            size = Path(large).stat().st_size / 1e6
            report(f"{name[1:]} of {size:,.0f} MB, {COLUMNS} columns", small, large)
        report("the same Parquet, into a snapshot", small, large, str(folder / "kept"))
        at = programs()
        if at is not None:
            with server(at) as url:
                small, large = (into_postgresql(url, rows) for rows in (given.rows // 10, given.rows))
                report("PostgreSQL, 20 columns", small, large)
                report("PostgreSQL, into a snapshot", small, large, str(folder / "kept"))
    if given.sets:
        sets = sorted(given.sets.glob("*.parquet"))
        read = [measured(str(path))[0] for path in sets]
        print(json.dumps({"sets": len(sets), "rows": sum(read)}))


if __name__ == "__main__":
    main()
