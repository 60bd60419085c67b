"""Several predictions of the same rows against each other: by every metric, overall and in each group.

References
----------
S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6
(1979).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.basis import Basis
from modelwright.evaluation.comparison import Comparison, compare_each
from modelwright.evaluation.drawing import Units
from modelwright.evaluation.folds import FoldComparison, compare_folds, equivalence_for, fold_differences
from modelwright.evaluation.grouping import group_rows
from modelwright.evaluation.measuring import why_not_applicable
from modelwright.problem import Metric, Task

_FEWEST_ROWS = 30
_FEWEST_OF_A_LABEL = 10
_FEWEST_FOLDS = 2


class Difference(BaseModel):
    """One metric of two predictions on the same rows.

    Attributes
    ----------
    first, second : str
        Whose predictions.
    metric, title : str
        The metric, as it is called in data and in reports.
    group : str
        The group of rows, such as ``sex = f``; empty for all rows.
    rows : int
        How many rows.
    figures : tuple of float
        The metric of the first and of the second.
    comparison : Comparison
        Positive where the first is better.
    adjusted_p : float
        Its p-value after Holm's correction for all metrics, groups and pairs that were compared together.
    folds : FoldComparison or None
        The two over the folds of cross-validation, where they have the same.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    first: str
    second: str
    metric: str
    title: str
    group: str = ""
    rows: int
    figures: tuple[float, float]
    comparison: Comparison
    adjusted_p: float
    folds: FoldComparison | None = None


@dataclass(frozen=True)
class Rivals:
    """Predictions of the same rows, with what decides how they are resampled.

    Attributes
    ----------
    y : ndarray of shape (n,)
        Class codes, or values for regression.
    predictions : mapping of str to ndarray of shape (n, n_outputs)
        By whom.
    groups, times : ndarray of shape (n,), optional
        As for `modelwright.evaluation.compare`.
    weight : ndarray of shape (n,), optional
        How much each row counts.
    """

    y: NDArray[np.generic]
    predictions: Mapping[str, NDArray[np.floating]]
    groups: NDArray[np.generic] | None = None
    times: NDArray[np.generic] | None = None
    weight: NDArray[np.float64] | None = None

    def of(self, rows: NDArray[np.int64]) -> Rivals:
        """Return some of the rows."""
        taken = {name: each[rows] for name, each in self.predictions.items()}
        groups, times = (None if each is None else each[rows] for each in (self.groups, self.times))
        weight = None if self.weight is None else self.weight[rows]
        return Rivals(self.y[rows], taken, groups, times, weight)


@dataclass(frozen=True)
class OutOfFold:
    """What models said of the rows that their folds held out.

    Attributes
    ----------
    y : ndarray of shape (n,)
        Class codes, or values for regression.
    folds : ndarray of shape (n,)
        The fold of each row.
    predictions : mapping of str to ndarray of shape (n, n_outputs)
        By whom; all fitted on the same folds.
    weight : ndarray of shape (n,), optional
        How much each row counts.
    """

    y: NDArray[np.generic]
    folds: NDArray[np.generic]
    predictions: Mapping[str, NDArray[np.floating]]
    weight: NDArray[np.float64] | None = None


def contrast(
    metrics: Sequence[Metric],
    rivals: Rivals,
    pairs: Sequence[tuple[str, str]],
    *,
    task: Task,
    also: Sequence[tuple[str, str]] = (),
    protected: pl.DataFrame | None = None,
    out_of_fold: OutOfFold | None = None,
    equivalence: float = 0.0,
    looks: int = 1,
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> tuple[Difference, ...]:
    """Compare pairs of predictions by every metric, and by the first metric in each protected group.

    Parameters
    ----------
    metrics : sequence of Metric
        The one that decides first.
    rivals : Rivals
        The predictions, by name.
    pairs : sequence of (str, str)
        Which to compare.
    task : Task
        Decides how many rows a group needs: 30, and for two labels ten of each.
    also : sequence of (str, str)
        Pairs that are compared by the first metric alone.
    protected : polars.DataFrame of n rows, optional
        The protected columns.
    out_of_fold : OutOfFold, optional
        For the comparison over folds, where it has both of a pair.
    equivalence : float, default 0
        A difference in the first metric up to this is none in practice; see `equivalence_for`.
    looks, level, resamples, seed
        As for `modelwright.evaluation.compare`.

    Returns
    -------
    tuple of Difference
        Overall first, by metric, then by group; p-values are adjusted over all of them (Holm).
    """
    drawing = {"looks": looks, "level": level, "resamples": resamples, "seed": seed}
    families = [("", rivals, metrics, pairs), ("", rivals, metrics[:1], also)]
    families += [(group, some, metrics[:1], pairs) for group, some in _groups(rivals, protected, task)]
    found = [
        each
        for group, some, asked, named in families
        for pair in named
        for each in _differences(group, asked, some, pair, drawing)
    ]
    adjusted = holm([each.comparison.p_value for each in found])
    return tuple(
        each.model_copy(
            update={"adjusted_p": p_value, "folds": _over_folds(each, metrics, out_of_fold, equivalence)}
        )
        for each, p_value in zip(found, adjusted, strict=True)
    )


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values so that any of them errs with the level's probability, over all together."""
    order = np.argsort(p_values)
    count = len(p_values)
    scaled = np.asarray(p_values, dtype=np.float64)[order] * np.arange(count, 0, -1)
    adjusted = np.empty(count)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(scaled))
    return [float(each) for each in adjusted]


def _groups(rivals: Rivals, protected: pl.DataFrame | None, task: Task) -> Iterator[tuple[str, Rivals]]:
    if protected is None:
        return
    for column in protected.columns:
        for name, rows in group_rows(protected[column]):
            if _enough(rivals.y[rows], task):
                yield f"{column} = {name}", rivals.of(rows)


def _enough(y: NDArray[np.generic], task: Task) -> bool:
    positives = int((y == 1).sum())
    rarest = min(positives, len(y) - positives) if task is Task.BINARY else _FEWEST_OF_A_LABEL
    return len(y) >= _FEWEST_ROWS and rarest >= _FEWEST_OF_A_LABEL


def _differences(
    group: str,
    metrics: Sequence[Metric],
    rivals: Rivals,
    pair: tuple[str, str],
    drawing: Mapping[str, float],
) -> Iterator[Difference]:
    y, a, b = rivals.y, *(rivals.predictions[name] for name in pair)
    defined = [
        metric for metric in metrics if not any(why_not_applicable(metric, y, each) for each in (a, b))
    ]
    ahead = Basis(y, b).row_losses - Basis(y, a).row_losses
    compared = compare_each(
        defined,
        y,
        a,
        b,
        units=Units.of(len(y), rivals.groups, rivals.times, ahead, rivals.weight),
        looks=int(drawing["looks"]),
        level=drawing["level"],
        resamples=int(drawing["resamples"]),
        seed=int(drawing["seed"]),
    )
    for metric, comparison in zip(defined, compared, strict=True):
        yield Difference(
            first=pair[0],
            second=pair[1],
            metric=metric.name,
            title=metric.title,
            group=group,
            rows=len(y),
            figures=(metric(y, a, rivals.weight), metric(y, b, rivals.weight)),
            comparison=comparison,
            adjusted_p=comparison.p_value,
        )


def _over_folds(
    found: Difference, metrics: Sequence[Metric], out_of_fold: OutOfFold | None, equivalence: float
) -> FoldComparison | None:
    if out_of_fold is None or found.group or not {found.first, found.second} <= set(out_of_fold.predictions):
        return None
    metric = next(each for each in metrics if each.name == found.metric)
    a, b = (out_of_fold.predictions[name] for name in (found.first, found.second))
    by_fold = fold_differences(metric, out_of_fold.y, a, b, out_of_fold.folds, out_of_fold.weight)
    if len(by_fold) < _FEWEST_FOLDS:
        return None
    stated = equivalence if metric is metrics[0] else 0.0
    return compare_folds(by_fold, equivalence=equivalence_for(metric, found.figures[1], stated))
