"""A column that is a copy, a recoding or a coarser form of the target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.data.leaks.measures import agreement, auc, roughness
from modelwright.data.leaks.result import Leak
from modelwright.data.leaks.table import Feature, Table

ALL_BUT_ALL = 0.98
ALL_MISTAKES = 0.985
MOST_MISTAKES = 0.9
MOST_SAID = 0.75
NEARLY_SORTED = 0.9995
FEWEST_ROWS = 40
SMOOTH = 0.005
EXACT_LINE = 0.9999
MOST_LEVELS = 50
LEAST_MINORITY = 0.01
ROWS_PER_LEVEL = 20
RANGES = 100
ROWS_PER_RANGE = 5
ALL_MISTAKES_OF_RANGES = 0.93

ADVICE = (
    "Leave it out (columns.ignore in modelwright.toml), unless it is known, and not computed from the "
    "target, when a prediction is asked for."
)


def copies(table: Table) -> Iterator[Leak]:
    """MW-L001: a column is a copy, a recoding or a coarser form of the target.

    **How**: classes: guessing the label from the column's bins, each half of the rows by the other, avoids
    98.5 % of the mistakes or takes away 98 % of the uncertainty (90 % and 75 % where it has no more values
    than there are labels), or the column puts the two labels in order (ROC-AUC 0.9995). Values: the column
    lies on a straight line with the target, or the target hardly varies between neighbours in the column's
    order (von Neumann ratio below 0.005). Coarser forms: the column is a function of the target, with two
    values or more, each in a range of the target of its own.

    **Why**: it is not there when a prediction is asked for, or it is the answer itself.

    **What to do**: leave it out.
    """
    if len(table.y) < FEWEST_ROWS:
        return
    for name, feature in table.tested.items():
        test = _values if table.is_regression else _classes
        found = test(table, name, feature) or _coarser(table, name, feature)
        if found is not None:
            yield found


def _classes(table: Table, name: str, feature: Feature) -> Leak | None:
    alike = agreement(feature.codes, table.y, table.half)
    share = table.explained[name]
    area = 0.5
    if table.n_classes == 2 and feature.numbers is not None and not feature.missing.any():
        area = auc(feature.numbers, table.y == 1)
        area = max(area, 1 - area)
    if (
        not (alike >= ALL_MISTAKES or share >= ALL_BUT_ALL or area >= NEARLY_SORTED)
        or min(np.bincount(table.y)[np.unique(table.y)]) < 5
    ):
        return None
    strength = 0.99 if max(alike, share) >= 0.999 or area == 1 else 0.95 if alike >= ALL_MISTAKES else 0.9
    figures = {"mistakes_avoided": alike, "explained": share, "roc_auc": area}
    words = f"alone it avoids {alike:.1%} of the mistakes and says {share:.1%} of the target"
    if area > max(alike, 0.5):
        words = f"in its order the two labels are all but parted (ROC-AUC {area:.4f})"
    return Leak("MW-L001", (name,), strength, "copy", words, ADVICE, figures)


def _values(table: Table, name: str, feature: Feature) -> Leak | None:
    if feature.numbers is None:
        return _of_levels(table, name, feature)
    known = ~feature.missing
    if known.sum() < FEWEST_ROWS or feature.distinct < 20:
        return None
    x, y = feature.numbers[known], table.y[known].astype(np.float64)
    line = abs(float(np.corrcoef(x, y)[0, 1])) if y.std() > 0 and x.std() > 0 else 0.0
    rough = roughness(x, y)
    if not (line >= EXACT_LINE or rough <= SMOOTH):
        return None
    strength = 0.99 if line >= 0.99999 or rough <= 1e-4 else 0.9
    words = (
        f"it lies on a straight line with the target (correlation {line:.5f})"
        if line >= EXACT_LINE
        else f"the target is all but a function of it ({rough:.2%} of its variance is left in between)"
    )
    return Leak("MW-L001", (name,), strength, "copy", words, ADVICE, {"correlation": line, "left": rough})


def _of_levels(table: Table, name: str, feature: Feature) -> Leak | None:
    share = table.explained[name]
    if share < 0.995 or feature.distinct > len(table.y) / 5:
        return None
    words = f"its categories say {share:.1%} of the target's variance"
    return Leak("MW-L001", (name,), 0.9, "copy", words, ADVICE, {"explained": share})


def _coarser(table: Table, name: str, feature: Feature) -> Leak | None:
    """Find a column that the target determines: an answer told with fewer words."""
    if not 2 <= len(np.unique(feature.codes)) <= MOST_LEVELS or table.n_classes == 2:
        return None
    rows = np.bincount(feature.codes)
    if len(table.y) - rows.max() < max(LEAST_MINORITY * len(table.y), 30):
        return None
    if table.n_classes:
        alike = agreement(table.y, feature.codes, table.half)
        if alike < ALL_MISTAKES:
            return None
        words = f"the target determines it: {alike:.1%} of the mistakes in guessing it are avoided"
        return Leak("MW-L001", (name,), 0.9, "coarser form", words, ADVICE, {"determined": alike})
    levels = feature.distinct
    if levels > len(table.y) / ROWS_PER_LEVEL:
        return None
    ranged = int(np.clip(len(table.y) // ROWS_PER_RANGE, 5, RANGES))
    edges = np.unique(np.quantile(table.y, np.linspace(0, 1, ranged + 1)[1:-1]))
    ranges = np.searchsorted(edges, table.y, side="left").astype(np.int64)
    alike = agreement(ranges, feature.codes, table.half)
    if alike < ALL_MISTAKES_OF_RANGES and not _in_runs(table.y, feature, levels):
        return None
    words = f"the target determines it: each of its {levels} values has a range of the target of its own"
    return Leak("MW-L001", (name,), 0.9, "coarser form", words, ADVICE, {"determined": alike})


def _in_runs(y: NDArray[Any], feature: Feature, levels: int) -> bool:
    """Whether each value of a column is one run of rows in the order of a target of many values."""
    if len(np.unique(y)) < RANGES:
        return False
    steps = int(np.count_nonzero(np.diff(feature.codes[np.lexsort((feature.codes, y))])))
    return steps <= levels
