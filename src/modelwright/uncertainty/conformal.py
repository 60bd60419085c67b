"""Conformal prediction: sets of labels and intervals of values that hold the truth as often as they say.

Angelopoulos and Bates (2023), "Conformal prediction: a gentle introduction". The scores come from out-of-fold
predictions (Barber, Candès, Ramdas and Tibshirani 2021, "Predictive inference with the jackknife+"): each row
was predicted by learners that had not seen it, while the answer averages the learners of all folds.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, model_validator

from modelwright.errors import DataError

LEVELS = tuple(round(0.5 + step / 100, 2) for step in range(50))
"""The levels that are prepared: 0.50, 0.51, …, 0.99."""

_FEWEST_PER_LABEL = 100
_ROWS_PER_BAND = 200
_MOST_BANDS = 10
_ROUNDING = 1e-6

_Floats = NDArray[np.float64]


class Uncertainty(BaseModel):
    """How far answers may be off: the file ``uncertainty.json``. It holds quantiles, no row of anybody.

    Attributes
    ----------
    format : int
        Version of this form.
    kind : {"sets", "intervals"}
        Sets of labels, or intervals of values.
    rows : int
        How many out-of-fold predictions it was fitted on.
    assumes : str
        Under what the levels are kept, in words.
    levels : tuple of float
        Those that so many rows allow for, ascending.
    by_label : bool
        Sets: whether each label is covered as often as the level says, or only all together.
    thresholds : tuple of tuple of float
        Sets: for each level and label the probability from which the label is in the set.
    edges : tuple of float
        Intervals: the predictions at which one band ends and the next begins.
    below, above : tuple of tuple of float
        Intervals: for each level and band, how far the limits are from the prediction.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    format: Literal[1] = 1
    kind: Literal["sets", "intervals"]
    rows: int
    assumes: str
    levels: tuple[float, ...]
    by_label: bool = False
    thresholds: tuple[tuple[float, ...], ...] = ()
    edges: tuple[float, ...] = ()
    below: tuple[tuple[float, ...], ...] = ()
    above: tuple[tuple[float, ...], ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        tables = (self.thresholds,) if self.kind == "sets" else (self.below, self.above)
        if any(len(table) != len(self.levels) for table in tables):
            raise ValueError("levels: each level needs its row in the tables")
        if self.kind == "intervals" and any(
            len(row) != len(self.edges) + 1 for table in tables for row in table
        ):
            raise ValueError("edges: each band needs its distance")
        if list(self.levels) != sorted(self.levels) or list(self.edges) != sorted(self.edges):
            raise ValueError("levels and edges must ascend")
        return self

    def sets(self, probabilities: NDArray[np.floating], level: float) -> NDArray[np.bool_]:
        """Say which labels are in each row's set.

        Parameters
        ----------
        probabilities : ndarray of shape (n, n_classes)
        level : float
            How often the set shall hold the true label.

        Returns
        -------
        ndarray of shape (n, n_classes), bool
            The most probable label is always in.
        """
        chosen = np.asarray(probabilities >= np.asarray(self.thresholds[self._position(level)]))
        chosen[np.arange(len(chosen)), probabilities.argmax(axis=1)] = True
        return chosen

    def intervals(self, values: NDArray[np.floating], level: float) -> tuple[_Floats, _Floats]:
        """Return the limits of each row's interval.

        Parameters
        ----------
        values : ndarray of shape (n,)
            Predictions.
        level : float
            How often the interval shall hold the true value.
        """
        at = self._position(level)
        band = np.searchsorted(np.asarray(self.edges), values, side="right")
        low, high = np.asarray(self.below[at])[band], np.asarray(self.above[at])[band]
        return np.asarray(values - low, dtype=np.float64), np.asarray(values + high, dtype=np.float64)

    def _position(self, level: float) -> int:
        """Find the nearest level that is prepared and not below the one that is asked for."""
        at = bisect_left(self.levels, level - 1e-9)
        if not 0 < level < 1 or at == len(self.levels):
            span = f"up to {self.levels[-1]:g}" if self.levels else "none"
            raise DataError(
                f"the level {level:g} is not to be had; {self.rows:,} out-of-fold rows allow for {span}"
            )
        return at


def fit_sets(y: NDArray[np.generic], probabilities: NDArray[np.floating], assumes: str) -> Uncertainty:
    """Prepare sets of labels from out-of-fold predictions.

    A label is in the set where it is probable enough: the sets that are smallest on average at their level
    (Sadinle, Lei and Wasserman 2019, "Least ambiguous set-valued classifiers with bounded error levels").

    Parameters
    ----------
    y : ndarray of shape (n,)
        Class codes.
    probabilities : ndarray of shape (n, n_classes)
        Out-of-fold, calibrated.
    assumes : str
        See `assumptions`.

    Returns
    -------
    Uncertainty
        Where each label has at least 100 rows each has its own threshold, so that rare labels are covered as
        often as others.
    """
    codes = np.asarray(y, dtype=np.int64)
    n_classes = probabilities.shape[1]
    own = np.sort(np.asarray(probabilities, dtype=np.float64)[np.arange(len(codes)), codes])
    counts = np.bincount(codes, minlength=n_classes)
    by_label = bool(counts.min() >= _FEWEST_PER_LABEL)
    scores = [own] * n_classes
    if by_label:
        scores = [np.sort(probabilities[codes == code, code].astype(np.float64)) for code in range(n_classes)]
    fewest = min(len(each) for each in scores)
    levels = [level for level in LEVELS if _rank(fewest, level) <= fewest]
    # The rank counts the rows from the surest down; the threshold is the own probability of that row.
    thresholds = tuple(
        tuple(max(0.0, float(each[len(each) - _rank(len(each), level)]) - _ROUNDING) for each in scores)
        for level in levels
    )
    return Uncertainty(
        kind="sets",
        rows=len(codes),
        assumes=assumes,
        levels=tuple(levels),
        by_label=by_label,
        thresholds=thresholds,
    )


def fit_intervals(y: NDArray[np.generic], values: NDArray[np.floating], assumes: str) -> Uncertainty:
    """Prepare intervals from out-of-fold predictions.

    Rows are put into bands of about equally many by what was predicted for them, and each band has its own
    quantiles of the errors to either side (Mondrian conformal prediction: Vovk, Gammerman and Shafer 2005),
    so that intervals are wide where errors are large, and lopsided where errors are.

    Parameters
    ----------
    y : ndarray of shape (n,)
    values : ndarray of shape (n,)
        Out-of-fold predictions.
    assumes : str
        See `assumptions`.

    Returns
    -------
    Uncertainty
        With one band for each 200 rows, and at most ten.
    """
    predicted = np.asarray(values, dtype=np.float64)
    error = np.asarray(y, dtype=np.float64) - predicted
    bands = min(_MOST_BANDS, max(1, len(error) // _ROWS_PER_BAND))
    edges = np.unique(np.quantile(predicted, np.arange(1, bands) / bands)) if bands > 1 else np.empty(0)
    band = np.searchsorted(edges, predicted, side="right")
    sides = [(np.sort(-error[band == at]), np.sort(error[band == at])) for at in range(len(edges) + 1)]
    fewest = min(len(below) for below, _ in sides)
    levels = [level for level in LEVELS if _rank(fewest, (1 + level) / 2) <= fewest]

    def table(side: int) -> tuple[tuple[float, ...], ...]:
        return tuple(
            tuple(float(each[side][_rank(len(each[side]), (1 + level) / 2) - 1]) for each in sides)
            for level in levels
        )

    return Uncertainty(
        kind="intervals",
        rows=len(error),
        assumes=assumes,
        levels=tuple(levels),
        edges=tuple(edges.tolist()),
        below=table(0),
        above=table(1),
    )


def assumptions(*, grouped: bool, ordered: bool) -> str:
    """Say under what the levels are kept.

    Parameters
    ----------
    grouped : bool
        Whether rows of a group go together.
    ordered : bool
        Whether rows are known one after another.
    """
    if ordered:
        return (
            "The rows to come are like the latest of the training rows, on which the folds were judged. "
            "Where the world moves on, the levels are kept less and less; labels that come in show it."
        )
    if grouped:
        return (
            "The groups to come are like those of the training rows. Rows of a group go wrong together, so "
            "the levels are kept over many groups, not within each."
        )
    return "The rows to come are like the training rows (exchangeable)."


def _rank(rows: int, level: float) -> int:
    """Return which of so many sorted scores bounds the next one with this probability."""
    return math.ceil((rows + 1) * level - 1e-9)
