"""The report's tables that need more than the evaluation's own order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from modelwright.evaluation.evaluation import Evaluation

if TYPE_CHECKING:
    from modelwright.data import Contract

_MOST_LABELS = 12
_MOST_MISTAKES = 20


@dataclass(frozen=True)
class ConfusionTable:
    """True against predicted labels, as a square or, for many labels, as the most frequent mistakes.

    Attributes
    ----------
    labels : tuple of str
    rows : tuple of (label, (count, share of the true label) for each predicted label)
        Empty where there are too many labels to show.
    mistakes : tuple of (true, predicted, count)
        The most frequent mistakes; empty where the square is shown.
    by_label : tuple of (label, rows, share found, share right)
    """

    labels: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[int, float], ...]], ...]
    mistakes: tuple[tuple[str, str, int], ...]
    by_label: tuple[tuple[str, int, float | None, float | None], ...]


def confusion(evaluation: Evaluation) -> ConfusionTable | None:
    """Arrange the confusion; None for regression."""
    found = evaluation.confusion
    if found is None:
        return None
    totals = [sum(row) for row in found.counts]
    square = len(found.labels) <= _MOST_LABELS
    rows = [
        (label, tuple((count, count / total if total else 0.0) for count in row))
        for label, row, total in zip(found.labels, found.counts, totals, strict=True)
    ]
    mistakes = [
        (true, predicted, count)
        for true, row in zip(found.labels, found.counts, strict=True)
        for predicted, count in zip(found.labels, row, strict=True)
        if true != predicted and count
    ]
    mistakes.sort(key=lambda mistake: -mistake[2])
    return ConfusionTable(
        labels=found.labels,
        rows=tuple(rows) if square else (),
        mistakes=() if square else tuple(mistakes[:_MOST_MISTAKES]),
        by_label=tuple(zip(found.labels, totals, found.recall, found.precision, strict=True)),
    )


def columns(contract: Contract) -> str:
    """Say how many columns of each kind the model reads."""
    kinds = Counter(str(column.kind) for column in contract.features)
    return ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
