"""What every behaviour test looks at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data import Column, Contract

Predict = Callable[[pl.DataFrame], NDArray[np.floating]]
Thresholds = Callable[[pl.DataFrame], NDArray[np.floating]]
Floats = NDArray[np.float64]

MOST_ROWS = 1000
MOST_EXAMPLES = 5
SLACK = 1e-6
"""Scores are single-precision numbers; differences below this are none."""


@dataclass(frozen=True)
class Scene:
    """A model and rows to try it on; no label is looked at.

    Attributes
    ----------
    predict : callable
        From a conformed frame to predictions.
    frame : polars.DataFrame
        Conformed rows.
    contract : Contract
    typical : polars.DataFrame
        One conformed row: the median or most frequent value of each column.
    threshold : float or callable
        Probability from which the positive label of two is predicted; from a conformed frame to one for each
        row, where groups have their own.
    seed : int
        Seed of the draw of rows.
    """

    predict: Predict
    frame: pl.DataFrame
    contract: Contract
    typical: pl.DataFrame
    threshold: float | Thresholds
    seed: int = 0

    @cached_property
    def positions(self) -> NDArray[np.int64]:
        """Positions of the rows that are tried: at most 1,000, drawn by chance."""
        order = np.random.default_rng(self.seed).permutation(self.frame.height)
        return np.sort(order[:MOST_ROWS])

    @cached_property
    def rows(self) -> pl.DataFrame:
        """The rows that are tried."""
        chosen: pl.DataFrame = self.frame[self.positions]
        return chosen

    @cached_property
    def before(self) -> Floats:
        """Their predictions as they are."""
        return np.asarray(self.predict(self.rows), dtype=np.float64)

    def labels(self, label: str) -> list[int]:
        """Return the outputs that a test is about."""
        classes = self.contract.classes
        if label:
            return [classes.index(label)]
        return [1] if len(classes) == 2 else list(range(max(1, len(classes))))

    def about(self, label: str) -> str:
        """Say what the score is."""
        classes = self.contract.classes
        if not classes:
            return f"the predicted {self.contract.target.name}"
        chosen = label or (classes[1] if len(classes) == 2 else "")
        return f"the probability of '{chosen}'" if chosen else "the probability of any label"


def typical_row(frame: pl.DataFrame) -> pl.DataFrame:
    """Return one row with the median number or time, or the most frequent category, of each column.

    Parameters
    ----------
    frame : polars.DataFrame
        Conformed rows.
    """
    return pl.DataFrame([_typical(frame[name]) for name in frame.columns])


def _typical(column: pl.Series) -> pl.Series:
    known = column.drop_nulls()
    if not len(known):
        return pl.Series(column.name, [None], dtype=column.dtype)
    if column.dtype == pl.String:
        return known.value_counts(sort=True)[column.name].head(1)
    middle = known.sort().gather([len(known) // 2])
    return middle.alias(column.name)


def changed_text(column: Column, before: object, after: object) -> str:
    """Say what was changed; of a sensitive column its values are not shown."""
    if column.is_sensitive:
        return f"{column.name} (its values are not shown)"
    return f"{column.name} from {_value_text(column, before)} to {_value_text(column, after)}"


def _value_text(column: Column, value: object) -> str:
    if value is None:
        return "missing"
    if column.kind == "category":
        return f"'{value}'"
    if column.kind == "time":
        return str(np.datetime64(int(str(value)), "s"))
    if column.kind == "boolean":
        return "true" if value else "false"
    return f"{value:.6g}"
