"""What is proposed for real tables, and what cleaning costs when a row is served.

    PYTHONPATH=src python benchmarks/cleaning.py [FOLDER]

FOLDER may hold Parquet files and a ``catalog.toml`` that names each table's
``file``, ``target``, ``time``, ``group`` and ``protected`` columns.
"""

from __future__ import annotations

import sys
import time
import tomllib
from pathlib import Path

import polars as pl

from modelwright import data
from modelwright.data import Contract, Validator
from modelwright.problem import Brief, ColumnRoles

PRICES = pl.DataFrame(
    {
        "price": [f"${at * 37 % 9000 + at / 100:,.2f}" for at in range(400)],
        "city": [["New York", "new york", "Boston", "Chicago"][at % 4] for at in range(400)],
        "rooms": [at % 7 for at in range(400)],
        "size": [at * 13 % 101 / 7 for at in range(400)],
        "sold": [["yes", "no"][at * 7 % 5 > 1] for at in range(400)],
    }
)


def proposals(folder: Path) -> None:
    """Print what is proposed for each table, what is switched on first."""
    for name, about in tomllib.loads((folder / "catalog.toml").read_text()).items():
        frame = data.read(folder / about["file"])
        roles = ColumnRoles(time=about["time"], group=about["group"], protected=tuple(about["protected"]))
        start = time.perf_counter()
        steps = data.propose_cleaning(frame, about["target"], roles)
        took = time.perf_counter() - start
        print(f"{name}: {frame.height:,} x {frame.width} in {took:.2f} s")
        for step in sorted(steps, key=lambda each: not each.enabled):
            where = ", ".join(step.columns[:3]) + (" ..." if len(step.columns) > 3 else "")
            print(f"    {'on ' if step.enabled else 'off'} {step.step:15} {where}: {step.evidence}")


def microseconds(validator: Validator, records: list[dict[str, object]]) -> float:
    """Return what one record takes, alone in its request."""
    best = float("inf")
    for _ in range(40):
        start = time.perf_counter()
        for record in records:
            validator.records([record])
        best = min(best, time.perf_counter() - start)
    return best / len(records) * 1e6


def serving() -> None:
    """Print what a record costs with and without steps."""
    problem = {"name": "p", "target": "sold", "task": "binary", "positive": "yes", "metric": "roc_auc"}
    steps = data.propose_cleaning(PRICES, "sold", ColumnRoles())
    brief = Brief.from_dict({"problem": problem}).model_copy(update={"cleaning": steps})
    contract = Contract.infer(PRICES, brief)
    dirty = PRICES.drop("sold").to_dicts()
    clean = data.typed(contract, PRICES).drop("sold").to_dicts()
    without = microseconds(Validator(contract.with_cleaning(())), clean)
    print(f"clean rows, no steps: {without:.1f} us")
    for name, rows in (("clean", clean), ("dirty", dirty)):
        took = microseconds(Validator(contract), rows)
        print(f"{name} rows, two columns with steps: {took:.1f} us, {took / without:.2f} times")


if __name__ == "__main__":
    if sys.argv[1:]:
        proposals(Path(sys.argv[1]))
    serving()
