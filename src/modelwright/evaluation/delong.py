"""The difference of two ROC-AUCs on the same rows, with its standard error.

References
----------
E. DeLong, D. DeLong and D. Clarke-Pearson, "Comparing the areas under two or more correlated receiver
operating characteristic curves: a nonparametric approach", Biometrics 44 (1988).
X. Sun and W. Xu, "Fast implementation of DeLong's algorithm for comparing the areas under correlated receiver
operating characteristic curves", IEEE Signal Processing Letters 21 (2014).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.evaluation.arrays import Floats


@dataclass(frozen=True)
class AreaDifference:
    """Two areas under ROC curves, paired.

    Attributes
    ----------
    areas : tuple of float
        Of the first and the second score.
    error : float
        Standard error of the first less the second; 0 where the two order the rows alike.
    """

    areas: tuple[float, float]
    error: float

    @property
    def difference(self) -> float:
        """The first less the second."""
        return self.areas[0] - self.areas[1]


def delong(positive: NDArray[np.bool_], first: Floats, second: Floats) -> AreaDifference:
    """Compare two scores of the same rows by their ROC-AUC.

    Parameters
    ----------
    positive : ndarray of bool of shape (n,)
        At least two rows of each kind.
    first, second : ndarray of shape (n,)
        The scores.
    """
    shares = [_shares_beaten(positive, score) for score in (first, second)]
    areas = (float(shares[0][0].mean()), float(shares[1][0].mean()))
    by_row = [one - other for one, other in zip(*shares, strict=True)]
    return AreaDifference(areas, float(np.sqrt(sum(each.var(ddof=1) / len(each) for each in by_row))))


def _shares_beaten(positive: NDArray[np.bool_], score: Floats) -> tuple[Floats, Floats]:
    """Return for each positive the share of negatives below it, for each negative that of positives above."""
    among_all, above, below = _mid_ranks(score), score[positive], score[~positive]
    of_positives = (among_all[positive] - _mid_ranks(above)) / len(below)
    of_negatives = 1 - (among_all[~positive] - _mid_ranks(below)) / len(above)
    return of_positives, of_negatives


def _mid_ranks(score: Floats) -> Floats:
    _, rank, counts = np.unique(score, return_inverse=True, return_counts=True)
    last = np.cumsum(counts, dtype=np.float64)
    return np.asarray((last - (counts - 1) / 2)[rank])
