"""What each kind of column earns: scores with and without its features, same learners, same folds.

    PYTHONPATH=src python benchmarks/kinds.py FOLDER NAME ...

FOLDER has Parquet files and ``catalog.toml`` (for each set its file, task, target, positive, not_features).
Text and times are off where their columns are ignored, coordinates where what is made of both is left out,
many categories where the target's means are.
"""

from __future__ import annotations

import sys
import time
import tomllib
from pathlib import Path
from unittest import mock

import numpy as np
import polars as pl

from modelwright.algorithms import FitJob, algorithm_named
from modelwright.data import Contract, conform, encode_target, place_pairs, rows_to_learn_from
from modelwright.features import Representation
from modelwright.problem import Brief, Problem, Task, metric_named

FOLDS = 4
MOST_ROWS = 8_000
MANY = 8
PARAMETERS = {
    "lightgbm": {"rounds": 300, "learning_rate": 0.08, "num_leaves": 15},
    "linear": {},
}
METRICS = {Task.BINARY: "log_loss", Task.MULTICLASS: "log_loss", Task.REGRESSION: "rmse"}


def table(folder: Path, facts: dict) -> tuple[pl.DataFrame, Contract, np.ndarray, Task]:
    frame = pl.read_parquet(folder / facts["file"]).drop(facts["not_features"])
    task = Task(facts["task"] if facts["task"] != "text" else kind_of_task(frame[facts["target"]]))
    positive = facts["positive"] if task is Task.BINARY else ""
    problem = Problem(name="b", target=facts["target"], task=task, positive=positive, metric=METRICS[task])
    contract = Contract.infer(frame, Brief(problem=problem))
    rows = rows_to_learn_from(contract, frame)
    rows = np.sort(np.random.default_rng(0).permutation(rows)[:MOST_ROWS])
    frame = frame[rows]
    y = encode_target(contract, frame[facts["target"]])
    return conform(contract.accepting(), frame), contract, y, task


def kind_of_task(target: pl.Series) -> str:
    return "binary" if target.n_unique() == 2 else "multiclass"


def without(contract: Contract, kind: str) -> Contract:
    return contract.with_columns(
        each.model_copy(update={"role": "ignore"}) if each.kind == kind and each.role == "feature" else each
        for each in contract.columns
    )


def scores(frame, contract: Contract, y: np.ndarray, task: Task, name: str) -> np.ndarray:
    """Return the metric of each fold."""
    metric, algorithm = metric_named(METRICS[task], task), algorithm_named(name)
    n_classes = max(len(contract.classes), 1)
    fold_of = np.random.default_rng(1).permutation(len(y)) % FOLDS
    found = []
    for fold in range(FOLDS):
        train, test = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        if not contract.features:
            found.append(metric(y[test], constant(y[train], len(test), task, n_classes)))
            continue
        made, X = Representation.fit_transform(
            frame[train], y[train], contract, task, algorithm.style, seed=fold
        )
        last = len(train) * 4 // 5
        order = np.random.default_rng(2).permutation(len(train))
        fit, stop = order[:last], order[last:]
        job = FitJob(
            X=X[fit], y=y[train][fit], X_valid=X[stop], y_valid=y[train][stop], task=task,
            n_classes=n_classes, metric=metric, parameters=PARAMETERS[name],
            deadline=lambda: 1e9, threads=2, seed=fold,
        )  # fmt: skip
        found.append(metric(y[test], algorithm.fit(job).predict(made.transform(frame[test]))))
    return np.array(found)


def constant(y: np.ndarray, rows: int, task: Task, n_classes: int) -> np.ndarray:
    if task is Task.REGRESSION:
        return np.full((rows, 1), y.mean())
    return np.tile(np.bincount(y, minlength=n_classes) / len(y), (rows, 1))


def compare(name: str, kind: str, columns: int, on, off, algorithm: str) -> None:
    gain = 1 - on / off
    print(
        f"| {name} | {kind} ({columns}) | {algorithm} | {off.mean():.4f} | {on.mean():.4f} | "
        f"{100 * gain.mean():+.1f} % | {int((gain > 0).sum())} of {FOLDS} |",
        flush=True,
    )


def ablate(folder: Path, name: str, facts: dict) -> None:
    frame, contract, y, task = table(folder, facts)
    many = [each for each in contract.features if each.kind == "category" and len(each.categories) > MANY]
    for algorithm in PARAMETERS:
        on = scores(frame, contract, y, task, algorithm)
        for kind in ("text", "time"):
            columns = sum(each.kind == kind for each in contract.features)
            if columns:
                off = scores(frame, without(contract, kind), y, task, algorithm)
                compare(name, kind, columns, on, off, algorithm)
        if place_pairs(contract.features):
            with mock.patch("modelwright.features.share.place_pairs", return_value=()):
                off = scores(frame, contract, y, task, algorithm)
            compare(name, "coordinates", len(place_pairs(contract.features)), on, off, algorithm)
        if many:
            with mock.patch("modelwright.features.category_fit.CategoryFit._encoded_columns", []):
                off = scores(frame, contract, y, task, algorithm)
            compare(name, "many categories", len(many), on, off, algorithm)


def main(folder: Path, names: list[str]) -> None:
    catalog = tomllib.loads((folder / "catalog.toml").read_text())
    print("| set | kind (columns) | learner | without | with | better by | folds |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name in names:
        start = time.perf_counter()
        ablate(folder, name, catalog[name])
        print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
