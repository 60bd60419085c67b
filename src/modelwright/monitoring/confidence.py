"""How good predicted labels are likely to be before any true one has come, told by their confidence."""

from __future__ import annotations

from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.problem import Metric

Floats = NDArray[np.float64]

_FOLDS = 5
_DRAWS = 200
_FEWEST = 100  # rows with, and rows without a label that a curve is fitted to


class Curve(BaseModel):
    """A rising curve from a predicted probability to the share of hits (isotonic regression).

    Attributes
    ----------
    scores, shares : tuple of float
        The curve's corners; it is straight between them and level outside. Without corners the probability
        is taken at its word.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    scores: tuple[float, ...] = ()
    shares: tuple[float, ...] = ()

    @classmethod
    def fit(cls, score: Floats, hit: NDArray[np.bool_]) -> Self:
        """Fit the curve; where it does not beat the probability itself on held-out rows, there is none.

        Parameters
        ----------
        score : ndarray of shape (n,)
            Predicted probabilities of a label.
        hit : ndarray of bool of shape (n,)
            Whether the row has the label.
        """
        if min(hit.sum(), (~hit).sum()) < _FEWEST:
            return cls()
        fold = np.arange(len(score)) % _FOLDS
        held_out = np.empty(len(score))
        for each in range(_FOLDS):
            held_out[fold == each] = cls._whole(score[fold != each], hit[fold != each])(score[fold == each])
        improves = ((held_out - hit) ** 2).mean() < ((score - hit) ** 2).mean()
        return cls._whole(score, hit) if improves else cls()

    @classmethod
    def _whole(cls, score: Floats, hit: NDArray[np.bool_]) -> Self:
        from sklearn.isotonic import IsotonicRegression

        fitted = IsotonicRegression(out_of_bounds="clip").fit(score, hit.astype(np.float64))
        return cls(scores=tuple(fitted.X_thresholds_.tolist()), shares=tuple(fitted.y_thresholds_.tolist()))

    def __call__(self, score: Floats) -> Floats:
        """Return the shares of hits that belong to probabilities."""
        return np.interp(score, self.scores, self.shares) if self.scores else score


class ConfidenceEstimator(BaseModel):
    """Confidence-based performance estimation (CBPE).

    While calibrated probabilities stay calibrated, a row whose label has the probability `p` is right with
    the probability `p`: every metric can be computed with each row counted once for every label, with that
    label's probability as its weight. It sees inputs that have moved to where the model is less sure. It
    cannot see concept change: where the same inputs have come to have other labels, the probabilities are no
    longer calibrated, and only labels tell.

    Attributes
    ----------
    curves : tuple of Curve
        Of each class; of the positive class alone where there are two.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: Literal["CBPE"] = "CBPE"
    curves: tuple[Curve, ...]

    @classmethod
    def fit(cls, y: NDArray[np.generic], prediction: NDArray[np.floating]) -> Self:
        """Calibrate on labelled rows that the model has not learnt from.

        Parameters
        ----------
        y : ndarray of shape (n,)
            Class codes.
        prediction : ndarray of shape (n, n_classes)
        """
        given = np.asarray(prediction, dtype=np.float64)
        classes = [1] if given.shape[1] == 2 else list(range(given.shape[1]))
        return cls(curves=tuple(Curve.fit(given[:, code], y == code) for code in classes))

    def calibrated(self, prediction: NDArray[np.floating]) -> Floats:
        """Return calibrated probabilities, of the same shape."""
        given = np.asarray(prediction, dtype=np.float64)
        if len(self.curves) == 1:
            positive = self.curves[0](given[:, 1])
            return np.column_stack([1 - positive, positive])
        each = np.column_stack([curve(given[:, code]) for code, curve in enumerate(self.curves)])
        total = each.sum(axis=1, keepdims=True)
        return np.where(total > 0, each / np.where(total > 0, total, 1.0), given)

    def estimate(self, metric: Metric, prediction: NDArray[np.floating]) -> float:
        """Return the value of a metric that is to be expected."""
        sure = self.calibrated(prediction)
        n_rows, n_classes = sure.shape
        y = np.repeat(np.arange(n_classes), n_rows)
        return float(metric(y, np.tile(prediction, (n_classes, 1)), sure.T.ravel()))

    def limits(self, metric: Metric, prediction: NDArray[np.floating], seed: int) -> tuple[float, float]:
        """Return where the metric will lie 95 times in 100, labels being drawn with their probabilities."""
        sure, rng = self.calibrated(prediction).cumsum(axis=1), np.random.default_rng(seed)
        drawn = [
            metric((rng.random((len(sure), 1)) > sure[:, :-1]).sum(axis=1), np.asarray(prediction))
            for _ in range(_DRAWS)
        ]
        defined = [value for value in drawn if np.isfinite(value)]
        if not defined:
            return np.nan, np.nan
        low, high = np.quantile(defined, [0.025, 0.975])
        return float(low), float(high)
