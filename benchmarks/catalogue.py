"""Each algorithm of the catalogue alone, and what it adds to an ensemble of the others.

    PYTHONPATH=src:. python benchmarks/catalogue.py FOLDER SET [SET ...] [--rows N] [--algorithms a,b]

The folder has a ``catalog.toml`` that says for each set its file, task, target, positive label and the
columns that leak (``not_features``). A quarter of the rows (at most 10,000) is held out; three folds of the
rest, at most N rows, are fitted, and their mean is judged: ROC-AUC, log-loss or RMSE. Printed: the score,
seconds of work for the three fits on one thread, microseconds to score one row with one fold's graph, and
how much better the greedy ensemble of the others becomes, whose weights the folds' held-out rows choose.
"""

from __future__ import annotations

import argparse
import importlib
import json
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from modelwright import data
from modelwright.algorithms import FitJob, Portable, algorithm_named
from modelwright.data import Contract
from modelwright.problem import Brief, Task, default_metric
from modelwright.training import Work
from modelwright.training.ensemble import select

ALGORITHMS = (
    "linear", "lightgbm", "lightgbm:1", "xgboost:1", "catboost", "extra_trees",
    "splines", "splines:1", "nearest_neighbours", "additive", "additive:1",
)  # fmt: skip
BASE = ("linear", "lightgbm", "lightgbm:1", "xgboost:1", "catboost", "extra_trees")
TEST_ROWS = 10_000


@dataclass
class Fitted:
    """One algorithm on the three folds."""

    held_out: np.ndarray
    test: np.ndarray
    seconds: float
    microseconds: float


def load(folder: Path, name: str, rows: int) -> tuple[Work, pl.DataFrame, np.ndarray]:
    """Return what is to be trained, and the rows and target that judge it."""
    entry = tomllib.loads((folder / "catalog.toml").read_text())[name]
    frame = pl.read_parquet(folder / entry["file"]).filter(pl.col(entry["target"]).is_not_null())
    frame = frame.drop([c for c in entry["not_features"] if c in frame.columns and c != entry["target"]])
    task, target = Task(entry["task"]), entry["target"]
    if task.is_classification:
        frame = frame.with_columns(pl.col(target).cast(pl.String))
        frame = frame.filter(pl.len().over(target) >= 20)
    order = np.random.default_rng(0).permutation(len(frame))
    held = min(len(frame) // 4, TEST_ROWS)
    test, train = frame[order[:held]], frame[order[held : held + rows]]
    metric = default_metric(task)
    problem = {"name": "benchmark", "target": target, "task": str(task), "metric": metric.name}
    if task is Task.BINARY:
        labels = sorted(train[target].unique())
        positive = str(entry.get("positive"))
        problem["positive"] = positive if positive in labels else labels[-1]
    brief = Brief.from_dict({"problem": problem})
    contract = Contract.infer(train, brief).accepting()
    y, y_test = (codes(part[target], contract) for part in (train, test))
    folds = data.folds(train, contract, data.propose_split(train, contract), y, 0, 3)
    work = Work(data.conform(contract, train), y, contract, task, len(contract.classes) or 1, metric, folds)
    return work, data.conform(contract, test), y_test


def codes(target: pl.Series, contract: Contract) -> np.ndarray:
    """Return class codes or values."""
    if not contract.classes:
        return target.cast(pl.Float64).to_numpy()
    position = {label: at for at, label in enumerate(contract.classes)}
    return np.array([position[label] for label in target], dtype=np.int64)


def fitted(work: Work, test: pl.DataFrame, named: str, cache: dict[Any, Any]) -> Fitted:
    """Fit one configuration on every fold."""
    name, _, index = named.partition(":")
    algorithm = algorithm_named(name)
    held_out = np.full((len(work.y), work.n_outputs), np.nan)
    predictions, seconds, microseconds = [], 0.0, []
    for fold, (train, valid) in enumerate(work.folds):
        made = work.fold_data(algorithm.style, fold)
        X_test = cache.setdefault(
            (algorithm.style, fold), work.representation(algorithm.style, fold).transform(test)
        )
        parameters = algorithm.configurations(work.task, len(train), made.X.shape[1])[int(index or 0)]
        start = time.process_time()
        learner = algorithm.fit(
            FitJob(
                X=made.X, y=work.y[train], X_valid=made.X_valid, y_valid=work.y[valid], task=work.task,
                n_classes=work.n_outputs, metric=work.metric, parameters=parameters,
                deadline=lambda: 1e9, threads=1, seed=fold,
            )
        )  # fmt: skip
        held_out[valid] = learner.predict(made.X_valid)
        seconds += time.process_time() - start
        portable = learner.portable()
        predictions.append(portable.predict(X_test))
        microseconds.append(one_row(portable, X_test))
    return Fitted(held_out, np.mean(predictions, axis=0), seconds, float(np.median(microseconds)))


def _has(named: str, work: Work) -> bool:
    """Whether the algorithm has that many configurations for this table."""
    name, _, index = named.partition(":")
    return int(index or 0) < len(algorithm_named(name).configurations(work.task, len(work.y) * 2 // 3, 2))


def one_row(portable: Portable, X: np.ndarray, times: int = 200) -> float:
    """Return the median microseconds of scoring one row by the graph."""
    import onnxruntime
    from spox import Tensor, argument, build

    features = argument(Tensor(np.float32, ("N", X.shape[1])))
    model = build({"features": features}, {"prediction": portable.graph(features)})
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    taken = []
    for at in range(times):
        row = X[at % len(X)][None, :]
        start = time.perf_counter()
        session.run(None, {"features": row})
        taken.append(time.perf_counter() - start)
    return float(np.median(taken) * 1e6)


def ensemble(work: Work, y_test: np.ndarray, members: list[Fitted]) -> float:
    """Return the score of the greedy ensemble on the rows held out."""
    weights = select(work.metric, work.y, [member.held_out for member in members])
    return work.metric(y_test, np.einsum("e,eno->no", weights, np.stack([m.test for m in members])))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--algorithms", default=",".join(ALGORITHMS))
    given = parser.parse_args()
    for library in ("catboost", "lightgbm", "sklearn.ensemble", "sklearn.linear_model", "xgboost"):
        importlib.import_module(library)  # so that no fit is charged for it
    for name in given.sets:
        work, test, y_test = load(given.folder, name, given.rows)
        cache: dict[Any, Any] = {}
        done: dict[str, Fitted] = {}
        for named in given.algorithms.split(","):
            if not _has(named, work):
                continue
            one = done[named] = fitted(work, test, named, cache)
            base = [done[other] for other in BASE if other in done and other != named]
            gain = None
            if base and set(BASE) <= set(done):
                sign = 1 if work.metric.greater_is_better else -1
                gain = sign * (ensemble(work, y_test, [*base, one]) - ensemble(work, y_test, base))
            row = {
                "set": name, "rows": len(work.y), "algorithm": named, "metric": work.metric.name,
                "score": round(work.metric(y_test, one.test), 5), "seconds": round(one.seconds, 2),
                "row_us": round(one.microseconds), "gain": None if gain is None else round(gain, 5),
            }  # fmt: skip
            print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
