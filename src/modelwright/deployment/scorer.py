"""Score rows with a package: the graph's output, and the decision that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.data import Inputs
from modelwright.deployment.package import Package
from modelwright.deployment.session import Session


@dataclass(frozen=True)
class Scores:
    """Answers for some rows.

    Attributes
    ----------
    classes : tuple of str
        The labels, in the order of the columns of ``probabilities``; empty for regression.
    probabilities : ndarray of shape (n, classes), or None
        None for regression.
    values : ndarray of shape (n,), or None
        None for classes.
    predictions : sequence of str or float
        The label of every row, or its value.
    """

    classes: tuple[str, ...]
    probabilities: NDArray[np.float32] | None
    values: NDArray[np.float32] | None
    predictions: Sequence[str | float]


class Scorer:
    """Score rows with a package.

    Parameters
    ----------
    package : Package
    threads : int, default 1
        Threads inside one call; see `Session`.
    """

    def __init__(self, package: Package, threads: int = 1) -> None:
        self._session = Session(package.graph, threads)
        self._classes = package.manifest.classes
        self._threshold = package.manifest.threshold

    def score(self, inputs: Inputs) -> Scores:
        """Score every row.

        The label is the most probable one; for a binary task it is the positive one where its probability
        reaches the decision threshold of the package, or that of the row's group where groups have their own.

        Parameters
        ----------
        inputs : Inputs
            As `modelwright.data.matrices` or a `modelwright.data.Validator` makes them.
        """
        output, thresholds = self._session.predict_with_thresholds(inputs)
        if not self._classes:
            values = output[:, 0]
            return Scores((), None, values, values.tolist())
        if self._threshold is None:
            chosen = output.argmax(axis=1)
        else:
            reached = np.float32(self._threshold) if thresholds is None else thresholds
            chosen = (output[:, 1] >= reached).astype(np.intp)
        return Scores(self._classes, output, None, [self._classes[index] for index in chosen.tolist()])
