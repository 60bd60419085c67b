"""What another model said of the target, among the features."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from modelwright.data.leaks.measures import Floats, auc
from modelwright.data.leaks.names import is_beforehand, is_score
from modelwright.data.leaks.result import Leak
from modelwright.data.leaks.table import Table

FEWEST_VALUES = 30
FEWEST_ROWS = 200
BINS = 10
CLOSE = 0.04
RANKS_WELL = 0.75
RANKS_SOME = 0.8
SPREAD = 0.15
ABOVE_THE_REST = 0.85

ADVICE = (
    "If it is a model's answer, learnt from these rows or later ones, leave it out (columns.ignore in "
    "modelwright.toml)."
)


def model_scores(table: Table) -> Iterator[Leak]:
    """MW-L012: a column seems to be what a model said of the target.

    **How**: two labels: values from 0 to 1 (or 0 to 100) with at least 30 different ones, that can be taken
    at their word as the chance of a label (mean distance over ten bins at most 4 points) and rank it well
    (ROC-AUC 0.75), or that rank it at least about as well as all other columns together and are called a
    score, a probability or a prediction. Values: a column called a prediction that lies about the target
    and says more than the others.

    **Why**: the model may have learnt from the very rows that it scored, and its inputs are here already.

    **What to do**: find out what it learnt from.
    """
    if len(table.y) < FEWEST_ROWS:
        return
    for name, feature in table.tested.items():
        if feature.kind != "number" or feature.numbers is None or feature.distinct < FEWEST_VALUES:
            continue
        known = ~feature.missing
        if known.mean() < 0.5 or (is_beforehand(name) and not is_score(name)):
            continue
        judge = _of_values if table.is_regression else _of_chances
        if table.n_classes <= 2 and (found := judge(table, name, feature.numbers[known], known)):
            yield found


def _of_chances(table: Table, name: str, values: Floats, known: np.ndarray) -> Leak | None:
    low, high = float(values.min()), float(values.max())
    if low < 0 or high > 100 or (1 < high < 20):
        return None
    chance = values / (100 if high > 1 else 1)
    positive = table.y[known] == 1
    area = auc(values, positive)
    flipped = area < 0.5
    area = max(area, 1 - area)
    off = min(_distance(chance, positive), _distance(1 - chance, positive))
    spread = float(chance.std())
    calibrated = off <= CLOSE and area >= RANKS_WELL and spread >= SPREAD
    named = is_score(name)
    if not calibrated and not (named and area >= RANKS_SOME):
        return None
    rest = table.of_the_rest((name,))
    if table.explained[name] < ABOVE_THE_REST * rest:
        return None
    strength = 0.55 + 0.15 * calibrated + 0.15 * named
    words = (
        f"its values rank the labels (ROC-AUC {area:.3f}{', the other way round' if flipped else ''}) no "
        "worse than all others together"
        + (f", and are {off:.1%} off as chances" if calibrated else ", and its name is a score's")
    )
    figures = {
        "roc_auc": area,
        "off": off,
        "explained": table.explained[name],
        "explained_by_the_others": rest,
    }
    return Leak("MW-L012", (name,), round(strength, 2), "model score", words, ADVICE, figures)


def _distance(chance: Floats, positive: np.ndarray) -> float:
    """Return the mean distance between chances and shares of the label, over bins of as many rows."""
    order = np.argsort(chance, kind="stable")
    parts = np.array_split(order, BINS)
    return float(np.mean([abs(chance[part].mean() - positive[part].mean()) for part in parts if len(part)]))


def _of_values(table: Table, name: str, values: Floats, known: np.ndarray) -> Leak | None:
    y = table.y[known].astype(np.float64)
    if not is_score(name) or y.std() == 0 or values.std() == 0:
        return None
    slope = float(np.cov(values, y)[0, 1] / values.var())
    middle = abs(float(values.mean() - y.mean())) / float(y.std())
    rest = table.of_the_rest((name,))
    share = table.explained[name]
    if not (0.8 <= slope <= 1.25 and middle <= 0.1 and share >= 0.5 and share >= ABOVE_THE_REST * rest):
        return None
    words = (
        f"its values lie about the target (slope {slope:.2f}) and say {share:.0%} of it, "
        f"the others {rest:.0%}"
    )
    return Leak("MW-L012", (name,), 0.7, "model score", words, ADVICE, {"slope": slope, "explained": share})
