"""A source larger than memory is read in a stream: six times the rows take about the same memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

COLUMNS = 10
FEWER, MORE = 100_000, 600_000
ALLOWED = (MORE - FEWER) * COLUMNS * 8 / 2**20 * 0.7
"""Megabytes: less than the rows more take as floats, and far less than as texts."""

READ = """
import sys
from pathlib import Path
from modelwright.data import batches, take_snapshot
from modelwright.data.sources import csv_files, csv_records, text

# A small block shows with small files what a large one does with large files.
csv_files._HELD = csv_records.BLOCK = 1 << 20
text.blocks.__defaults__ = (1 << 20,)
snapshot = take_snapshot(batches(sys.argv[1]), Path(sys.argv[2]), "generated")
(peak,) = (line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(snapshot.rows, int(peak) // 1024)
"""


def generated(folder: Path, ending: str, rows: int) -> Path:
    """Write a table of floats, some rows at a time."""
    path = folder / f"{rows}{ending}"
    at_once = rows // 10
    part = pl.DataFrame(
        {f"c{at}": pl.Series([at + 0.25]).new_from_index(0, at_once) for at in range(COLUMNS)}
    )
    if ending == ".csv":
        with path.open("wb") as file:
            for number in range(10):
                part.write_csv(file, include_header=number == 0)
        return path
    import pyarrow.parquet as pq

    table = part.to_arrow()
    with pq.ParquetWriter(path, table.schema) as writer:
        for _ in range(10):
            writer.write_table(table)
    return path


def peak(path: Path, folder: Path) -> tuple[int, int]:
    """Return rows and the peak of memory, in MB, of taking a snapshot of a file."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path), str(folder)], check=True, capture_output=True, text=True
    )
    rows, most = done.stdout.split()
    return int(rows), int(most)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is Linux's")
@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_memory_does_not_grow_with_the_source(ending: str, tmp_path: Path) -> None:
    _, small = peak(generated(tmp_path, ending, FEWER), tmp_path / "kept")
    rows, large = peak(generated(tmp_path, ending, MORE), tmp_path / "kept")

    assert rows == MORE
    assert large - small < ALLOWED
