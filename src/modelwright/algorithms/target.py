"""The target as the learners see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.algorithm import FitJob
from modelwright.problem import Task


@dataclass(frozen=True, eq=False)
class Target:
    """Class codes as they are; values shifted and scaled to mean 0 and spread 1.

    Leaves are summed in single precision, which keeps six digits of the spread only where a large common
    value (a year, a price level) is added last.

    Attributes
    ----------
    y, y_valid : ndarray
        int64 codes, or float64 standardised values.
    center, scale : float
        ``value = center + scale * y``; 0 and 1 for classes.
    """

    y: NDArray[Any]
    y_valid: NDArray[Any]
    center: float = 0.0
    scale: float = 1.0

    @classmethod
    def of(cls, job: FitJob) -> Target:
        """Prepare the target of a job."""
        if job.task is not Task.REGRESSION:
            return cls(np.asarray(job.y, dtype=np.int64), np.asarray(job.y_valid, dtype=np.int64))
        center = float(job.y.mean())
        scale = float(job.y.std()) or 1.0
        return cls((job.y - center) / scale, (job.y_valid - center) / scale, center, scale)

    def restore(self, raw: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return standardised values of shape (n,) as predictions of shape (n, 1)."""
        return self.center + self.scale * np.asarray(raw, dtype=np.float64).reshape(-1, 1)


def nothing_to_learn(job: FitJob) -> bool:
    """Tell whether the target never changes or there is no feature: libraries refuse such jobs."""
    return job.X.shape[1] == 0 or len(np.unique(job.y)) < 2


def both_classes(positive: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the probabilities (1 - p, p) of the two classes of a binary task."""
    column = np.asarray(positive, dtype=np.float64).reshape(-1, 1)
    return np.hstack([1.0 - column, column])
