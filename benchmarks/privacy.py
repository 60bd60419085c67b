"""What detection of personal data finds, and what it accuses wrongly; what treating costs.

python benchmarks/privacy.py                 made-up columns, and the costs
python benchmarks/privacy.py FOLDER          the Parquet files of a folder too
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ["MODELWRIGHT_PRIVACY_KEY"] = "a key of the benchmark, of enough signs"

from tests.data.privacy.people import ORDINARY, PEOPLE, column

from modelwright.data import Column, Contract, Treatments, find_personal_data
from modelwright.data.contract import MISSING_VALUES

MARKERS = frozenset(MISSING_VALUES)
SEEDS = 20


def made_up() -> None:
    """Count what is found in columns of made-up people, under their names and under none, and accusations."""
    for title, names in (("named", list(PEOPLE)), ("under the name 'field'", ["field"])):
        found = right = total = 0
        for seed in range(SEEDS):
            for name, (kind, make) in PEOPLE.items():
                shown = name if names != ["field"] else "field"
                (*detected,) = find_personal_data(pl.DataFrame({shown: column(make, 300, seed)}), MARKERS)
                total += 1
                found += bool(detected)
                right += bool(detected) and detected[0].kind == kind
        print(f"personal columns, {title}: {found} of {total} found, {right} with their kind")
    accused = 0
    for seed in range(SEEDS):
        for name, make in ORDINARY.items():
            accused += bool(find_personal_data(pl.DataFrame({name: column(make, 300, seed)}), MARKERS))
    print(f"ordinary columns: {accused} of {SEEDS * len(ORDINARY)} accused")


def of_folder(folder: Path) -> None:
    """Print what is found in the Parquet files of a folder."""
    columns = 0
    for path in sorted(folder.glob("*.parquet")):
        frame = pl.read_parquet(path)
        columns += frame.width
        for each in find_personal_data(frame, MARKERS):
            print(f"{path.stem} | {each.column} | {each.kind} | {each.share:.0%} | {each.confidence}")
    print(f"{columns} columns looked at")


def costs() -> None:
    """Time detection, and treating tables and records."""
    n = 1_000_000
    frame = pl.DataFrame({"email": [f"person{i}@example.org" for i in range(n)], "x": range(n)})
    contract = Contract(
        columns=(
            Column(name="y", kind="number", role="target"),
            Column(name="x", kind="number"),
            Column(name="email", kind="category", role="id", sensitive="email", treatment="hash"),
        )
    )
    treatments = Treatments(contract)
    record = [{"email": "anna@example.org", "x": 1}]
    for words, work, repeats in (
        (f"detection, {n:,} rows x 2", lambda: find_personal_data(frame, MARKERS), 1),
        (f"hashing {n:,} different values", lambda: treatments.table(frame), 1),
        ("one record, one column hashed", lambda: treatments.records(record), 20_000),
    ):
        began = time.perf_counter()
        for _ in range(repeats):
            work()
        print(f"{words}: {(time.perf_counter() - began) / repeats * 1e6:,.1f} microseconds")


if __name__ == "__main__":
    made_up()
    costs()
    if len(sys.argv) > 1:
        of_folder(Path(sys.argv[1]))
