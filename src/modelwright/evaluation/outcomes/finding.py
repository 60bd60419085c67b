"""From the vault's labels and predictions to everything about incorrect outcomes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.drawing import Units
from modelwright.evaluation.importance import Predict
from modelwright.evaluation.outcomes.background import Background
from modelwright.evaluation.outcomes.confused import ConfusedPair, rank_confusions
from modelwright.evaluation.outcomes.doubted import LabelDoubts, doubt_outcomes
from modelwright.evaluation.outcomes.retesting import find_weak_slices
from modelwright.evaluation.outcomes.slices import SliceSearch
from modelwright.evaluation.outcomes.stability import Stability, measure_stability
from modelwright.evaluation.outcomes.worst import WorstRow, worst_rows
from modelwright.problem import Brief, metric_named


class Outcomes(BaseModel):
    """Incorrect outcomes on held-out rows.

    Attributes
    ----------
    worst : tuple of WorstRow
        The 20 rows with the largest loss, the worst first.
    confusions : tuple of ConfusedPair
        Which labels are taken for which, the most frequent first; none for regression.
    doubts : LabelDoubts or None
        Labels that are likely to be wrong; None where there are too few rows to tell.
    slices : SliceSearch
        Where the model is worse than elsewhere.
    stability : Stability or None
        What disturbed rows cost; None where the metric is not defined on the sampled rows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    worst: tuple[WorstRow, ...]
    confusions: tuple[ConfusedPair, ...]
    doubts: LabelDoubts | None
    slices: SliceSearch
    stability: Stability | None

    @property
    def suspected(self) -> tuple[WorstRow, ...]:
        """The worst rows whose label itself is suspect."""
        return tuple(each for each in self.worst if each.suspected)


def find_outcomes(
    brief: Brief,
    classes: tuple[str, ...],
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    frame: pl.DataFrame,
    predict: Predict,
    background: Background,
    *,
    threshold: float | NDArray[np.floating],
    units: Units,
    groups: NDArray[np.generic] | None = None,
    leading: Sequence[str] = (),
    looks: int = 1,
    level: float = 0.95,
    resamples: int = 200,
    seed: int = 0,
) -> Outcomes:
    """Find which rows are wrong, why, where they are many, and what makes more of them.

    Parameters
    ----------
    brief : Brief
        Task and metric.
    classes : tuple of str
        Labels in the order of the codes; empty for regression.
    y, prediction, frame
        The vault's labels, predictions and conformed features.
    predict : callable
        From a conformed frame to predictions.
    background : Background
        What is known besides the vault.
    threshold : float or ndarray of shape (n,)
        From which probability the positive of two labels is predicted.
    units : Units
        Which rows of the vault go together.
    groups : ndarray of shape (n,), optional
        The brief's group of each row.
    leading : sequence of str, optional
        The columns in the order of their importance.
    looks, level : int, float
        As for `modelwright.evaluation.interval`.
    resamples : int, default 200
        At most 200 bootstrap resamples are drawn for each disturbance.
    seed : int, default 0
    """
    task = brief.problem.task
    doubts, doubted = doubt_outcomes(task, classes, y, prediction, background)
    return Outcomes(
        worst=worst_rows(
            background,
            classes,
            y,
            prediction,
            frame,
            threshold=threshold,
            doubted=doubted,
            leading=leading,
            seed=seed,
        ),
        confusions=rank_confusions(classes, y, prediction, threshold),
        doubts=doubts,
        slices=find_weak_slices(
            background, y, prediction, frame, units=units, looks=looks, level=level, seed=seed
        ),
        stability=measure_stability(
            predict,
            frame,
            background.contract.features,
            y,
            metric_named(brief.problem.metric, task),
            leading=leading,
            groups=groups,
            looks=looks,
            level=level,
            resamples=resamples,
            seed=seed,
        ),
    )
