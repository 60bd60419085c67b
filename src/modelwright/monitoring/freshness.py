"""What the last retraining was worth: the champion against the model before it, on labels new to both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

Floats = NDArray[np.float64]

BLOCKS = 20  # rows near in time are alike, so blocks of them are what is independent
DOUBT = 1.645  # standard errors on one side: beyond doubt with 95 %
FEWEST = 2 * BLOCKS


class Freshness(BaseModel):
    """What the last retraining was worth.

    Attributes
    ----------
    gain : float
        How much less the champion lost than the model before it, as a share of the champion's loss.
    error : float
        Standard error of `gain`.
    rise : float
        By how much the champion's loss has risen from the first half of these labels to the second, as a
        share.
    rows : int
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    gain: float
    error: float
    rise: float
    rows: int

    @classmethod
    def of(cls, before: Floats, champion: Floats) -> Freshness | None:
        """Compare two models by the losses of the same rows, the oldest first; None where these are few.

        Parameters
        ----------
        before, champion : ndarray of shape (n,)
            Loss of each row.
        """
        n = len(champion)
        usual = float(champion.mean()) if n else 0.0
        if n < FEWEST or usual <= 0:
            return None
        blocks = np.array([each.mean() for each in np.array_split(before - champion, BLOCKS)])
        early, late = champion[: n // 2].mean(), champion[n // 2 :].mean()
        return cls(
            gain=float((before - champion).mean()) / usual,
            error=float(blocks.std(ddof=1)) / BLOCKS**0.5 / usual,
            rise=float(late / early - 1) if early > 0 else 0.0,
            rows=n,
        )

    def was_worth(self, cost: float) -> bool:
        """Say whether the retraining may have earned its cost; False where beyond doubt it has not."""
        return self.gain + DOUBT * self.error >= cost

    @property
    def is_worse(self) -> bool:
        """Whether the champion is worse than the model before it, beyond doubt."""
        return self.gain + 2 * self.error < 0

    @property
    def words(self) -> str:
        """What was found, for people."""
        low, high = self.gain - 2 * self.error, self.gain + 2 * self.error
        return (
            f"on {self.rows:,} labels since, the last retraining has earned {self.gain:+.1%} of the loss "
            f"({low:+.1%} to {high:+.1%})"
        )


def row_losses(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> Floats:
    """Return the squared error of each row: of the probabilities (Brier), or of the value.

    It is what every task has for a single row, and is least where the prediction is right on average.

    Parameters
    ----------
    y : ndarray of shape (n,)
        Class codes, or values.
    prediction : ndarray of shape (n, n_classes) or (n, 1)
    """
    distance = np.array(prediction, dtype=np.float64)
    if distance.shape[1] == 1:
        distance[:, 0] -= np.asarray(y, dtype=np.float64)
    else:
        distance[np.arange(len(distance)), np.asarray(y, dtype=np.int64)] -= 1.0
    losses: Floats = (distance**2).sum(axis=1)
    return losses
