"""What is measured of each group: how often it is chosen, how often wrongly, what scores mean in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.arrays import Floats, Weights
from modelwright.evaluation.drawing import Units
from modelwright.evaluation.gap import Drawn, Gap
from modelwright.evaluation.intervals import Interval
from modelwright.evaluation.weighted import Statistic

FEWEST_ROWS = 30
FEWEST_JUDGED = 10
"""Rows of a group that a share is taken of, such as its positives; below, it says too little."""


class GroupFigure(BaseModel):
    """One figure of every group of a protected column.

    Attributes
    ----------
    name : str
        Such as ``true_positive_rate``.
    title : str
        In words.
    groups : dict of str to Interval
        The groups that are large enough for it; each interval holds by itself.
    gap : Gap or None
        The largest difference; its limits hold for all pairs of groups at once, so that a `low` above 0 is
        beyond chance. None where fewer than two groups are large enough.
    ratio : float or None
        The lowest figure divided by the highest; None where that says nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    groups: dict[str, Interval]
    gap: Gap | None = None
    ratio: float | None = None


@dataclass(frozen=True, eq=False)
class Share:
    """A mean of values over some of the rows.

    Attributes
    ----------
    name, title : str
    values : ndarray of shape (n,)
    judged : ndarray of bool, shape (n,)
        The rows that it is taken of.
    is_share : bool
        Whether it lies between 0 and 1, so that a ratio says something.
    """

    name: str
    title: str
    values: Floats
    judged: NDArray[np.bool_]
    is_share: bool = True

    def of(self, rows: NDArray[np.int64]) -> Statistic:
        """Return the statistic of some rows, from their weights of shape (b, n)."""
        values, judged = self.values[rows], self.judged[rows].astype(np.float64)

        def mean(weights: Weights) -> Floats:
            with np.errstate(invalid="ignore", divide="ignore"):
                return np.asarray((weights @ (values * judged)) / (weights @ judged))

        return mean


def binary_shares(
    y: NDArray[np.generic], probability: Floats, chosen: NDArray[np.int64], positive: str
) -> Iterator[Share]:
    """Return what is measured of the groups where there are two classes.

    Selection rate, true and false positive rate are those of fairlearn's demographic parity, equal
    opportunity and equalized odds (Agarwal and others 2018; Hardt, Price and Srebro 2016); calibration asks
    whether a score means the same in each group (Kleinberg, Mullainathan and Raghavan 2017).
    """
    everybody = np.ones(len(y), dtype=bool)
    truth, given = np.asarray(y) == 1, chosen == 1
    hit = given.astype(np.float64)
    yield Share("selection_rate", f"given '{positive}'", hit, everybody)
    yield Share("true_positive_rate", f"'{positive}' that is found", hit, truth)
    yield Share("false_positive_rate", f"others taken for '{positive}'", hit, ~truth)
    yield Share("precision", f"given '{positive}' rightly", truth.astype(np.float64), given)
    off = truth.astype(np.float64) - probability
    yield Share("calibration", f"'{positive}' observed less predicted", off, everybody, is_share=False)


def class_shares(y: NDArray[np.generic], chosen: NDArray[np.int64]) -> Iterator[Share]:
    """Return what is measured of the groups where there are more classes."""
    right = (chosen == np.asarray(y, dtype=np.int64)).astype(np.float64)
    yield Share("accuracy", "given the right label", right, np.ones(len(y), dtype=bool))


def value_shares(y: NDArray[np.generic], value: Floats) -> Iterator[Share]:
    """Return what is measured of the groups where values are predicted."""
    error = value - np.asarray(y, dtype=np.float64)
    yield Share("bias", "predicted less observed, on average", error, np.ones(len(y), bool), is_share=False)


def measure_groups(
    share: Share,
    members: list[tuple[str, NDArray[np.int64]]],
    units: Units,
    *,
    alpha: float,
    level: float,
    looks: int,
    resamples: int,
    seed: int,
) -> GroupFigure:
    """Measure one figure of every group that is large enough for it.

    Parameters
    ----------
    share : Share
    members : list of (name, rows)
        The groups.
    units : Units
        What is drawn.
    alpha : float
        Error of the limits at this look.
    level, looks, resamples, seed
        As for `modelwright.evaluation.interval`.
    """
    large = [(name, rows) for name, rows in members if share.judged[rows].sum() >= FEWEST_JUDGED]
    figure = GroupFigure(name=share.name, title=share.title, groups={})
    if not large:
        return figure
    parts = [(rows, share.of(rows)) for _, rows in large]

    def statistic(weights: Weights) -> Floats:
        return np.stack([part(weights[:, rows]) for rows, part in parts], axis=1)

    names = [name for name, _ in large]
    drawn = Drawn.of(names, statistic, units, resamples=resamples, seed=seed)
    if drawn is None:
        return figure
    judged = [min(int(share.judged[rows].sum()), units.independent) for _, rows in large]
    groups = {
        name: Interval(value=float(value), low=low, high=high, level=level, looks=looks)
        for name, value, (low, high) in zip(
            names, drawn.figures, _limits(share, drawn, judged, alpha), strict=True
        )
    }
    if len(large) < 2:
        return figure.model_copy(update={"groups": groups})
    smallest = min(int(share.judged[rows].sum()) for _, rows in large)
    highest = float(drawn.figures.max())
    return figure.model_copy(
        update={
            "groups": groups,
            "gap": drawn.gap(share.title, smallest_group=smallest, alpha=alpha, is_share=share.is_share),
            "ratio": float(drawn.figures.min()) / highest if share.is_share and highest > 0 else None,
        }
    )


def _limits(share: Share, drawn: Drawn, judged: list[int], alpha: float) -> list[tuple[float, float]]:
    """Return each group's limits; of a share that is 0 or 1 those of Clopper and Pearson (the rule of three).

    There every resample is the same, so that the bootstrap would be sure after a handful of rows.
    """
    limits = drawn.limits(alpha)
    if not share.is_share:
        return limits
    doubt = [1 - (alpha / 2) ** (1 / rows) for rows in judged]
    return [
        (0.0, each) if value == 0 else (1 - each, 1.0) if value == 1 else found
        for value, found, each in zip(drawn.figures, limits, doubt, strict=True)
    ]
