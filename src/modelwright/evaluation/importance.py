"""Which columns the model leans on: permutation importance on held-out rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.comparison import compare
from modelwright.evaluation.drawing import Units
from modelwright.evaluation.intervals import Interval
from modelwright.problem import Metric

Predict = Callable[[pl.DataFrame], NDArray[np.floating]]

_MOST_ROWS = 1000
_FEWEST_ROWS = 200
_FEWEST_PER_CLASS = 25
_ROWS_TO_PREDICT = 60_000
_SHUFFLES = 3
_FEWEST_BLOCKS = 10
_ROWS_AT_A_TIME = 20_000


@dataclass(frozen=True)
class _Tried:
    """The sampled rows, once for each shuffle: labels, predictions as they are, and what is resampled."""

    y: NDArray[np.generic]
    whole: NDArray[np.floating]
    units: Units


class Importance(BaseModel):
    """How much worse the model gets when one column is shuffled.

    Attributes
    ----------
    column : str
        Its name.
    drop : Interval
        Loss in units of the metric; at zero, the model does without it. Columns that say the same share their
        importance, so that each alone may seem to matter little.
    rows : int
        How many rows were sampled.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    drop: Interval
    rows: int


def permutation_importance(
    predict: Predict,
    frame: pl.DataFrame,
    y: NDArray[np.generic],
    metric: Metric,
    *,
    groups: NDArray[np.generic] | None = None,
    weight: NDArray[np.float64] | None = None,
    seed: int = 0,
) -> tuple[Importance, ...]:
    """Shuffle each column in turn, three times, and measure what that costs.

    Values change places within blocks of four rows, drawn by chance, so that blocks know nothing of each
    other: resampled whole, they show all that chance does, by the rows that get a value and by those that
    give it.

    Parameters
    ----------
    predict : callable
        From a frame with the columns of `frame` to predictions.
    frame : polars.DataFrame of n rows
        Held-out rows. At most 1,000 are sampled, fewer where there are many columns, so that about 60,000
        rows are predicted in all; never fewer than 200. Of each label there are at least 25, where there are.
    y : ndarray of shape (n,)
        Class codes, or values.
    metric : Metric
        The metric whose loss is measured.
    groups : ndarray of shape (n,), optional
        The brief's group of each row; rows of a group are resampled together.
    weight : ndarray of shape (n,), optional
        How much each row counts.
    seed : int, default 0
        Seed of the sample and the shuffles.

    Returns
    -------
    tuple of Importance
        The most important first. Limits come from a paired bootstrap over the blocks, or the groups.

    References
    ----------
    L. Breiman, "Random forests", Machine Learning 45 (2001); A. Fisher, C. Rudin and F. Dominici, "All models
    are wrong, but many are useful", JMLR 20 (2019).
    """
    rng = np.random.default_rng(seed)
    chosen = _sampled(y, _rows_to_sample(frame), rng)
    rows = len(chosen)
    sample = frame[chosen]
    blocks = np.array_split(rng.permutation(rows), max(1, rows // (_SHUFFLES + 1)))
    donors = [_donors(blocks, step) for step in range(1, _SHUFFLES + 1)]
    apart = np.arange(rows) if len(blocks) < _FEWEST_BLOCKS else _numbered(blocks)
    clusters: NDArray[np.generic] = apart if groups is None else groups[chosen]
    weights = None if weight is None else np.tile(weight[chosen], _SHUFFLES)
    tried = _Tried(
        np.tile(y[chosen], _SHUFFLES),
        np.tile(predict(sample), (_SHUFFLES, 1)),
        Units.of(_SHUFFLES * rows, np.tile(clusters, _SHUFFLES), weight=weights),
    )
    drops = []
    for columns in _in_parts(frame.columns, max(1, _ROWS_AT_A_TIME // max(_SHUFFLES * rows, 1))):
        shuffled = [
            sample.with_columns(sample[column].gather(given)) for column in columns for given in donors
        ]
        parts = np.split(predict(pl.concat(shuffled)), len(columns))
        for column, part in zip(columns, parts, strict=True):
            drops.append(_importance(column, metric, tried, part, rows, seed))
    return tuple(sorted(drops, key=lambda item: -item.drop.value))


def _donors(blocks: list[NDArray[np.int64]], step: int) -> NDArray[np.int64]:
    """Return whose value each row gets: that of another row of its block."""
    donors = np.empty(sum(map(len, blocks)), dtype=np.int64)
    for block in blocks:
        donors[block] = np.roll(block, step)
    return donors


def _numbered(blocks: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    numbers = np.empty(sum(map(len, blocks)), dtype=np.int64)
    for number, block in enumerate(blocks):
        numbers[block] = number
    return numbers


def _rows_to_sample(frame: pl.DataFrame) -> int:
    affordable = max(_FEWEST_ROWS, _ROWS_TO_PREDICT // max(_SHUFFLES * frame.width, 1))
    return min(frame.height, _MOST_ROWS, affordable)


def _sampled(y: NDArray[np.generic], rows: int, rng: np.random.Generator) -> NDArray[np.int64]:
    order = rng.permutation(len(y))
    if y.dtype.kind == "f":
        return np.sort(order[:rows])
    rank = np.empty(len(y), dtype=np.int64)
    rank[order] = np.arange(len(y))
    for code in np.unique(y):  # a rare label must not be missing from the sample
        members = order[y[order] == code][:_FEWEST_PER_CLASS]
        rank[members] -= len(y)
    return np.sort(np.argsort(rank)[:rows])


def _in_parts(columns: list[str], size: int) -> list[list[str]]:
    return [columns[start : start + size] for start in range(0, len(columns), size)]


def _importance(
    column: str, metric: Metric, tried: _Tried, shuffled: NDArray[np.floating], rows: int, seed: int
) -> Importance:
    loss = compare(
        metric, tried.y, tried.whole, shuffled, looks=0, units=tried.units, resamples=200, seed=seed
    )
    drop = Interval(value=loss.difference, low=loss.low, high=loss.high, level=loss.level)
    return Importance(column=column, drop=drop, rows=rows)
