"""How often the leak audit finds what was planted, and how often it accuses what is honest.

    PYTHONPATH=src python benchmarks/leaks.py [FOLDER]

FOLDER may hold a ``catalog.toml`` with one table for each Parquet file: ``file``, ``target``, ``time``,
``group`` and ``not_features``: identifiers, and columns that leak the target.
"""

from __future__ import annotations

import sys
import time
import tomllib
from pathlib import Path

import numpy as np
import polars as pl

from modelwright.data import Audit
from modelwright.lifecycle import audit

SEEDS = range(12)
SIZES = (400, 2000, 10_000)
Table = dict[str, object]

# Identifiers and other columns of `not_features` that give no target away, by the notes of the catalogue, and
# columns that its notes call leaks without listing them.
HARMLESS = {
    "ai4i_machine_failure": {"UDI", "Product ID"},
    "belgian_motor_claims": {"id"},
    "compas": {"id", "name", "first", "last", "c_case_number", "c_jail_out"},
    "horse_colic": {"hospital_number"},
    "telco_churn": {"customerID"},
    "vehicle_insurance_fraud": {"PolicyNumber"},
    "diabetes_readmission": {"encounter_id"},
    "bike_sharing_hourly": {"instant"},
}
NOTED = {"bank_marketing": {"duration"}, "cta_ridership": {"bus", "total_rides"}}


def honest(rows: int, rng: np.random.Generator) -> tuple[Table, np.ndarray]:
    """Return honest columns of every kind, some of them strong, and the score that they make."""
    x = rng.normal(size=(rows, 6))
    kind = rng.integers(0, 8, rows)
    weights = rng.normal(size=6) * rng.choice([0.3, 1.0, 2.0], 6)
    score = x @ weights + rng.normal(size=8)[kind] + rng.normal(size=rows)
    gone = rng.random(rows) < 0.2
    table: Table = {f"x{at}": x[:, at] for at in range(6)}
    table |= {
        "x0_twin": x[:, 0] + 0.3 * rng.normal(size=rows),
        "kind": [f"k{each}" for each in kind],
        "town": [f"t{each}" for each in rng.integers(0, max(rows // 8, 5), rows)],
        "customer_id": rng.permutation(rows) + 100_000,
        "member": rng.random(rows) < 1 / (1 + np.exp(-score)),
        "visits": rng.poisson(np.exp(0.3 * x[:, 1])),
        "balance": np.where(rng.random(rows) < 0.6, 0.0, rng.gamma(2, 80, rows).round(2)),
        "age": [
            None if hole else float(value)
            for hole, value in zip(gone, rng.integers(18, 90, rows), strict=True)
        ],
        "note": [None if each < 0.7 else "called" for each in rng.random(rows)],
    }
    return table, score


def labels(score: np.ndarray, share: float) -> np.ndarray:
    return np.where(score > np.quantile(score, 1 - share), "yes", "no")


def where(there: np.ndarray, values: object) -> list[object]:
    """Return values where they are there, else None."""
    told = np.broadcast_to(np.asarray(values), there.shape)
    return [str(value) if is_there else None for is_there, value in zip(there, told, strict=True)]


def planted_labels(y: np.ndarray, rng: np.random.Generator) -> dict[str, Table]:
    yes, rows = y == "yes", len(y)
    some, flip = rng.random(rows), rng.random(rows)
    parts = [yes & (some >= low) & (some < low + 0.25) for low in (0, 0.25, 0.5, 0.75)]
    goal = rng.gamma(2, 500, rows)
    return {
        "copy": {"again": np.where(yes, "b", "a")},
        "copy with 1 % noise": {"again": np.where(yes ^ (flip < 0.01), "b", "a")},
        "threshold of a number": {"reading": np.where(yes, 1.0, 0.0) + 0.99 * rng.random(rows)},
        "filled in afterwards": {"reason": where(yes, np.where(some < 0.5, "moved", "price"))},
        "filled in for a third": {"payment_back": np.where(yes & (some < 0.33), rng.gamma(2, 30, rows), 0.0)},
        "filled in, 1 % by mistake": {"closing": where(np.where(yes, some < 0.9, flip < 0.01), "x")},
        "flags, any of them": {f"cause{at}": part for at, part in enumerate(parts)},
        "comparison": {"raised": goal * (yes + rng.random(rows)), "goal": goal},
        "far above the rest": {"loud": np.where(yes, 5.0, 0.0) + rng.normal(size=rows)},
        "model score": {"risk_score": np.clip(rng.beta(2 + 6 * yes, 6 - 4 * yes), 0, 1).round(4)},
        "ordered identifier": {"case_no": np.argsort(np.argsort(yes + 0.6 * rng.random(rows))) + 5000},
        "telling name": {"outcome": yes + rng.normal(size=rows)},
    }  # fmt: skip


def planted_values(y: np.ndarray, rng: np.random.Generator) -> dict[str, Table]:
    rows, spread = len(y), float(y.std())
    part, other = rng.normal(size=rows) * spread, rng.normal(size=rows) * spread
    return {
        "copy": {"again": y},
        "copy with noise": {"again": y * 2.2 + 5 + 0.01 * spread * rng.normal(size=rows)},
        "curve": {"curve": np.cbrt(y)},
        "band": {"band": [f"b{each}" for each in np.digitize(y, np.quantile(y, [0.25, 0.5, 0.75]))]},
        "two parts": {"part": part, "remainder": y - part},
        "three parts": {"part": part, "piece": other, "remainder": y - part - other},
        "parts and fees": {"part": part, "remainder": (y - part).round(2) - rng.choice([0.5, 3.0], rows)},
        "far above the rest": {"loud": y + 0.25 * spread * rng.normal(size=rows)},
    }


def asked(table: Table, y: np.ndarray, **roles: str) -> Audit:
    frame = pl.DataFrame(table, strict=False).with_columns(target=pl.Series(y))
    return audit(frame, "target", {"columns": roles} if roles else {})


def worlds() -> None:
    """Print a table: kind of leak, columns planted, found, and honest columns accused."""
    found: dict[str, list[int]] = {}
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        rows = SIZES[seed % len(SIZES)]
        table, score = honest(rows, rng)
        weak = 0.15 * score + rng.normal(size=rows)
        share = (0.5, 0.3, 0.1)[seed % 3 - 1] if rows > 400 else 0.3
        for name in planted_labels(labels(score, share), rng):
            base = weak if name == "far above the rest" else score
            y = labels(base, share)
            plant = planted_labels(y, rng)[name]
            count(found, f"label: {name}", plant, asked(table | plant, y))
        for name in planted_values(score, rng):
            y = weak if name == "far above the rest" else score
            plant = planted_values(y, rng)[name]
            count(found, f"value: {name}", plant, asked(table | plant, y))
        for task, y in (
            ("label", labels(score, share)),
            ("value", score),
            ("three labels", np.digitize(score, np.quantile(score, [0.4, 0.8])).astype(str)),
        ):
            count(found, f"{task}: nothing planted", {}, asked(table, y))
    show("planted", found)


def series() -> None:
    """Print the same for series in time: the future is a leak, the past is none."""
    found: dict[str, list[int]] = {}
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        y = np.cumsum(rng.normal(size=900)) + 8 * np.sin(np.arange(900) / 7) + rng.normal(size=900)
        day = pl.datetime_range(pl.datetime(2020, 1, 1), pl.datetime(2022, 6, 18), "1d", eager=True)
        base: Table = {"day": day, "weather": rng.normal(size=900), "weekday": day.dt.weekday()}
        means = np.convolve(y, np.ones(7) / 7, mode="valid")
        future: dict[str, Table] = {
            "next value": {"ahead": [*y[1:], None]},
            "a week ahead": {"ahead": [*y[7:], *[None] * 7]},
            "running total": {"total": np.cumsum(y)},
            "mean that reaches into the row": {"mean": [*[None] * 6, *means]},
        }
        past: dict[str, Table] = {
            "lag 1": {"lag": [None, *y[:-1]]},
            "lag 7": {"lag": [*[None] * 7, *y[:-7]]},
            "mean of the week before": {"mean": [*[None] * 7, *means[:-1]]},
        }
        for name, plant in future.items():
            count(found, f"series: {name}", plant, asked(base | plant, y, time="day"))
        for name, plant in past.items():
            count(found, f"series, honest: {name}", {}, asked(base | plant, y, time="day"))
    show("series", found)


def count(found: dict[str, list[int]], name: str, plant: Table, audited: Audit) -> None:
    tally = found.setdefault(name, [0, 0, 0, 0])
    hit = set(audited.accused)
    tally[0] += len(plant)
    tally[1] += len(hit & set(plant))
    tally[2] += len(hit - set(plant))
    tally[3] += 1


def show(heading: str, found: dict[str, list[int]]) -> None:
    print(
        f"\n| {heading} | tables | columns | found | accused falsely |\n| --- | ---: | ---: | ---: | ---: |"
    )
    for name, (planted, hits, wrong, tables) in found.items():
        print(f"| {name} | {tables} | {planted} | {hits} | {wrong} |")
    total = np.sum(list(found.values()), axis=0)
    recall = total[1] / max(total[0], 1)
    wrong = f"{total[2]} ({total[2] / total[3]:.3f} a table)"
    print(f"| **all** | {total[3]} | {total[0]} | {total[1]} ({recall:.1%}) | {wrong} |")


def bundled() -> None:
    """Print what is found in the tables that come with scikit-learn; there is no leak."""
    from sklearn import datasets

    for name in ("iris", "wine", "breast_cancer", "diabetes", "digits"):
        X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
        strongest = max(
            (each.strength for each in asked({f"c{at}": X[:, at] for at in range(X.shape[1])}, y).findings),
            default=0.0,
        )
        print(f"scikit-learn's {name}: strongest finding {strongest:.2f}")


def catalogue(folder: Path) -> None:
    """Print a table: set, true leaks, found, missed, false accusations."""
    print("\n| set | leaks | found | missed | accused falsely | seconds |")
    print("| --- | ---: | ---: | --- | --- | ---: |")
    total = np.zeros(4, dtype=int)
    for name, about in tomllib.loads((folder / "catalog.toml").read_text()).items():
        frame = pl.read_parquet(folder / about["file"])
        roles = {role: about[role] for role in ("time", "group") if about.get(role)}
        began = time.perf_counter()
        hit = audit(frame, about["target"], {"columns": roles}).accused
        seconds = time.perf_counter() - began
        listed = set(about["not_features"])
        leaks = (listed - HARMLESS.get(name, set())) | NOTED.get(name, set())
        missed, wrong = sorted(leaks - set(hit)), sorted(set(hit) - leaks - listed)
        total += [len(leaks), len(leaks & set(hit)), len(wrong), 1]
        cells = (
            name,
            len(leaks),
            len(leaks & set(hit)),
            ", ".join(missed),
            ", ".join(wrong),
            f"{seconds:.1f}",
        )
        print("| " + " | ".join(map(str, cells)) + " |")
    share = total[1] / max(total[0], 1)
    print(f"| **all {total[3]}** | {total[0]} | {total[1]} ({share:.0%}) | | {total[2]} | |")


def speed() -> None:
    """Time 100,000 rows of 50 columns."""
    rng = np.random.default_rng(0)
    table: Table = {f"n{at}": rng.normal(size=100_000) for at in range(30)}
    table |= {f"c{at}": [f"v{each}" for each in rng.integers(0, 40, 100_000)] for at in range(20)}
    y = np.where(rng.normal(size=100_000) + table["n0"] > 0, "yes", "no")
    frame = pl.DataFrame(table).with_columns(target=pl.Series(y))
    began = time.perf_counter()
    audit(frame, "target", {})
    print(f"\n100,000 rows of 50 columns: {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    worlds()
    series()
    bundled()
    speed()
    if len(sys.argv) > 1:
        catalogue(Path(sys.argv[1]))
