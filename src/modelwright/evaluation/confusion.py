"""Which labels are taken for which, and how far off values are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict


class Confusion(BaseModel):
    """True labels against predicted ones.

    Attributes
    ----------
    labels : tuple of str
        In the order of the rows and columns of `counts`.
    counts : tuple of tuple of int
        ``counts[true][predicted]``, in rows of data.
    threshold : float or None
        Probability of the positive label from which it is predicted; None for more than two labels, where the
        most probable is, and where groups have thresholds of their own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    threshold: float | None = None

    @property
    def recall(self) -> tuple[float | None, ...]:
        """Share of each true label that is found; None where the label does not occur."""
        return tuple(row[code] / sum(row) if sum(row) else None for code, row in enumerate(self.counts))

    @property
    def precision(self) -> tuple[float | None, ...]:
        """Share of each predicted label that is right; None where it is never predicted."""
        totals = [sum(column) for column in zip(*self.counts, strict=True)]
        return tuple(self.counts[code][code] / total if total else None for code, total in enumerate(totals))


class Errors(BaseModel):
    """How far predicted values are from the true ones, in the target's unit.

    Attributes
    ----------
    half_within, nine_in_ten_within : float
        Half (90 %) of the predictions are at most this far off.
    bias : float
        Mean of prediction minus truth.
    bias_error : float
        Standard error of `bias`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    half_within: float
    nine_in_ten_within: float
    bias: float
    bias_error: float


def decide(prediction: NDArray[np.floating], threshold: float | NDArray[np.floating]) -> NDArray[np.int64]:
    """Return the code of the predicted label of each row.

    Parameters
    ----------
    prediction : ndarray of shape (n, n_classes)
        Probabilities.
    threshold : float or ndarray of shape (n,)
        For two classes, the probability of the positive label from which it is predicted.
    """
    if prediction.shape[1] == 2:
        return (prediction[:, 1] >= threshold).astype(np.int64)
    return np.asarray(prediction.argmax(axis=1), dtype=np.int64)


def confuse(
    classes: tuple[str, ...],
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    threshold: float | NDArray[np.floating],
) -> Confusion:
    """Count true against predicted labels."""
    n_classes = len(classes)
    cells = y.astype(np.int64) * n_classes + decide(prediction, threshold)
    counts = np.bincount(cells, minlength=n_classes**2).reshape(n_classes, n_classes)
    return Confusion(
        labels=classes,
        counts=tuple(tuple(int(count) for count in row) for row in counts),
        threshold=threshold if n_classes == 2 and isinstance(threshold, float) else None,
    )


def measure_errors(y: NDArray[np.generic], prediction: NDArray[np.floating]) -> Errors:
    """Summarise how far off predicted values are."""
    errors = np.asarray(prediction[:, 0], dtype=np.float64) - np.asarray(y, dtype=np.float64)
    half, most = np.quantile(np.abs(errors), (0.5, 0.9))
    return Errors(
        half_within=float(half),
        nine_in_ten_within=float(most),
        bias=float(errors.mean()),
        bias_error=float(errors.std(ddof=1) / len(errors) ** 0.5),
    )
