"""What features made from several columns are worth to boosted trees, and what they cost.

    PYTHONPATH=src python benchmarks/enriched.py FOLDER [NAME ...]
    PYTHONPATH=src python benchmarks/enriched.py made-up [NAME ...]

FOLDER has Parquet files and a ``catalog.toml`` with a table for each: file, task, target, and where there are
any time, group, positive, ordered and not_features. The other form makes tables up whose interactions are
known.

LightGBM with fixed parameters (learning rate 0.05, 31 leaves, 60 % of the features for each tree, early
stopping) learns from features of style ``tree`` and of style ``enriched``, on the same folds: four at random,
by whole groups, or four forward in time. Printed: 1 - ROC-AUC, log-loss or RMSE of the held rows, how much
smaller it is, on how many folds it is smaller, and seconds of one core a fold for features and for the fit.
"""

from __future__ import annotations

import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl

from modelwright.algorithms import FitJob, algorithm_named
from modelwright.data import Contract, conform, encode_target
from modelwright.features import Representation
from modelwright.problem import Brief, Problem, Task, metric_named

ROWS = 12_000
FOLDS = 4
METRICS = {Task.BINARY: "roc_auc", Task.MULTICLASS: "log_loss", Task.REGRESSION: "rmse"}
PARAMETERS = {"learning_rate": 0.05, "feature_fraction": 0.6, "bagging_fraction": 0.8, "rounds": 1500}

Table = tuple[pl.DataFrame, dict]
Fold = tuple[np.ndarray, np.ndarray]


def catalogued(folder: Path) -> Iterator[tuple[str, Callable[[], Table]]]:
    catalog = tomllib.loads((folder / "catalog.toml").read_text())
    for name, entry in catalog.items():
        if entry["task"] in {"binary", "multiclass", "regression"}:
            yield name, lambda entry=entry: (_read(folder, entry), entry)


def _read(folder: Path, entry: dict) -> pl.DataFrame:
    """Return the rows that have a target, in time's order, without columns that identify or leak."""
    frame, target = pl.read_parquet(folder / entry["file"]), entry["target"]
    frame = frame.filter(pl.col(target).is_not_null())
    if entry["task"] != "regression":
        frame = frame.with_columns(pl.col(target).cast(pl.String))
        frame = frame.filter(pl.len().over(target) >= 20)
    if entry.get("time"):
        frame = frame.sort(entry["time"], maintain_order=True)
    if frame.height > ROWS:
        chosen = np.sort(np.random.default_rng(0).permutation(frame.height)[:ROWS])
        frame = frame[chosen]
    return frame.drop([name for name in entry.get("not_features", []) if name != target], strict=False)


def made_up() -> Iterator[tuple[str, Callable[[], Table]]]:
    def table(task: str, make: Callable[[np.random.Generator, int], tuple[dict, np.ndarray]]) -> Table:
        rng = np.random.default_rng(7)
        columns, signal = make(rng, 8000)
        signal = signal + 0.3 * signal.std() * rng.normal(size=len(signal))
        target = signal if task == "regression" else np.where(signal > np.median(signal), "yes", "no")
        return pl.DataFrame({**columns, "y": target}), {"task": task, "target": "y", "positive": "yes"}

    def numbers(rng: np.random.Generator, rows: int) -> dict:
        return {f"x{at}": rng.lognormal(size=rows) for at in range(8)}

    def codes(rng: np.random.Generator, rows: int, levels: int) -> np.ndarray:
        return rng.zipf(1.3, rows).clip(max=levels).astype(np.int64)

    def ratio(rng: np.random.Generator, rows: int) -> tuple[dict, np.ndarray]:
        x = numbers(rng, rows)
        return x, np.abs(np.log(x["x0"] / x["x1"])) + 0.3 * np.log(x["x2"])

    def difference(rng: np.random.Generator, rows: int) -> tuple[dict, np.ndarray]:
        x = {f"x{at}": rng.uniform(0, 10, rows) for at in range(8)}
        return x, np.sin(2 * (x["x0"] - x["x1"])) + 0.1 * x["x2"]

    def cross(rng: np.random.Generator, rows: int) -> tuple[dict, np.ndarray]:
        a, b = codes(rng, rows, 30), codes(rng, rows, 30)
        x = numbers(rng, rows)
        return {"a": [f"a{at}" for at in a], "b": [f"b{at}" for at in b], **x}, rng.normal(size=(31, 31))[
            a, b
        ]

    def group(rng: np.random.Generator, rows: int) -> tuple[dict, np.ndarray]:
        a = codes(rng, rows, 200)
        income = rng.lognormal(size=201)[a] * 10 + rng.normal(size=rows)
        means = np.bincount(a, income, minlength=201) / np.maximum(np.bincount(a, minlength=201), 1)
        x = numbers(rng, rows)
        return {"region": [f"r{at}" for at in a], "income": income, **x}, income - means[a]

    def additive(rng: np.random.Generator, rows: int) -> tuple[dict, np.ndarray]:
        x = numbers(rng, rows)
        return x, np.log(x["x0"]) + np.sqrt(x["x1"]) - (x["x2"] > 1)

    for task, make in (
        ("regression", ratio),
        ("binary", difference),
        ("regression", cross),
        ("binary", group),
        ("regression", additive),
    ):
        yield make.__name__, lambda task=task, make=make: table(task, make)


def folds_of(frame: pl.DataFrame, entry: dict) -> list[Fold]:
    rows = frame.height
    if entry.get("time") or entry.get("ordered"):
        cuts = np.linspace(0.5, 1.0, FOLDS + 1) * rows
        return [(np.arange(int(low)), np.arange(int(low), int(high))) for low, high in pairwise(cuts)]
    rng = np.random.default_rng(0)
    if entry.get("group") in frame.columns:
        codes = frame[entry["group"]].rank("dense").to_numpy() - 1
        part = rng.permutation(codes.max() + 1)[codes] % FOLDS
    else:
        part = rng.permutation(rows) % FOLDS
    return [(np.flatnonzero(part != fold), np.flatnonzero(part == fold)) for fold in range(FOLDS)]


def contract_of(frame: pl.DataFrame, entry: dict) -> Contract:
    task = Task(entry["task"])
    labels = {str(label) for label in frame[entry["target"]].unique()} if task is Task.BINARY else set()
    positive = str(entry.get("positive"))
    more = {"positive": positive if positive in labels else max(labels)} if task is Task.BINARY else {}
    problem = Problem(name="enriched", target=entry["target"], task=task, metric=METRICS[task], **more)
    return Contract.infer(frame, Brief(problem=problem))


def measured(
    conformed: pl.DataFrame, y: np.ndarray, contract: Contract, task: Task, fold: Fold, style: str, seed: int
) -> tuple[float, float, float, int]:
    """Return loss, seconds for features, seconds for the fit, and how many features there are."""
    train, held = fold
    began = time.process_time()
    made, X = Representation.fit_transform(conformed[train], y[train], contract, task, style, seed=seed)
    features = time.process_time() - began
    outputs, metric = max(len(contract.classes), 1), metric_named(METRICS[task], task)
    X_held = made.transform(conformed[held])
    parameters = dict(PARAMETERS) if outputs < 10 else {**PARAMETERS, "learning_rate": 0.1, "num_leaves": 15}
    began = time.process_time()
    job = FitJob(
        X, y[train], X_held, y[held], task, outputs, metric, parameters, lambda: 1e9, threads=1, seed=seed
    )
    predicted = algorithm_named("lightgbm").fit(job).predict(X_held)
    fit = time.process_time() - began
    score = metric.score(y[held], predicted)
    return (1 - score if metric.name == "roc_auc" else score), features, fit, X.shape[1]


def report(name: str, frame: pl.DataFrame, entry: dict) -> None:
    task, contract = Task(entry["task"]), contract_of(frame, entry)
    conformed, y = conform(contract, frame), encode_target(contract, frame[entry["target"]])
    found = {
        style: np.array(
            [
                measured(conformed, y, contract, task, fold, style, seed)
                for seed, fold in enumerate(folds_of(frame, entry))
            ]
        )
        for style in ("tree", "enriched")
    }
    tree, enriched = (each.mean(axis=0) for each in found.values())
    better = int((found["enriched"][:, 0] < found["tree"][:, 0]).sum())
    columns = len(contract.features)
    print(
        f"| {name} | {frame.height:,} | {columns} | {tree[3]:.0f} → {enriched[3]:.0f} | {tree[0]:.4g} | "
        f"{enriched[0]:.4g} | {100 * (1 - enriched[0] / tree[0]):+.1f} % | {better} of {FOLDS} | "
        f"{tree[1]:.1f} → {enriched[1]:.1f} | {tree[2]:.1f} → {enriched[2]:.1f} |",
        flush=True,
    )


def main() -> None:
    where, *wanted = sys.argv[1:]
    print("| set | rows | columns | features | tree | enriched | smaller | folds | features, s | fit, s |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    tables = dict(made_up() if where == "made-up" else catalogued(Path(where)))
    for name in wanted or tables:
        report(name, *tables[name]())


if __name__ == "__main__":
    main()
