"""Whether the model treats the groups of a protected column alike."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.arrays import Floats, Weights
from modelwright.evaluation.confusion import decide
from modelwright.evaluation.drawing import Units
from modelwright.evaluation.gap import Gap, largest_gap
from modelwright.evaluation.group_figures import (
    FEWEST_ROWS,
    GroupFigure,
    Share,
    binary_shares,
    class_shares,
    measure_groups,
    value_shares,
)
from modelwright.evaluation.grouping import crossed, group_rows
from modelwright.evaluation.intervals import error_at_look
from modelwright.evaluation.weighted import Statistic, reweighted, weighted_mean
from modelwright.problem import Metric, Task

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
    """The groups of one protected column, or of two at once.

    Attributes
    ----------
    column : str
        Its name; ``A & B`` for the groups of two columns at once.
    crossed : bool
        Whether they are the groups of two columns at once.
    groups : tuple of GroupRow
        Largest first; ranges in ascending order.
    promised : Gap or None
        The gap that `[promises] group_gap` bounds: in selection rate (classes; with more than two, of the
        label where it is largest), or in mean absolute error as a share of the overall one (regression).
    metric_gap : Gap or None
        The gap in the metric.
    figures : tuple of GroupFigure
        How often each group is chosen, how often wrongly, and whether scores mean the same in it.
    not_applicable : str
        Why there is no gap; empty where there is one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    crossed: bool = False
    groups: tuple[GroupRow, ...]
    promised: Gap | None = None
    metric_gap: Gap | None = None
    figures: tuple[GroupFigure, ...] = ()
    not_applicable: str = ""

    @property
    def equalized_odds_difference(self) -> float | None:
        """The larger of the gaps in true and false positive rate; None where there is none."""
        rates = ("true_positive_rate", "false_positive_rate")
        gaps = [figure.gap.value for figure in self.figures if figure.name in rates and figure.gap]
        return max(gaps, default=None)


def group_gaps(
    metric: Metric,
    task: Task,
    classes: tuple[str, ...],
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    protected: pl.DataFrame,
    *,
    threshold: float | NDArray[np.floating] = 0.5,
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
    threshold : float or ndarray of shape (n,), default 0.5
        Probability of the positive label from which it is given.
    looks, level, groups, times, units, resamples, seed
        As for `modelwright.evaluation.interval`; `groups` are the clusters of rows that are drawn together.

    Returns
    -------
    tuple of GroupTable
        One for each column, then one for each pair of columns. Groups of fewer than 30 rows do not count
        towards the gaps.
    """
    drawing = _Drawing(units or Units.of(len(y), groups, times), resamples, seed, level, looks)
    weight = drawing.units.weight
    judge = _Judge(metric, task, classes, y, np.asarray(prediction, dtype=np.float64), threshold, weight)
    pairs = crossed(protected)
    return (
        *(_table(judge, drawing, column) for column in protected.iter_columns()),
        *(_table(judge, drawing, column, is_crossed=True) for column in pairs.iter_columns()),
    )


class _Drawing:
    def __init__(self, units: Units, resamples: int, seed: int, level: float, looks: int) -> None:
        self.units, self.resamples, self.seed = units, resamples, seed
        self.level, self.looks, self.alpha = level, looks, error_at_look(level, looks)

    def figure(self, share: Share, members: list[tuple[str, NDArray[np.int64]]]) -> GroupFigure:
        return measure_groups(
            share,
            members,
            self.units,
            alpha=self.alpha,
            level=self.level,
            looks=self.looks,
            resamples=self.resamples,
            seed=self.seed,
        )

    def gap(
        self,
        about: str,
        names: list[str],
        rows: list[NDArray[np.int64]],
        parts: list[Statistic],
        *,
        is_share: bool = False,
    ) -> Gap | None:
        def statistic(weights: Weights) -> Floats:
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
            is_share=is_share,
        )


class _Judge:
    def __init__(
        self,
        metric: Metric,
        task: Task,
        classes: tuple[str, ...],
        y: NDArray[np.generic],
        prediction: Floats,
        threshold: float | NDArray[np.floating],
        weight: Floats | None,
    ) -> None:
        self.metric, self.task, self.classes = metric, task, classes
        self.weight = weight
        self.y, self.prediction = y, prediction
        self.chosen = None if task is Task.REGRESSION else decide(prediction, threshold)
        self.error = (
            np.abs(prediction[:, 0] - y.astype(np.float64)) if task is Task.REGRESSION else np.empty(0)
        )

    def row(self, name: str, rows: NDArray[np.int64]) -> GroupRow:
        counted = len(rows) >= FEWEST_ROWS
        note = "" if counted else f"fewer than {FEWEST_ROWS} rows"
        metric = None
        if counted and not self.enough_for_metric(rows):
            note = f"fewer than {_FEWEST_PER_CLASS} rows of a label"
        elif counted:
            metric = self.metric(self.y[rows], self.prediction[rows], self.weight_of(rows))
        return GroupRow(
            name=name,
            rows=len(rows),
            counted=counted,
            metric=metric if metric is not None and np.isfinite(metric) else None,
            selection_rate=self.selection_rate(rows) if counted else None,
            mean_error=self.mean(self.error, rows) if counted and self.task is Task.REGRESSION else None,
            note=note,
        )

    def weight_of(self, rows: NDArray[np.int64]) -> Floats | None:
        return None if self.weight is None else self.weight[rows]

    def mean(self, values: NDArray[np.generic], rows: NDArray[np.int64]) -> float:
        return float(np.average(values[rows].astype(np.float64), weights=self.weight_of(rows)))

    def enough_for_metric(self, rows: NDArray[np.int64]) -> bool:
        if self.task is not Task.BINARY:
            return True
        positives = int((self.y[rows] == 1).sum())
        return min(positives, len(rows) - positives) >= _FEWEST_PER_CLASS

    def selection_rate(self, rows: NDArray[np.int64]) -> float | None:
        if self.task is not Task.BINARY or self.chosen is None:
            return None
        return self.mean(self.chosen == 1, rows)

    def metric_parts(self, rows: list[NDArray[np.int64]]) -> list[Statistic]:
        return [reweighted(self.metric, self.y[row], self.prediction[row]) for row in rows]

    def promised_parts(self, rows: list[NDArray[np.int64]]) -> tuple[str, list[Statistic]]:
        if self.chosen is None:
            overall = float(np.average(self.error, weights=self.weight)) or 1.0
            return "mean error, as a share of the overall one", [
                weighted_mean(self.error[row] / overall) for row in rows
            ]
        code = 1 if self.task is Task.BINARY else self._most_uneven(self.chosen, rows)
        hits = (self.chosen == code).astype(np.float64)
        return f"share of rows given '{self.classes[code]}'", [weighted_mean(hits[row]) for row in rows]

    def shares(self) -> list[Share]:
        if self.chosen is None:
            return list(value_shares(self.y, self.prediction[:, 0]))
        if self.task is Task.BINARY:
            return list(binary_shares(self.y, self.prediction[:, 1], self.chosen, self.classes[1]))
        return list(class_shares(self.y, self.chosen))

    def _most_uneven(self, chosen: NDArray[np.int64], rows: list[NDArray[np.int64]]) -> int:
        shares = np.stack([np.bincount(chosen[row], minlength=len(self.classes)) / len(row) for row in rows])
        return int(np.ptp(shares, axis=0).argmax())


def _table(judge: _Judge, drawing: _Drawing, column: pl.Series, *, is_crossed: bool = False) -> GroupTable:
    members = group_rows(column)
    table = [judge.row(name, rows) for name, rows in members]
    counted = [member for member, row in zip(members, table, strict=True) if row.counted]
    measured = [member for member, row in zip(members, table, strict=True) if row.metric is not None]
    if len(counted) < 2:
        reason = f"fewer than two groups have {FEWEST_ROWS} rows or more"
        return GroupTable(column=column.name, crossed=is_crossed, groups=tuple(table), not_applicable=reason)
    names, rows = [name for name, _ in counted], [row for _, row in counted]
    about, parts = judge.promised_parts(rows)
    return GroupTable(
        column=column.name,
        crossed=is_crossed,
        groups=tuple(table),
        promised=drawing.gap(about, names, rows, parts, is_share=judge.chosen is not None),
        metric_gap=_metric_gap(judge, drawing, measured),
        figures=tuple(drawing.figure(share, counted) for share in judge.shares()),
    )


def _metric_gap(
    judge: _Judge, drawing: _Drawing, measured: list[tuple[str, NDArray[np.int64]]]
) -> Gap | None:
    if len(measured) < 2:
        return None
    names, rows = [name for name, _ in measured], [row for _, row in measured]
    return drawing.gap(judge.metric.title, names, rows, judge.metric_parts(rows))
