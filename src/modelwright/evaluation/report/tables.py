"""The report's tables that need more than the evaluation's own order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel

from modelwright.evaluation.evaluation import Evaluation
from modelwright.problem import Brief

if TYPE_CHECKING:
    from modelwright.data import Column, Contract

_MOST_LABELS = 12
_MOST_MISTAKES = 20
_MOST_TEXTS = 8


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


@dataclass(frozen=True)
class ColumnFacts:
    """What the contract says of a column, without values of sensitive ones.

    Attributes
    ----------
    name, role, kind : str
    missing : str
        What happens where there is no value.
    expected : str
        Known texts, or the usual range.
    personal : str
        What personal data it is and what is done with it; empty where it is none.
    protected : bool
    """

    name: str
    role: str
    kind: str
    missing: str
    expected: str
    personal: str
    protected: bool


def kinds(contract: Contract) -> str:
    """Say how many columns of each kind the model reads."""
    counted = Counter(str(column.kind) for column in contract.features)
    return ", ".join(f"{count} {kind}" for kind, count in counted.most_common())


def columns(contract: Contract) -> list[ColumnFacts]:
    """List the contract's columns."""
    return [
        ColumnFacts(
            name=column.name,
            role=column.role,
            kind=column.kind,
            missing=column.missing,
            expected=_expected(column),
            personal=f"{column.sensitive}: {column.treatment}" if column.is_personal else "",
            protected=column.protected,
        )
        for column in contract.columns
    ]


def _expected(column: Column) -> str:
    if column.role == "target":
        return ", ".join(column.categories[:_MOST_TEXTS]) + _more(column.categories)
    if column.is_sensitive:
        return "not shown"
    if column.categories:
        return ", ".join(column.categories[:_MOST_TEXTS]) + _more(column.categories)
    limits = [f"{limit:g}" for limit in (column.minimum, column.maximum) if limit is not None]
    return " to ".join(limits)


def _more(texts: Sequence[str]) -> str:
    return f" and {len(texts) - _MOST_TEXTS} more" if len(texts) > _MOST_TEXTS else ""


@dataclass(frozen=True)
class Cleaning:
    """A step of cleaning, without the values that it is about.

    Attributes
    ----------
    step : str
    columns : tuple of str
    enabled : bool
    """

    step: str
    columns: tuple[str, ...]
    enabled: bool


def cleaning(contract: Contract) -> list[Cleaning]:
    """List what is done to the data before anything reads it."""
    return [Cleaning(step.step, step.columns, step.enabled) for step in contract.cleaning]


@dataclass(frozen=True)
class Stated:
    """One key of the brief.

    Attributes
    ----------
    key : str
        Such as ``promises.gain``.
    value : str
    by_default : bool
        Whether it is what it would be if nobody had stated it.
    """

    key: str
    value: str
    by_default: bool


def stated(brief: Brief) -> list[Stated]:
    """List the keys of the brief's sections, but for where things are kept, which is no reader's business."""
    listed = []
    for section in type(brief).model_fields:
        held = getattr(brief, section)
        if section == "store" or not isinstance(held, BaseModel):
            continue
        for key, field in type(held).model_fields.items():
            value = getattr(held, key)
            default = field.get_default(call_default_factory=True)
            listed.append(Stated(f"{section}.{key}", _written(value), value == default))
    return listed


def _written(value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value) or "none"
