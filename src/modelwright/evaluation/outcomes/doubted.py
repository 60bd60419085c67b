"""Labels that the model doubts, in the vault and among the training rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.label_doubts import doubt_labels
from modelwright.evaluation.outcomes.background import Background
from modelwright.problem import Task

_MOST = 20
_FEWEST_ROWS = 50


class DoubtedLabel(BaseModel):
    """A label that is likely to be wrong.

    Attributes
    ----------
    row : int
        Position among the held-out rows, from 0.
    label, suggested : str or float
        What the row has, and what the model says.
    quality : float
        From 0 (surely wrong) to 1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: int
    label: str | float
    suggested: str | float
    quality: float


class LabelDoubts(BaseModel):
    """Labels that are likely to be wrong.

    Attributes
    ----------
    rows, found : int
        How many held-out labels were looked at, and how many of them are doubted.
    training_rows, training_found : int
        The same of training labels, by what learners that had not seen them said; ``modelwright labels``
        lists those.
    labels : tuple of DoubtedLabel
        The most doubted held-out labels.
    how : str
        The method, in words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    found: int
    training_rows: int
    training_found: int
    labels: tuple[DoubtedLabel, ...]
    how: str


def doubt_outcomes(
    task: Task,
    classes: tuple[str, ...],
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    background: Background,
) -> tuple[LabelDoubts | None, NDArray[np.int64]]:
    """Find labels that are likely to be wrong, and return the positions of those in the vault as well.

    None where there are too few rows to tell mistakes of the label from those of the model.
    """
    if len(y) < _FEWEST_ROWS:
        return None, np.array([], dtype=np.int64)
    doubts = doubt_labels(y, np.asarray(prediction, dtype=np.float64), task)
    listed = tuple(
        DoubtedLabel(
            row=int(row),
            label=named(y[row], classes),
            suggested=named(instead, classes),
            quality=float(quality),
        )
        for row, instead, quality in zip(
            doubts.rows[:_MOST], doubts.suggested[:_MOST], doubts.quality[:_MOST], strict=True
        )
    )
    judged, said = background.judged, background.out_of_fold
    trained = judged is not None and said is not None and len(judged) >= _FEWEST_ROWS
    found = (
        len(doubt_labels(background.y[judged], np.asarray(said, dtype=np.float64), task).rows)
        if trained
        else 0
    )
    summed = LabelDoubts(
        rows=len(y),
        found=len(doubts.rows),
        training_rows=len(judged) if trained and judged is not None else 0,
        training_found=found,
        labels=listed,
        how=doubts.how,
    )
    return summed, doubts.rows


def named(value: np.generic, classes: tuple[str, ...]) -> str | float:
    """Return a label as people write it, or the number."""
    return classes[int(value)] if classes else float(value)
