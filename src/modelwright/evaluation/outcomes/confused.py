"""Which labels are taken for which, the most frequent first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.confusion import decide

_MOST = 10
_EXAMPLES = 3


class ConfusedPair(BaseModel):
    """One label taken for another.

    Attributes
    ----------
    truth, predicted : str
    rows : int
        How many rows.
    share : float
        Their share of the rows with that true label.
    certainty : float
        Mean probability that the model gave the wrong label on them.
    surest : tuple of int
        Positions of the rows on which it was surest, among the held-out rows, from 0.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    truth: str
    predicted: str
    rows: int
    share: float
    certainty: float
    surest: tuple[int, ...]


def rank_confusions(
    classes: tuple[str, ...],
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    threshold: float | NDArray[np.floating],
) -> tuple[ConfusedPair, ...]:
    """List which labels are taken for which, the most frequent first; none for numbers."""
    if not classes:
        return ()
    truth, given = y.astype(np.int64), decide(np.asarray(prediction), threshold)
    width = len(classes)
    counts = np.bincount(truth * width + given, minlength=width**2).reshape(width, width)
    of_truth = counts.sum(axis=1)
    np.fill_diagonal(counts, 0)
    pairs = []
    for cell in np.argsort(-counts, axis=None, kind="stable")[:_MOST]:
        true, wrong = divmod(int(cell), width)
        if not counts[true, wrong]:
            break
        rows = np.flatnonzero((truth == true) & (given == wrong))
        certainty = np.asarray(prediction)[rows, wrong]
        surest = rows[np.argsort(-certainty, kind="stable")[:_EXAMPLES]]
        pairs.append(
            ConfusedPair(
                truth=classes[true],
                predicted=classes[wrong],
                rows=len(rows),
                share=len(rows) / int(of_truth[true]),
                certainty=float(certainty.mean()),
                surest=tuple(surest.tolist()),
            )
        )
    return tuple(pairs)
