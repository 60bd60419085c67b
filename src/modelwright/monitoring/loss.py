"""What a release promised of its mistakes: a loss between 0 and 1, and the level it was measured at."""

from __future__ import annotations

from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from modelwright.monitoring.bounds import mean_upper, share_bounds
from modelwright.problem import Task

_LARGE = 0.9  # the quantile of the vault's errors beyond which an error counts as large


class LossPromise(BaseModel):
    """A loss in [0, 1] and the mean that it was promised to have at most.

    Attributes
    ----------
    kind : {"brier", "large error"}
        For classes the squared error of the probabilities (half the sum over the classes); for numbers
        whether the absolute error exceeds `limit`.
    limit : float or None
        The error that nine in ten rows of the vault did not exceed, in the target's unit.
    mean : float
        Mean loss on the vault.
    level : float
        Upper confidence bound of the mean loss on the vault: the promise.
    rows : int
        Rows of the vault.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["brier", "large error"]
    limit: float | None
    mean: float = Field(ge=0, le=1)
    level: float = Field(gt=0, le=1)
    rows: int

    @classmethod
    def measure(
        cls, task: Task, y: NDArray[np.generic], prediction: NDArray[np.floating], mistake: float
    ) -> Self:
        """Measure the promise on the vault.

        Parameters
        ----------
        task : Task
        y : ndarray of shape (n,)
            Class codes, or values.
        prediction : ndarray of shape (n, n_classes) or (n, 1)
        mistake : float
            Probability that the true mean loss is above the level.
        """
        if task.is_classification:
            losses = _brier(y, prediction)
            level = mean_upper(losses, mistake)
            return cls(kind="brier", limit=None, mean=float(losses.mean()), level=level, rows=len(y))
        errors = np.sort(_errors(y, prediction))
        limit = errors[int(np.ceil(_LARGE * len(errors))) - 1]
        n_large = int((errors > limit).sum())
        level = float(share_bounds(np.array([n_large]), len(errors), mistake)[1][0])
        return cls(
            kind="large error", limit=float(limit), mean=n_large / len(errors), level=level, rows=len(y)
        )

    def losses(self, y: NDArray[np.generic], prediction: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the loss of each row, in [0, 1]."""
        if self.limit is None:
            return _brier(y, prediction)
        return (_errors(y, prediction) > self.limit).astype(np.float64)

    @property
    def words(self) -> str:
        """What the loss is, for a stakeholder."""
        if self.limit is None:
            return "mean squared error of the probabilities (Brier score, 0 to 1)"
        return f"share of predictions that are off by more than {self.limit:.4g}"


def _brier(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> NDArray[np.float64]:
    distance = np.array(prediction, dtype=np.float64)
    distance[np.arange(len(distance)), np.asarray(y, dtype=np.int64)] -= 1.0
    losses: NDArray[np.float64] = np.clip((distance**2).sum(axis=1) / 2, 0.0, 1.0)
    return losses


def _errors(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> NDArray[np.float64]:
    distance: NDArray[np.float64] = np.asarray(prediction, dtype=np.float64)[:, 0] - np.asarray(y, np.float64)
    return np.abs(distance)
