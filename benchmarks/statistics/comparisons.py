"""How often comparisons and the gate are wrong where nothing differs, and how often they see what does.

PYTHONPATH=src:. python benchmarks/statistics/comparisons.py
"""

from __future__ import annotations

import sys

import numpy as np
import polars as pl
from scipy.special import ndtr, ndtri
from tests.evaluation.worlds import sigmoid, two_columns

from modelwright.evaluation import Rivals, compare, compare_across, compare_folds, contrast
from modelwright.problem import METRICS, Task

REPEATS = 500
SIZES = (500, 1000, 2000, 5000)
SIGNAL, SHARED, OWN = 1.5, 0.7, 0.7


def rivals(rng, rows, lead=0.0, share=0.35):
    """Two predictions that differ; the first has a ROC-AUC that is higher by `lead`."""
    y = (rng.random(rows) < share).astype(np.int64)
    common = SIGNAL * (y - 0.5) + SHARED * rng.normal(size=rows)
    area = ndtr(SIGNAL / np.sqrt(2 * (SHARED**2 + OWN**2))) + lead
    own = np.sqrt((SIGNAL / ndtri(area)) ** 2 / 2 - SHARED**2)
    return y, *(two_columns(sigmoid(common + each * rng.normal(size=rows))) for each in (own, OWN))


def equal_values(rng, rows):
    y = rng.normal(size=rows)
    return y, *((y + rng.standard_t(6, size=rows))[:, None] for _ in range(2))


def false_differences() -> None:
    print("| metric, equal models | 150 rows | 1,000 rows |\n| --- | --- | --- |")
    worlds = dict.fromkeys(("roc_auc", "average_precision", "log_loss", "brier", "f1", "mcc"), rivals)
    worlds |= dict.fromkeys(("rmse", "mae", "r2"), equal_values)
    for name, world in worlds.items():
        shares = []
        for rows in (150, 1000):
            called = 0
            for repeat in range(REPEATS // 2):
                y, a, b = world(np.random.default_rng(repeat), rows)
                called += compare(METRICS[name], y, a, b, looks=0, resamples=400, seed=repeat).p_value < 0.05
            shares.append(percent(called / (REPEATS // 2)))
        print(f"| `{name}` | {shares[0]} | {shares[1]} |", flush=True)


def families() -> None:
    print("\n| family, nothing differs | any called different at 5 % |\n| --- | --- |")
    any_metric = any_plain = 0
    for repeat in range(REPEATS // 4):
        rng = np.random.default_rng(repeat)
        y, a, b = rivals(rng, 400)
        found = contrast(
            [METRICS[name] for name in ("roc_auc", "log_loss", "brier", "f1", "mcc", "accuracy")],
            Rivals(y, {"a": a, "b": b}),
            [("a", "b")],
            task=Task.BINARY,
            protected=pl.DataFrame({"g": rng.choice(["p", "q", "r"], 400)}),
            looks=0,
            resamples=400,
            seed=repeat,
        )
        any_metric += min(each.adjusted_p for each in found) < 0.05
        any_plain += min(each.comparison.p_value for each in found) < 0.05
    print(f"| 6 metrics and 3 groups, Holm | {percent(any_metric / (REPEATS // 4))} |")
    print(f"| the same without correction | {percent(any_plain / (REPEATS // 4))} |", flush=True)
    rng = np.random.default_rng(0)
    root = np.linalg.cholesky(np.full((5, 5), 0.2) + 0.8 * np.eye(5))
    draws = [root @ rng.normal(size=5) for _ in range(20_000)]
    sure = np.mean([compare_folds(each, equivalence=0.0).better > 0.95 for each in draws])
    naive = np.mean([each.mean() / (each.std(ddof=1) / 5**0.5) > 2.132 for each in draws])
    print(f"| 5 folds, correlation 0.2: probability of better above 95 % | {percent(sure)} |")
    print(f"| 5 folds: t-test that takes them for independent | {percent(naive)} |", flush=True)
    for systems in (3, 6):
        holm, nemenyi, friedman = 0, 0, 0
        for repeat in range(REPEATS // 2):
            scores = np.random.default_rng(repeat).normal(size=(15, systems))
            table = pl.DataFrame(
                [
                    {"system": f"s{j}", "data_set": f"d{i}", "score": float(scores[i, j])}
                    for i in range(15)
                    for j in range(systems)
                ]
            )
            found = compare_across(table)
            holm += any(pair.adjusted_p < 0.05 for pair in found.pairs)
            nemenyi += len(found.nemenyi_cliques) > 1
            friedman += found.iman_davenport_p < 0.05
        shares = [percent(each / (REPEATS // 2)) for each in (holm, nemenyi, friedman)]
        print(f"| {systems} systems on 15 data sets: Wilcoxon with Holm | {shares[0]} |")
        print(f"| {systems} systems: Nemenyi's critical difference | {shares[1]} |")
        print(f"| {systems} systems: Iman and Davenport | {shares[2]} |", flush=True)


def the_gate() -> None:
    print("\n| true lead in ROC-AUC | 500 rows | 1,000 rows | 2,000 rows | 5,000 rows |")
    print("| --- | --- | --- | --- | --- |")
    for lead in (0.0, 0.005, 0.01, 0.02, 0.03, 0.05):
        shares = [percent(promoted(lead, rows)) for rows in SIZES]
        print(f"| {lead:g} | {' | '.join(shares)} |", flush=True)
    print("\n| not worse by more than 0.01; true lead | 500 rows | 1,000 rows | 2,000 rows | 5,000 rows |")
    print("| --- | --- | --- | --- | --- |")
    for lead in (-0.02, -0.01, -0.005, 0.0, 0.01):
        shares = [percent(promoted(lead, rows, margin=0.01)) for rows in SIZES]
        print(f"| {lead:g} | {' | '.join(shares)} |", flush=True)


def promoted(lead: float, rows: int, margin: float = 0.0) -> float:
    """Return how often MW-R002 lets the first through, at the first look at the vault."""
    low = [
        compare(METRICS["roc_auc"], *rivals(np.random.default_rng(repeat), rows, lead), looks=1).low
        for repeat in range(REPEATS)
    ]
    return float(np.mean(np.array(low) > -margin))


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


if __name__ == "__main__":
    parts = {"gate": the_gate, "differences": false_differences, "families": families}
    for name in sys.argv[1:] or parts:
        parts[name]()
