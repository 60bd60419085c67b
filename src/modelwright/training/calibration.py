"""Calibration: probabilities that mean what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from spox import Var

SMALLEST = 1e-7
LIMITS = (0.2, 5.0)
PENALTY = 1.0


@dataclass(frozen=True)
class Calibration:
    """One temperature for all classes, and one shift for each.

    Attributes
    ----------
    temperature : float
        Divides the log-probabilities: above 1 makes the model less sure of itself, below 1 more.
    shifts : tuple of float
        Added to them; the first class has none.
    """

    temperature: float
    shifts: tuple[float, ...]

    @classmethod
    def none(cls, n_classes: int) -> Calibration:
        """Return the calibration that changes nothing."""
        return cls(1.0, (0.0,) * n_classes)

    @classmethod
    def fit(
        cls,
        y: NDArray[np.generic],
        probabilities: NDArray[np.floating],
        weight: NDArray[np.float64] | None = None,
    ) -> Calibration:
        """Find the calibration that gives the least log-loss.

        Guo, Pleiss, Sun and Weinberger (2017), "On calibration of modern neural networks", section 4.2, with
        the shifts of Platt (1999), "Probabilistic outputs for support vector machines".

        Parameters
        ----------
        y : ndarray of shape (n,)
            Class codes.
        probabilities : ndarray of shape (n, n_classes)
            Out-of-fold predictions.
        weight : ndarray of shape (n,), optional
            How much each row counts; all alike by default.

        Returns
        -------
        Calibration
            With a temperature between 0.2 and 5. A weak penalty, of one row's weight, keeps the shifts of
            rare classes finite; one row's weight of doubt, spread over all rows and classes, keeps a model
            that made no mistake in n rows from claiming to err less than about once in n (as Platt's
            smoothed targets do).
        """
        from scipy.optimize import minimize

        n, n_classes = probabilities.shape
        logits = _logits(probabilities)
        doubt = 1 / (n + 1)
        hot = np.full_like(logits, doubt / n_classes)
        hot[np.arange(n), np.asarray(y, dtype=np.int64)] += 1.0 - doubt
        share = np.full(n, 1 / n) if weight is None else weight / weight.sum()

        def loss(free: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            scaled = logits / np.exp(free[0])
            shifts = np.append(0.0, free[1:])
            shifted = _softmax(scaled + shifts)
            wrong = (shifted - hot) * share[:, None]
            surprise = -(hot * np.log(np.maximum(shifted, SMALLEST))).sum(axis=1)
            value = surprise @ share + PENALTY / n * (shifts @ shifts)
            slope = wrong.sum(axis=0)[1:] + 2 * PENALTY / n * shifts[1:]
            return float(value), np.append(-(wrong * scaled).sum(), slope)

        bounds = [(np.log(LIMITS[0]), np.log(LIMITS[1])), *[(-5.0, 5.0)] * (n_classes - 1)]
        found = minimize(loss, np.zeros(n_classes), jac=True, bounds=bounds, method="L-BFGS-B")
        return cls(float(np.exp(found.x[0])), (0.0, *(float(shift) for shift in found.x[1:])))

    def apply(self, probabilities: NDArray[np.floating]) -> NDArray[np.float64]:
        """Calibrate probabilities.

        Parameters
        ----------
        probabilities : ndarray of shape (n, n_classes)
            Rows add up to 1.
        """
        return _softmax(_logits(probabilities) / self.temperature + np.asarray(self.shifts))

    def graph(self, probabilities: Var) -> Var:
        """Write `apply` as an ONNX graph."""
        import spox.opset.ai.onnx.v21 as op

        logits = op.log(op.max([probabilities, op.const(np.float32(SMALLEST))]))
        scaled = op.div(logits, op.const(np.float32(self.temperature)))
        return op.softmax(op.add(scaled, op.const(np.asarray(self.shifts, dtype=np.float32))), axis=1)


def _logits(probabilities: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.log(np.maximum(np.asarray(probabilities, dtype=np.float64), SMALLEST))


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float64)
