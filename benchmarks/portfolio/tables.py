"""The tables that a portfolio is learned on: real ones in a folder, parts of them, and generated ones."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from modelwright import data, training
from modelwright.data import Contract
from modelwright.problem import Brief, Task, default_metric

SIZES = (1_500, 4_000)  # rows that a table is cut to
GENERATED = 9


@dataclass(frozen=True)
class Table:
    """A table to learn on.

    Attributes
    ----------
    name : str
    task : Task
    frame : polars.DataFrame
    target : str
    """

    name: str
    task: Task
    frame: pl.DataFrame
    target: str


def tables(folder: Path, seed: int = 0) -> Iterator[Table]:
    """Yield the tables of a folder with a `catalog.toml`, some of them in two sizes, and generated ones.

    Only three quarters of a real table's rows are used: what systems are compared on is never learned from.
    """
    catalog = tomllib.loads((folder / "catalog.toml").read_text())
    for number, (name, entry) in enumerate(catalog.items()):
        if entry["task"] in {"binary", "multiclass", "regression"}:
            whole = _real(folder, name, entry, seed)
            large = whole.frame.height > SIZES[1] // 2
            for rows in SIZES[large and number % 2 == 0 :][: 2 if large else 1]:
                yield Table(f"{name}-{rows}", whole.task, _cut(whole.frame, rows, seed), whole.target)
    for number in range(GENERATED):
        yield generated(number)


def work_on(table: Table, folds: int, seed: int = 0) -> training.Work:
    """Return a table as what is to be trained."""
    frame = table.frame
    classes = sorted(frame[table.target].cast(str).unique()) if table.task.is_classification else []
    metric = default_metric(table.task)
    problem = {"name": "portfolio", "target": table.target, "task": str(table.task), "metric": metric.name}
    if table.task is Task.BINARY:
        problem["positive"] = classes[1]
    contract = Contract.infer(frame, Brief.from_dict({"problem": problem})).accepting()
    y = data.encode_target(contract, frame[table.target])
    return training.Work(
        frame=data.conform(contract, frame),
        y=y,
        contract=contract,
        task=table.task,
        n_outputs=max(len(contract.classes), 1),
        metric=metric,
        folds=data.folds(frame, contract, data.propose_split(frame, contract), y, seed, folds),
        seed=seed,
    )


def _real(folder: Path, name: str, entry: dict, seed: int) -> Table:
    frame = pl.read_parquet(folder / entry["file"])
    target = entry["target"]
    frame = frame.filter(pl.col(target).is_not_null()).drop(
        [c for c in entry.get("not_features", []) if c != target], strict=False
    )
    task = Task(entry["task"])
    if task.is_classification:
        frame = frame.with_columns(pl.col(target).cast(str))
        counts = frame[target].value_counts()
        frame = frame.filter(pl.col(target).is_in(counts.filter(pl.col("count") >= 8)[target].to_list()))
    ordered = bool(entry.get("time") or entry.get("ordered"))
    past = frame.head(int(frame.height * 0.75))
    return Table(name, task, past if ordered else frame.sample(fraction=0.75, seed=seed), target)


def _cut(frame: pl.DataFrame, rows: int, seed: int) -> pl.DataFrame:
    return frame.sample(min(rows, frame.height), seed=seed, shuffle=True)


def generated(number: int) -> Table:
    """Make a table of numbers and categories with effects that add up, cross and jump, under noise."""
    rng = np.random.default_rng(1_000 + number)
    rows, numbers, categories = (
        int(rng.integers(600, 4_000)),
        int(rng.integers(3, 20)),
        int(rng.integers(0, 8)),
    )
    X = rng.normal(size=(rows, numbers)) ** (1 + 2 * (rng.random(numbers) < 0.3))
    levels = rng.integers(2, 30, categories)
    codes = (
        np.column_stack([rng.integers(0, size, rows) for size in levels])
        if categories
        else np.zeros((rows, 0), int)
    )
    signal = X[:, : numbers // 2] @ rng.normal(size=numbers // 2)
    for at, size in enumerate(levels):
        signal += rng.normal(size=size)[codes[:, at]] * rng.random()
    for _ in range(int(rng.integers(0, 5))):
        a, b = rng.integers(0, numbers, 2)
        signal += rng.normal() * X[:, a] * np.tanh(X[:, b]) + rng.normal() * (X[:, a] > X[:, b])
    signal = (signal - signal.mean()) / signal.std() + rng.normal(size=rows) * rng.uniform(0.1, 1.5)
    task = (Task.BINARY, Task.REGRESSION, Task.MULTICLASS)[number % 3]
    columns = {f"n{at}": X[:, at] for at in range(numbers)} | {
        f"c{at}": codes[:, at].astype(str) for at in range(categories)
    }
    bins = {Task.BINARY: [rng.uniform(0.5, 0.95)], Task.MULTICLASS: [0.3, 0.6, 0.85]}
    if task is not Task.REGRESSION:
        cuts = np.quantile(signal, bins[task])
        columns["target"] = np.searchsorted(cuts, signal).astype(str)
    else:
        columns["target"] = signal
    return Table(f"generated-{number}", task, pl.DataFrame(columns), "target")
