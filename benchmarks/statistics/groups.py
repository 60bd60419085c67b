"""How often gaps between groups are wrong, or seen; and whether a group is worse off than with the champion.

PYTHONPATH=src:. python benchmarks/statistics/groups.py [gaps] [worse_off]

Two protected columns, sex (two groups alike in size) and race (60, 30 and 10 % of the rows), and their pairs.
Scores are normal within each label; in a group that is served worse they tell the labels apart less well,
and stay as sure of themselves.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from itertools import product

import numpy as np
import polars as pl
from scipy.special import ndtr, ndtri
from tests.evaluation.worlds import brief, sigmoid, two_columns

from modelwright.deployment.release_gate import worse_group
from modelwright.evaluation import Rivals, contrast, group_gaps, metrics_of
from modelwright.problem import METRICS, Task

REPEATS = 200
SHARE, SIGNAL, LESS_SIGNAL, SHARED, OWN = 0.35, 1.5, 0.5, 0.7, 0.7
SEXES, RACES = {"f": 0.5, "m": 0.5}, {"a": 0.6, "b": 0.3, "c": 0.1}
WORSE_SERVED = {
    "nobody": ("", ""),
    "sex f": ("f", "abc"),
    "race c": ("fm", "c"),
    "sex f of race b": ("f", "b"),
}
FIGURES = (
    "selection_rate",
    "true_positive_rate",
    "false_positive_rate",
    "precision",
    "calibration",
    "roc_auc",
)


def people(rng, rows):
    return (rng.choice(list(each), rows, p=list(each.values())) for each in (SEXES, RACES))


def probability(score):
    return sigmoid(SIGNAL * score + np.log(SHARE / (1 - SHARE)))


def world(rng, rows, sexes, races):
    """Labels, probabilities and protected columns."""
    sex, race = people(rng, rows)
    worse = np.isin(sex, list(sexes)) & np.isin(race, list(races))
    y = (rng.random(rows) < SHARE).astype(np.int64)
    score = np.where(worse, LESS_SIGNAL, SIGNAL) * (y - 0.5) + rng.normal(size=rows)
    return y, two_columns(probability(score)), pl.DataFrame({"sex": sex, "race": race})


def truth(worse: float) -> dict[str, float]:
    """Every figure of a group of which a share is served worse, by integration over the score."""
    score = np.linspace(-9, 9, 20_001)
    positive, negative = (
        sum(
            share * np.exp(-((score - sign * signal / 2) ** 2) / 2)
            for share, signal in ((worse, LESS_SIGNAL), (1 - worse, SIGNAL))
        )
        for sign in (1, -1)
    )
    positive, negative = positive / positive.sum(), negative / negative.sum()
    given = probability(score) >= SHARE
    found, false = positive @ given, negative @ given
    selected = SHARE * found + (1 - SHARE) * false
    return {
        "selection_rate": selected,
        "true_positive_rate": found,
        "false_positive_rate": false,
        "precision": SHARE * found / selected,
        "calibration": SHARE - (SHARE * positive + (1 - SHARE) * negative) @ probability(score),
        "roc_auc": positive @ (np.cumsum(negative) - negative / 2),
    }


def true_gaps(column, sexes, races) -> dict[str, float]:
    groups = defaultdict(list)
    for (sex, _), (race, share) in product(SEXES.items(), RACES.items()):
        name = {"sex": sex, "race": race, "sex & race": sex + race}[column]
        groups[name].append((share, sex in sexes and race in races))
    of_group = [truth(sum(p for p, w in each if w) / sum(p for p, _ in each)) for each in groups.values()]
    spans = {figure: [each[figure] for each in of_group] for figure in FIGURES}
    return {figure: max(each) - min(each) for figure, each in spans.items()}


def measured(drawn, seed):
    """Every gap of every table, at level 95 %."""
    asked = {"looks": 0, "resamples": 300, "seed": seed, "threshold": SHARE}
    tables = group_gaps(METRICS["roc_auc"], Task.BINARY, ("no", "yes"), *drawn, **asked)
    for table in tables:
        yield table.column, "roc_auc", table.metric_gap
        yield from ((table.column, figure.name, figure.gap) for figure in table.figures)


def gaps() -> None:
    """Print each true gap, how often the limits hold it, and how often it is called beyond chance."""
    print(f"| served worse | groups | {' | '.join(f'`{each}`' for each in FIGURES)} |")
    print("| --- | --- |" + " --- |" * len(FIGURES))
    for who, (sexes, races) in WORSE_SERVED.items():
        inside, called = defaultdict(list), defaultdict(list)
        true = {column: true_gaps(column, sexes, races) for column in ("sex", "race", "sex & race")}
        for repeat in range(REPEATS):
            drawn = world(np.random.default_rng(repeat), 2000, sexes, races)
            for column, figure, gap in measured(drawn, repeat):
                if gap is not None:
                    inside[column, figure].append(gap.low <= true[column][figure] <= gap.high)
                    called[column, figure].append(gap.low > 0)
        for column in true:
            cells = [
                f"{true[column][figure]:.2f}: {np.mean(inside[column, figure]):.1%}, "
                f"{np.mean(called[column, figure]):.1%}"
                for figure in FIGURES
            ]
            print(f"| {who} | {column} | {' | '.join(cells)} |", flush=True)


def rivals(rng, rows, harm):
    """A champion, and a candidate whose ROC-AUC is the same but in one of two groups, where it is lower."""
    sex, _ = people(rng, rows)
    y = (rng.random(rows) < SHARE).astype(np.int64)
    common = SIGNAL * (y - 0.5) + SHARED * rng.normal(size=rows)
    area = ndtr(SIGNAL / np.sqrt(2 * (SHARED**2 + OWN**2)))
    noisier = np.sqrt((SIGNAL / ndtri(area - harm)) ** 2 / 2 - SHARED**2)
    own = np.where(sex == "f", noisier, OWN)
    a, b = (two_columns(sigmoid(common + each * rng.normal(size=rows))) for each in (own, OWN))
    return Rivals(y, {"candidate": a, "champion": b}), pl.DataFrame({"sex": sex})


def refused(metric, rows, harm) -> float:
    """Return how often MW-R005 refuses the candidate, at the first look at the vault."""
    asked, refusals = brief("binary", metric), 0
    for repeat in range(REPEATS):
        both, protected = rivals(np.random.default_rng(repeat), rows, harm)
        found = contrast(
            metrics_of(asked),
            both,
            [("candidate", "champion")],
            task=Task.BINARY,
            protected=protected,
            resamples=300,
            seed=repeat,
        )
        refusals += not worse_group(found, asked).held
    return refusals / REPEATS


def worse_off() -> None:
    """Print how often MW-R005 refuses: falsely where the candidate is as good in both groups."""
    print("\n| metric that decides | ROC-AUC of sex f lower by | 500 rows | 2,000 rows |")
    print("| --- | --- | --- | --- |")
    for metric, harms in (("roc_auc", (0.0, 0.05, 0.1)), ("log_loss", (0.0,))):
        for harm in harms:
            shares = " | ".join(f"{refused(metric, rows, harm):.1%}" for rows in (500, 2000))
            print(f"| `{metric}` | {harm:g} | {shares} |", flush=True)


if __name__ == "__main__":
    parts = {"gaps": gaps, "worse_off": worse_off}
    for name in sys.argv[1:] or parts:
        parts[name]()
