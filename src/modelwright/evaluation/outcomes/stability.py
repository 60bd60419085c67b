"""What the metric loses where rows come with values missing, noisy, never seen before, or months later."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.data import Column
from modelwright.errors import DataError
from modelwright.evaluation.comparison import compare
from modelwright.evaluation.importance import Predict
from modelwright.evaluation.intervals import Interval
from modelwright.evaluation.outcomes.disturbing import DisturbanceKind, Scenario, scenarios, usual_spread
from modelwright.problem import Metric

MOST_COLUMNS = 20
_ROWS_TO_PREDICT = 20_000
_FEWEST_ROWS = 200
_MOST_ROWS = 1_000
_ROWS_AT_A_TIME = 20_000
_FEWEST_PER_CLASS = 25
_MOST_RESAMPLES = 200


class Disturbance(BaseModel):
    """What one way of disturbing rows costs.

    Attributes
    ----------
    kind : {"missing", "column missing", "noise", "unseen", "column unseen", "months"}
    amount : float
        Share of values, standard deviations, or months; 1 where a column is disturbed as a whole.
    column : str
        The column; empty where all that apply are disturbed.
    loss : Interval
        What the metric loses, in its units, paired on the same rows; below 0 where it gains.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: DisturbanceKind
    amount: float
    column: str = ""
    loss: Interval

    @property
    def words(self) -> str:
        """What was done to the rows."""
        return {
            "missing": f"{self.amount:.0%} of all values missing",
            "column missing": f"'{self.column}' missing",
            "noise": f"noise of {self.amount:g} of its usual spread on every number",
            "unseen": f"{self.amount:.0%} of all categories never seen before",
            "column unseen": f"'{self.column}' with categories never seen before",
            "months": f"times {self.amount:.0f} month{'s' if self.amount > 1 else ''} later",
        }[self.kind]

    @property
    def short(self) -> str:
        """The same in a few words, for a chart."""
        return {
            "missing": f"{self.amount:.0%} missing",
            "column missing": f"{self.column} missing",
            "noise": f"noise of {self.amount:g}",
            "unseen": f"{self.amount:.0%} unseen",
            "column unseen": f"{self.column} unseen",
            "months": f"{self.amount:.0f} months later",
        }[self.kind]


class Stability(BaseModel):
    """What disturbances cost.

    Attributes
    ----------
    rows : int
        How many held-out rows were sampled.
    score : float
        The metric on them, undisturbed.
    disturbances : tuple of Disturbance
    not_applicable : tuple of str
        What could not be tried, and why.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    score: float
    disturbances: tuple[Disturbance, ...]
    not_applicable: tuple[str, ...] = ()

    @property
    def worst(self) -> Disturbance | None:
        """The costliest disturbance; None where none was tried."""
        return max(self.disturbances, key=lambda each: each.loss.value, default=None)

    def of(self, *kinds: DisturbanceKind) -> tuple[Disturbance, ...]:
        """Return the disturbances of some kinds."""
        return tuple(each for each in self.disturbances if each.kind in kinds)


def measure_stability(
    predict: Predict,
    frame: pl.DataFrame,
    columns: Sequence[Column],
    y: NDArray[np.generic],
    metric: Metric,
    *,
    leading: Sequence[str] = (),
    groups: NDArray[np.generic] | None = None,
    looks: int = 0,
    level: float = 0.95,
    resamples: int = 200,
    seed: int = 0,
) -> Stability | None:
    """Disturb rows, predict them again, and measure what the metric loses.

    Parameters
    ----------
    predict : callable
        From a conformed frame to predictions; nothing is fitted.
    frame : polars.DataFrame of n rows
        Held-out rows. Between 200 and 1,000 are sampled, so that about 20,000 are predicted in all; of each
        label at least 25, where there are.
    columns : sequence of Column
        The features.
    y : ndarray of shape (n,)
    metric : Metric
    leading : sequence of str, optional
        The columns in the order of their importance; the first 20 are disturbed one at a time.
    groups : ndarray of shape (n,), optional
        Rows that are resampled together.
    looks, level
        As for `modelwright.evaluation.interval`.
    resamples : int, default 200
        At most 200 are drawn.
    seed : int, default 0

    Returns
    -------
    Stability or None
        None where the metric is not defined on the sampled rows.
    """
    rng = np.random.default_rng(seed)
    singly = (list(leading) or [each.name for each in columns])[:MOST_COLUMNS]
    numbers = [each.name for each in columns if each.kind == "number"]
    spreads = {name: spread for name in numbers if (spread := usual_spread(frame[name])) > 0}
    tried = scenarios(columns, singly, spreads)
    chosen = _sampled(y, int(np.clip(_ROWS_TO_PREDICT // (len(tried) + 1), _FEWEST_ROWS, _MOST_ROWS)), rng)
    rows, truth = frame[chosen], y[chosen]
    plain, *disturbed = _predicted(predict, rows, tried, rng)
    clusters = None if groups is None else groups[chosen]
    found = []
    try:
        for scenario, after in zip(tried, disturbed, strict=True):
            cost = compare(
                metric,
                truth,
                plain,
                after,
                groups=clusters,
                looks=looks,
                level=level,
                resamples=min(resamples, _MOST_RESAMPLES),
                seed=seed,
            )
            limits = Interval(
                value=cost.difference, low=cost.low, high=cost.high, level=cost.level, looks=cost.looks
            )
            found.append(
                Disturbance(kind=scenario.kind, amount=scenario.amount, column=scenario.column, loss=limits)
            )
        score = float(metric(truth, plain))
    except DataError:
        return None
    return Stability(
        rows=len(chosen),
        score=score,
        disturbances=tuple(found),
        not_applicable=tuple(_not_applicable({each.kind for each in columns})),
    )


def _predicted(
    predict: Predict, rows: pl.DataFrame, tried: list[Scenario], rng: np.random.Generator
) -> list[NDArray[np.floating]]:
    frames = [rows, *(each.disturb(rows, rng) for each in tried)]
    size = max(1, _ROWS_AT_A_TIME // max(len(rows), 1))
    predicted: list[NDArray[np.floating]] = []
    for start in range(0, len(frames), size):
        part = frames[start : start + size]
        predicted += np.split(np.asarray(predict(pl.concat(part))), len(part))
    return predicted


def _sampled(y: NDArray[np.generic], rows: int, rng: np.random.Generator) -> NDArray[np.int64]:
    order = rng.permutation(len(y))
    if y.dtype.kind == "f":
        return np.sort(order[:rows])
    rare = [order[y[order] == code][:_FEWEST_PER_CLASS] for code in np.unique(y)]
    first = np.concatenate(rare)
    others = order[~np.isin(order, first)]
    return np.sort(np.concatenate([first, others])[: max(rows, len(first))])


def _not_applicable(kinds: set[str]) -> list[str]:
    lacking = {
        "number": "noise: no feature is a number",
        "category": "unseen categories: no feature is a category",
        "time": "shifted months: no feature is a time",
    }
    return [words for kind, words in lacking.items() if kind not in kinds]
