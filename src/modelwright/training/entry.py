"""A candidate in the race, with what has been fitted of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms import Candidate
from modelwright.training.checkpoint import Fit
from modelwright.training.work import Work


@dataclass(eq=False)
class Entry:
    """A candidate and its finished fits, one a fold, in the order of the folds.

    It may have more of them than folds are judged by: then the last ones are members only.
    """

    name: str
    candidate: Candidate
    fits: list[Fit] = field(default_factory=list)
    refit: Fit | None = None

    @property
    def seconds(self) -> float:
        """How long its fits took."""
        return sum(fit.seconds for fit in self.fits)

    @property
    def seconds_a_fit(self) -> float:
        """How long one of them took, on average."""
        return self.seconds / len(self.fits)

    def out_of_fold(self, work: Work) -> NDArray[np.float64]:
        """Join the predictions of the folds of `work` in the order of `work.judged`."""
        joined = np.full((len(work.y), work.n_outputs), np.nan)
        for (_, valid), fit in zip(work.folds, self.fits, strict=False):
            joined[valid] = fit.out_of_fold
        return joined[work.judged]

    def score(self, work: Work) -> float:
        """Return the metric on the folds of `work`."""
        return work.metric(work.y[work.judged], self.out_of_fold(work), work.weight_of(work.judged))

    def loss(self, work: Work) -> float:
        """Return the loss on the folds of `work`."""
        return work.metric.loss(work.y[work.judged], self.out_of_fold(work), work.weight_of(work.judged))
