"""Coverage of sets and intervals, of the intervals around figures of calibration, and the time to explain.

    PYTHONPATH=src python benchmarks/reliance.py [PACKAGE ROWS ...]

Worlds are made up, so that the truth is known; a package is a folder that a build wrote, with rows.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from modelwright.evaluation import share_of
from modelwright.evaluation.calibration import calibrate_against
from modelwright.problem import Task
from modelwright.uncertainty import fit_intervals, fit_sets

WORLDS = 400
Rng = np.random.Generator


def lopsided(rng: Rng, rows: int) -> tuple[np.ndarray, np.ndarray]:
    prediction = rng.uniform(0, 10, rows)
    return prediction + (0.2 + prediction / 5) * (rng.standard_gamma(2.0, rows) - 2.0), prediction


def two_labels(rng: Rng, rows: int, share: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    y = (rng.random(rows) < share).astype(np.int64)
    log_odds = 1.5 * (1.5 * y + rng.normal(size=rows) - 0.75) + np.log(share / (1 - share))
    positive = 1 / (1 + np.exp(-log_odds))
    return y, np.column_stack([1 - positive, positive])


def five_labels(rng: Rng, rows: int) -> tuple[np.ndarray, np.ndarray]:
    probabilities = rng.dirichlet(np.full(5, 0.5), rows)
    y = np.minimum((rng.random((rows, 1)) > probabilities.cumsum(axis=1)).sum(axis=1), 4)
    return y, probabilities


def coverage() -> None:
    print("world, rows, level: covered (of the rarer label), mean size")
    for rows in (200, 500, 2000):
        for level in (0.8, 0.9, 0.95):
            for name, world in (
                ("values", lopsided),
                ("two labels", two_labels),
                ("five labels", five_labels),
            ):
                covered, rare, size = [], [], []
                for seed in range(WORLDS):
                    y, prediction = world(np.random.default_rng(seed), rows + 500)
                    if name == "values":
                        fitted = fit_intervals(y[:rows], prediction[:rows], "")
                        low, high = fitted.intervals(prediction[rows:], level)
                        hits, sizes = (low <= y[rows:]) & (y[rows:] <= high), high - low
                    else:
                        chosen = fit_sets(y[:rows], prediction[:rows], "").sets(prediction[rows:], level)
                        hits, sizes = chosen[np.arange(500), y[rows:]], chosen.sum(axis=1)
                        rare.append(hits[y[rows:] == 1].mean())
                    covered.append(hits.mean())
                    size.append(sizes.mean())
                rarer = f" ({np.mean(rare):.3f})" if rare else ""
                print(f"{name}, {rows}, {level}: {np.mean(covered):.3f}{rarer}, {np.mean(size):.2f}")


def calibration() -> None:
    print("typical calibration error: rows, slope: held, mean estimate, truth")
    for rows in (200, 1000, 5000):
        for slope in (1.0, 0.9, 0.7, 0.5):
            held, values, truths = 0, [], []
            for seed in range(WORLDS):
                rng = np.random.default_rng(seed)
                score = 1.5 * np.sort(rng.normal(size=rows))
                predicted, true = (1 / (1 + np.exp(-factor * score)) for factor in (1.0, slope))
                y = (rng.random(rows) < true).astype(np.int64)
                truths.append(np.sqrt(np.mean((true - predicted).reshape(10, -1).mean(axis=1) ** 2)))
                prediction = np.column_stack([1 - predicted, predicted])
                found = calibrate_against(Task.BINARY, ("no", "yes"), y, prediction).typical_error
                held += found.low <= truths[-1] <= found.high + 1e-12
                values.append(found.value)
            print(f"{rows}, {slope}: {held / WORLDS:.3f}, {np.mean(values):.4f}, {np.mean(truths):.4f}")


def shares() -> None:
    print("share of rows, in 40 groups of 10: held, without looking at groups")
    for together in (0.0, 0.5, 1.0):
        held = [0, 0]
        groups = np.repeat(np.arange(40), 10)
        for seed in range(2000):
            rng = np.random.default_rng(seed)
            own = np.repeat(rng.beta(4, 1, 40), 10)
            hits = rng.random(400) < together * own + (1 - together) * 0.8
            for at, given in enumerate((groups, None)):
                share = share_of(hits, 0.05, given)
                held[at] += share.low <= 0.8 <= share.high
        print(f"{together}: {held[0] / 2000:.3f}, {held[1] / 2000:.3f}")


def explanations(package: Path, rows: str) -> None:
    from modelwright import data
    from modelwright.deployment import Package, PackageExplainer, Scorer

    opened = Package.open(package)
    contract = opened.contract.accepting()
    inputs = data.matrices(contract, data.conform(contract, data.read(rows)[:40]))
    scorer, explainer = Scorer(opened), PackageExplainer(opened)
    scores = scorer.score(inputs)
    began = time.perf_counter()
    explainer.explain(inputs[:1], scores)
    first = time.perf_counter() - began
    taken, plain = [], []
    for row in range(40):
        one = inputs[row : row + 1]
        began = time.perf_counter()
        answered = scorer.score(one)
        middle = time.perf_counter()
        explainer.explain(one, answered)
        plain.append(middle - began)
        taken.append(time.perf_counter() - middle)
    size, columns = len(opened.graph) / 2**20, len(contract.features)
    print(
        f"{opened.manifest.name}: {size:.1f} MiB graph, {columns} columns; "
        f"score {1000 * np.median(plain):.2f} ms, explain {1000 * np.median(taken):.1f} ms, "
        f"the first {1000 * first:.0f} ms"
    )


if __name__ == "__main__":
    if len(sys.argv) == 1:
        coverage()
        calibration()
        shares()
    for place in range(1, len(sys.argv), 2):
        explanations(Path(sys.argv[place]), sys.argv[place + 1])
