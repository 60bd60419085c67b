"""Whether the model treats the groups of a protected column alike."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.basis import Floats
from modelwright.evaluation.confusion import decide
from modelwright.evaluation.drawing import Units
from modelwright.evaluation.gap import Gap, largest_gap
from modelwright.evaluation.grouping import group_rows
from modelwright.evaluation.intervals import error_at_look
from modelwright.evaluation.weighted import Statistic, reweighted, weighted_mean
from modelwright.problem import Metric, Task

_FEWEST_ROWS = 30
_FEWEST_PER_CLASS = 10


class GroupRow(BaseModel):
    """One group of a protected column.

    Attributes
    ----------
    name : str
        A category, or a range of a number.
    rows : int
        How many evaluated rows belong to it.
    counted : bool
        Whether it is large enough to count towards the gaps.
    metric : float or None
        The metric on its rows; None where it is not defined or the group is too small.
    selection_rate : float or None
        Share of its rows that are given the positive label; None for tasks without one.
    mean_error : float or None
        Mean absolute error of its rows; None but for regression.
    note : str
        Why a figure is missing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    rows: int
    counted: bool
    metric: float | None = None
    selection_rate: float | None = None
    mean_error: float | None = None
    note: str = ""


class GroupTable(BaseModel):
    """The groups of one protected column.

    Attributes
    ----------
    column : str
        Its name.
    groups : tuple of GroupRow
        Largest first; ranges in ascending order.
    promised : Gap or None
        The gap that `[promises] group_gap` bounds: in selection rate (classes; with more than two, of the
        label where it is largest), or in mean absolute error as a share of the overall one (regression).
    metric_gap : Gap or None
        The gap in the metric.
    not_applicable : str
        Why there is no gap; empty where there is one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    groups: tuple[GroupRow, ...]
    promised: Gap | None = None
    metric_gap: Gap | None = None
    not_applicable: str = ""


def group_gaps(
    metric: Metric,
    task: Task,
    classes: tuple[str, ...],
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    protected: pl.DataFrame,
    *,
    threshold: float = 0.5,
    looks: int = 1,
    level: float = 0.95,
    groups: NDArray[np.generic] | None = None,
    times: NDArray[np.generic] | None = None,
    units: Units | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> tuple[GroupTable, ...]:
    """Compare the groups of each protected column.

    Parameters
    ----------
    metric : Metric
        The metric that decides.
    task : Task
        Decides which gap is the promised one.
    classes : tuple of str
        Labels in the order of the codes; empty for regression.
    y : ndarray of shape (n,)
        Class codes, or values.
    prediction : ndarray of shape (n, n_classes) or (n, 1)
        Probabilities, or values.
    protected : polars.DataFrame of n rows
        The protected columns. Numbers of more than six distinct values are cut into quarters, rare categories
        are taken together, missing values are a group of their own.
    threshold : float, default 0.5
        Probability of the positive label from which it is given.
    looks, level, groups, times, units, resamples, seed
        As for `modelwright.evaluation.interval`; `groups` are the clusters of rows that are drawn together.

    Returns
    -------
    tuple of GroupTable
        One for each column. Groups of fewer than 30 rows do not count towards the gaps.
    """
    alpha = error_at_look(level, looks)
    drawing = _Drawing(units or Units.of(len(y), groups, times), resamples, seed, alpha)
    judge = _Judge(metric, task, classes, y, np.asarray(prediction, dtype=np.float64), threshold)
    return tuple(_table(judge, drawing, protected[column]) for column in protected.columns)


class _Drawing:
    def __init__(self, units: Units, resamples: int, seed: int, alpha: float) -> None:
        self.units, self.resamples, self.seed, self.alpha = units, resamples, seed, alpha

    def gap(
        self, about: str, names: list[str], rows: list[NDArray[np.int64]], parts: list[Statistic]
    ) -> Gap | None:
        def statistic(weights: Floats) -> Floats:
            return np.stack([part(weights[:, row]) for part, row in zip(parts, rows, strict=True)], axis=1)

        return largest_gap(
            about,
            names,
            statistic,
            self.units,
            smallest_group=min(map(len, rows)),
            alpha=self.alpha,
            resamples=self.resamples,
            seed=self.seed,
        )


class _Judge:
    def __init__(
        self,
        metric: Metric,
        task: Task,
        classes: tuple[str, ...],
        y: NDArray[np.generic],
        prediction: Floats,
        threshold: float,
    ) -> None:
        self.metric, self.task, self.classes = metric, task, classes
        self.y, self.prediction = y, prediction
        self.chosen = None if task is Task.REGRESSION else decide(prediction, threshold)
        self.error = (
            np.abs(prediction[:, 0] - y.astype(np.float64)) if task is Task.REGRESSION else np.empty(0)
        )

    def row(self, name: str, rows: NDArray[np.int64]) -> GroupRow:
        counted = len(rows) >= _FEWEST_ROWS
        note = "" if counted else f"fewer than {_FEWEST_ROWS} rows"
        metric = None
        if counted and not self.enough_for_metric(rows):
            note = f"fewer than {_FEWEST_PER_CLASS} rows of a label"
        elif counted:
            metric = self.metric(self.y[rows], self.prediction[rows])
        return GroupRow(
            name=name,
            rows=len(rows),
            counted=counted,
            metric=metric if metric is not None and np.isfinite(metric) else None,
            selection_rate=self.selection_rate(rows) if counted else None,
            mean_error=float(self.error[rows].mean()) if counted and self.task is Task.REGRESSION else None,
            note=note,
        )

    def enough_for_metric(self, rows: NDArray[np.int64]) -> bool:
        if self.task is not Task.BINARY:
            return True
        positives = int((self.y[rows] == 1).sum())
        return min(positives, len(rows) - positives) >= _FEWEST_PER_CLASS

    def selection_rate(self, rows: NDArray[np.int64]) -> float | None:
        if self.task is not Task.BINARY or self.chosen is None:
            return None
        return float((self.chosen[rows] == 1).mean())

    def metric_parts(self, rows: list[NDArray[np.int64]]) -> list[Statistic]:
        return [reweighted(self.metric, self.y[row], self.prediction[row]) for row in rows]

    def promised_parts(self, rows: list[NDArray[np.int64]]) -> tuple[str, list[Statistic]]:
        if self.chosen is None:
            overall = float(self.error.mean()) or 1.0
            return "mean error, as a share of the overall one", [
                weighted_mean(self.error[row] / overall) for row in rows
            ]
        code = 1 if self.task is Task.BINARY else self._most_uneven(self.chosen, rows)
        hits = (self.chosen == code).astype(np.float64)
        return f"share of rows given '{self.classes[code]}'", [weighted_mean(hits[row]) for row in rows]

    def _most_uneven(self, chosen: NDArray[np.int64], rows: list[NDArray[np.int64]]) -> int:
        shares = np.stack([np.bincount(chosen[row], minlength=len(self.classes)) / len(row) for row in rows])
        return int(np.ptp(shares, axis=0).argmax())


def _table(judge: _Judge, drawing: _Drawing, column: pl.Series) -> GroupTable:
    members = group_rows(column)
    table = [judge.row(name, rows) for name, rows in members]
    counted = [member for member, row in zip(members, table, strict=True) if row.counted]
    measured = [member for member, row in zip(members, table, strict=True) if row.metric is not None]
    if len(counted) < 2:
        reason = f"fewer than two groups have {_FEWEST_ROWS} rows or more"
        return GroupTable(column=column.name, groups=tuple(table), not_applicable=reason)
    names, rows = [name for name, _ in counted], [row for _, row in counted]
    about, parts = judge.promised_parts(rows)
    return GroupTable(
        column=column.name,
        groups=tuple(table),
        promised=drawing.gap(about, names, rows, parts),
        metric_gap=_metric_gap(judge, drawing, measured),
    )


def _metric_gap(
    judge: _Judge, drawing: _Drawing, measured: list[tuple[str, NDArray[np.int64]]]
) -> Gap | None:
    if len(measured) < 2:
        return None
    names, rows = [name for name, _ in measured], [row for _, row in measured]
    return drawing.gap(judge.metric.title, names, rows, judge.metric_parts(rows))
