"""Columns that the target was computed from: parts that add up to it, factors of it, flags that make it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from modelwright.data.leaks.fitting import Fit, Matrix, near_exact
from modelwright.data.leaks.measures import agreement, auc
from modelwright.data.leaks.result import Leak
from modelwright.data.leaks.table import SEED, Feature, Table

MOST_ROWS = 8000
FEWEST_ROWS = 60
MOST_COLUMNS = 150
MOST_COMPARED = 40
ROWS_COMPARED = 3000
POSITIVE_SHARE = 0.5
FEWEST_FLAGGED = 3
FLAG_PURE = 0.9
FLAGS_COVER = 0.9
ALL_MISTAKES = 0.99
ALL_IN_ORDER = 0.9995

ADVICE = (
    "The target was computed from them. Leave them out (columns.ignore in modelwright.toml), or predict the "
    "parts themselves."
)


def sums_and_products(table: Table) -> Iterator[Leak]:
    """MW-L002: columns add up to the target, or multiply to it.

    **How**: columns are picked one by one, each the one that explains most of what is left (orthogonal
    matching pursuit, at most eight). Found where whole-number weights, or any weights, give the target all
    but exactly on rows that were not used to find them, or leave only a few fixed amounts (fees); and where
    no column can be spared. Differences of times are columns too; products are sums of logarithms.

    **Why**: the parts are known when the total is.

    **What to do**: leave the parts out.
    """
    if not table.is_regression or len(table.y) < FEWEST_ROWS:
        return
    matrix = _matrix(table)
    rows = np.random.default_rng(SEED).permutation(len(table.y))[:MOST_ROWS]
    y = table.y[rows].astype(np.float64)
    found = near_exact(matrix.at(rows), y)
    words = "add up to"
    if found is None:
        found, words = _product(matrix.at(rows), y), "multiply to"
    if found is not None:
        columns = tuple(dict.fromkeys(name for label in found.labels for name in matrix.columns[label]))
        yield Leak("MW-L002", columns, found.strength, "parts", _words(found, words), ADVICE, found.figures())


def _words(found: Fit, verb: str) -> str:
    weights = ", ".join(
        f"{weight:+.4g} * '{label}'" for label, weight in zip(found.labels, found.weights, strict=True)
    )
    if verb == "multiply to":
        weights = weights.replace("*", "* log of")
    many = "they" if len(found.labels) > 1 else "it"
    left = f"{1 - found.share:.2g} of its variance is left on rows not used to find this"
    fees = f"; what is left are a few fixed amounts in {found.fixed:.0%} of the rows" if found.fixed else ""
    return f"{many} {verb} the target ({weights}): {left}{fees}"


def _matrix(table: Table) -> Matrix:
    labels: dict[str, tuple[str, ...]] = {}
    values = []
    for name, feature in list(table.tested.items())[:MOST_COLUMNS]:
        if feature.kind == "number" and feature.numbers is not None and name not in table.copies:
            labels[name] = (name,)
            values.append(np.nan_to_num(feature.numbers, nan=0.0))
    for (early, start), (late, end) in combinations(table.times.items(), 2):
        gap = np.nan_to_num(end - start, nan=0.0)
        label = f"{late} - {early}"
        later = gap.mean() > 0
        labels[label] = tuple(name for name in ((late,) if later else (early,)) if name in table.features)
        if labels[label]:
            values.append(gap)
        else:
            del labels[label]
    stacked = np.column_stack(values) if values else np.empty((len(table.y), 0))
    return Matrix(tuple(labels), stacked, labels)


def _product(matrix: Matrix, y: np.ndarray) -> Fit | None:
    """Look for factors: sums of logarithms, also of one minus a share."""
    if (y > 0).mean() < POSITIVE_SHARE or len(matrix.labels) < 2:
        return None
    labels: list[str] = []
    logs = []
    columns: dict[str, tuple[str, ...]] = {}
    usable = y > 0
    for place, label in enumerate(matrix.labels):
        values = matrix.values[:, place]
        if (values[usable] > 0).mean() > 0.95:
            labels.append(label)
            logs.append(np.log(np.where(values > 0, values, 1.0)))
            usable = usable & (values > 0)
        elif values.min() >= 0 and values.max() < 1:
            labels.append(label)
            logs.append(np.log1p(-values))
    if len(labels) < 2 or usable.sum() < FEWEST_ROWS:
        return None
    columns = {label: matrix.columns[label] for label in labels}
    found = near_exact(
        Matrix(tuple(labels), np.column_stack(logs)[usable], columns), np.log(y[usable]), exact_only=True
    )
    return found if found is not None and len(found.labels) > 1 else None


def flags_and_comparisons(table: Table) -> Iterator[Leak]:
    """MW-L003: flags of which any makes the label, or two columns whose comparison is the label.

    **How**: flags each pure for one label (90 % of their rows) that together cover 90 % of it; or two
    columns whose difference or ratio puts the labels in order (ROC-AUC 0.9995), or whose comparison avoids
    99 % of the mistakes, where neither does by itself.

    **Why**: a part of the answer is known when the answer is.

    **What to do**: leave them out.
    """
    if table.n_classes == 2:
        for code in (1, 0):
            yield from _flags(table, code)
    if 2 <= table.n_classes <= 3 and len(table.y) >= FEWEST_ROWS:
        yield from _comparisons(table)


def _flags(table: Table, code: int) -> Iterator[Leak]:
    outcome = table.y == code
    if outcome.mean() > 0.5:
        return
    pure = []
    for name, feature in table.tested.items():
        if feature.nothing is None or feature.distinct > 2:
            continue
        marked = ~feature.nothing
        if marked.sum() >= FEWEST_FLAGGED and outcome[marked].mean() >= FLAG_PURE:
            pure.append((name, marked))
    if len(pure) < 2:
        return
    union = np.logical_or.reduce([marked for _, marked in pure])
    covered, right = float(union[outcome].mean()), float(outcome[union].mean())
    if covered >= FLAGS_COVER and right >= FLAG_PURE and union.sum() >= 30:
        words = (
            f"one of these flags is set in {covered:.1%} of the rows with the label, and {right:.1%} of "
            "such rows have it"
        )
        figures = {"covered": covered, "right": right}
        yield Leak(
            "MW-L003", tuple(name for name, _ in pure), 0.95, "any of the flags", words, ADVICE, figures
        )


def _comparisons(table: Table) -> Iterator[Leak]:
    numbers = {
        name: each
        for name, each in table.tested.items()
        if each.kind in {"number", "time"} and each.distinct >= 10 and name not in table.accused
    }
    if len(numbers) < 2:
        return
    rows = np.random.default_rng(SEED).permutation(len(table.y))[:ROWS_COMPARED]
    chosen = sorted(numbers, key=lambda name: -table.explained[name])[:MOST_COMPARED]
    y, half = table.y[rows], table.half[rows]
    if len(np.unique(y)) < 2 or np.bincount(y)[np.unique(y)].min() < 15:
        return
    for one, other in combinations(sorted(chosen, key=lambda name: numbers[name].place), 2):
        a, b = _known(numbers[one], rows), _known(numbers[other], rows)
        said = _compared(a, b, y, half)
        if said:
            yield Leak("MW-L003", (one, other), 0.9, "comparison", said, ADVICE)
            return


def _known(feature: Feature, rows: np.ndarray) -> np.ndarray:
    assert feature.numbers is not None  # noqa: S101 - chosen so
    return np.asarray(np.nan_to_num(feature.numbers[rows], nan=0.0))


def _compared(a: np.ndarray, b: np.ndarray, y: np.ndarray, half: np.ndarray) -> str:
    if agreement(np.sign(a - b).astype(np.int64) + 1, y, half) >= ALL_MISTAKES:
        return "which of the two is larger says the target"
    if y.max() == 1:
        safe = np.where(b == 0, np.nan, b)
        for name, score in (("difference", a - b), ("ratio", np.nan_to_num(a / safe, nan=0.0))):
            area = auc(score, y == 1)
            if max(area, 1 - area) >= ALL_IN_ORDER:
                return f"their {name} puts the labels in order (ROC-AUC {max(area, 1 - area):.4f})"
    return ""
