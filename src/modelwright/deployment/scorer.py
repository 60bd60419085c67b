"""Score rows with a package: the graph's output, and the decision that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from modelwright.data import Inputs
from modelwright.deployment.asking import NOTHING_MORE, Asked
from modelwright.deployment.package import Package
from modelwright.deployment.session import Session
from modelwright.deployment.uncertain import Intervals, PackageUncertainty, Sets
from modelwright.errors import DataError


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
    abstained : ndarray of shape (n,), bool, or None
        Which answers are not sure enough; None where nothing abstains.
    sets : mapping of float to ndarray of shape (n, classes), bool
        For each level that was asked for, the labels that may be true; empty for regression.
    intervals : mapping of float to (low, high)
        For each level that was asked for, the limits of the true value; empty for classes.
    """

    classes: tuple[str, ...]
    probabilities: NDArray[np.float32] | None
    values: NDArray[np.float32] | None
    predictions: Sequence[str | float]
    abstained: NDArray[np.bool_] | None = None
    sets: Sets = field(default_factory=dict)
    intervals: Intervals = field(default_factory=dict)


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
        self._abstain_below = package.manifest.abstain_below or 0.0
        self._uncertainty = PackageUncertainty(package)

    def score(self, inputs: Inputs, asked: Asked = NOTHING_MORE) -> Scores:
        """Score every row.

        The label is the most probable one; for a binary task it is the positive one where its probability
        reaches the decision threshold of the package, or that of the row's group where groups have their own.

        Parameters
        ----------
        inputs : Inputs
            As `modelwright.data.matrices` or a `modelwright.data.Validator` makes them.
        asked : Asked, optional
            Levels of sets or intervals, and the least confidence of a firm answer.

        Raises
        ------
        DataError
            If a row gives no finite number, a level is not to be had, or numbers are asked to abstain.
        PackageError
            If sets or intervals are asked for that the package does not have.
        """
        output, thresholds = self._session.predict_with_thresholds(inputs)
        if not self._classes:
            values = output[:, 0]
            if asked.abstain_below:
                raise DataError("a number has no probability to be below; ask for intervals instead")
            intervals = self._uncertainty.intervals(values, asked.levels) if asked.levels else {}
            return Scores((), None, values, values.tolist(), intervals=intervals)
        if self._threshold is None:
            chosen = output.argmax(axis=1)
        else:
            reached = np.float32(self._threshold) if thresholds is None else thresholds
            chosen = (output[:, 1] >= reached).astype(np.intp)
        below = self._abstain_below if asked.abstain_below is None else asked.abstain_below
        return Scores(
            self._classes,
            output,
            None,
            [self._classes[index] for index in chosen.tolist()],
            abstained=output.max(axis=1) < np.float32(below) if below else None,
            sets=self._uncertainty.sets(output, asked.levels) if asked.levels else {},
        )
