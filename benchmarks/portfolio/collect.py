"""Fit every configuration on every table, and keep what each said of the rows that it did not learn from.

    PYTHONPATH=src:. python benchmarks/portfolio/collect.py DATASETS POOL [--jobs 2]

DATASETS is a folder with a `catalog.toml`, POOL a folder for the predictions. What is there is not fitted
again, so the collection can be stopped at any time, and goes on where more configurations or tables are
added.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from benchmarks.portfolio.configurations import configurations
from benchmarks.portfolio.tables import Table, tables, work_on

from modelwright.algorithms import Candidate
from modelwright.training import Deadline
from modelwright.training.allowance import Allowance
from modelwright.training.checkpoint import fit_key
from modelwright.training.fitting import fit_on_fold
from modelwright.training.pace import Pace
from modelwright.training.search import Race

SMALL = 2_000
FOLDS = 4
LONGEST = 8.0  # seconds of a fit on one thread


def collect(table: Table, pool: Path) -> str:
    """Fit what is missing of one table."""
    folder = pool / table.name
    folder.mkdir(parents=True, exist_ok=True)
    work = work_on(table, FOLDS)
    judged = work.folds if table.frame.height <= SMALL else work.folds[:1]
    rows = np.concatenate([valid for _, valid in judged])
    np.savez(folder / "target.npz", y=work.y[rows], task=str(work.task))
    race = Race(work, Pace(1, 1, len(judged), LONGEST), Allowance(Deadline(1e6)))
    for candidate in configurations():
        _fit(race, candidate, len(judged), folder)
    return f"{table.name}: {table.frame.height} rows x {work.frame.width} columns"


def _fit(race: Race, candidate: Candidate, folds: int, folder: Path) -> None:
    path = folder / f"{fit_key(candidate, 0)}.npz"
    if path.exists():
        return
    start = time.perf_counter()
    fits = [
        fit_on_fold(race.task_for(candidate, fold), race.rows_for(candidate, fold)) for fold in range(folds)
    ]
    seconds = (time.perf_counter() - start) / folds
    predictions = np.concatenate([fit.out_of_fold for fit in fits]).astype(np.float32)
    about = {
        "algorithm": candidate.algorithm,
        "parameters": candidate.parameters,
        "style": candidate.style,
        "seconds": seconds,
    }
    np.savez(path, predictions=predictions, about=json.dumps(about))


def main() -> None:
    warnings.filterwarnings("ignore")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("datasets", type=Path)
    parser.add_argument("pool", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with ProcessPoolExecutor(options.jobs, get_context("spawn")) as pool:  # Polars does not survive a fork
        for line in pool.map(collect, tables(options.datasets), [options.pool] * 1_000):
            print(line, flush=True)


if __name__ == "__main__":
    main()
