"""The neural net on one fold: alone, and what an ensemble of boosters gains from it.

    python benchmarks/neural_net.py [--seconds 15] [--ordered] [--without COLUMN …] -- TABLE:TARGET:TASK …

A quarter of each table (Parquet) is held out, at random or, with ``--ordered``, the last rows. LightGBM,
XGBoost and CatBoost (the plan's first configuration of each for 60 s on two cores, early stopping, no time
limit) and the net (with a time limit) learn on the first fold's training rows, each on one thread. The greedy
ensembles are chosen on that fold's validation rows and judged on the rows held out.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import polars as pl

from modelwright import data, training
from modelwright.algorithms import Candidate, FitJob, algorithm_named, plan
from modelwright.data import Contract
from modelwright.problem import Brief, Task, default_metric
from modelwright.training.ensemble import select

BOOSTERS = ("lightgbm", "xgboost", "catboost")


def work_of(table: pl.DataFrame, target: str, task: Task, ordered: bool) -> tuple[training.Work, np.ndarray]:
    """Return what is to be learnt, with the rows held out as its proof, and their target."""
    table = table.filter(pl.col(target).is_not_null())
    if task is not Task.REGRESSION:
        table = table.with_columns(pl.col(target).cast(pl.String))
    order = np.arange(len(table)) if ordered else np.random.default_rng(0).permutation(len(table))
    cut = len(table) * 3 // 4
    rows, held = table[order[:cut]], table[order[cut:]]
    classes = [] if task is Task.REGRESSION else sorted(rows[target].unique())
    metric = default_metric(task)
    positive = {"positive": classes[1]} if task is Task.BINARY else {}
    problem = {"name": "net", "target": target, "task": str(task), "metric": metric.name, **positive}
    contract = Contract.infer(rows, Brief.from_dict({"problem": problem})).accepting()
    held = held.filter(pl.col(target).is_in(classes)) if classes else held
    y, y_held = (data.encode_target(contract, each[target]) for each in (rows, held))
    folds = data.folds(
        rows, contract, data.propose_split(rows, contract), y, 0, training.fold_count(len(rows))
    )
    work = training.Work(
        frame=data.conform(contract, rows),
        y=y,
        contract=contract,
        task=task,
        n_outputs=max(len(classes), 1),
        metric=metric,
        folds=folds,
        proof=data.conform(contract, held),
    )
    return work, y_held


def predictions(work: training.Work, candidate: Candidate, seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """Fit on the first fold; predict its validation rows and the rows held out."""
    algorithm = algorithm_named(candidate.algorithm)
    fold = work.fold_data(algorithm.style, 0)
    train, valid = work.folds[0]
    end = time.monotonic() + seconds
    learner = algorithm.fit(
        FitJob(
            X=fold.X,
            y=work.y[train],
            X_valid=fold.X_valid,
            y_valid=work.y[valid],
            task=work.task,
            n_classes=work.n_outputs,
            metric=work.metric,
            parameters=candidate.parameters,
            deadline=lambda: end - time.monotonic(),
            threads=1,
            seed=0,
        )
    )
    return learner.predict(fold.X_valid), learner.predict(fold.X_proof)


def compare(work: training.Work, y_held: np.ndarray, seconds: float) -> list[float]:
    """Score LightGBM, the net, the boosters' ensemble and the ensemble with the net; and the net's weight."""
    rows, columns = len(work.y), work.frame.width
    made = plan(work.task, rows, columns, 60, 2, work.n_outputs).candidates
    first = {candidate.algorithm: candidate for candidate in reversed(made)}
    own = algorithm_named("neural_net").configurations(work.task, rows, columns)[0]
    found = [predictions(work, first[name], 600) for name in BOOSTERS]
    found.append(predictions(work, Candidate("neural_net", own), seconds))
    y_valid = work.y[work.folds[0][1]]
    alone = [work.metric(y_held, held) for _, held in found]
    joined = []
    for members in (found[:-1], found):
        weights = select(work.metric, y_valid, [valid for valid, _ in members])
        average = sum(weight * held for weight, (_, held) in zip(weights, members, strict=True))
        joined.append(work.metric(y_held, average))
    return [alone[0], alone[-1], *joined, float(weights[-1])]


def main() -> None:
    """Print a row of a table for each data set."""
    parser = argparse.ArgumentParser()
    parser.add_argument("tables", nargs="+")
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--ordered", action="store_true")
    parser.add_argument("--without", nargs="*", default=[])
    given = parser.parse_args()
    print("| table | rows of the fold | LightGBM | net | boosters together | and the net | its weight |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for each in given.tables:
        path, target, task = each.rsplit(":", 2)
        work, y_held = work_of(pl.read_parquet(path).drop(given.without), target, Task(task), given.ordered)
        figures = compare(work, y_held, given.seconds)
        digits = 1 if work.task is Task.REGRESSION else 4
        said = [f"{figure:.{digits}f}" for figure in figures[:4]]
        print(
            f"| {Path(path).stem} | {len(work.folds[0][0])} |",
            " | ".join(said),
            f"| {figures[4]:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
