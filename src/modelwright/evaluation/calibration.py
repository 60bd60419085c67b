"""Whether a predicted probability (or value) can be taken at its word."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.problem import Task

_BINS = 10
_DRAWS = 400
_Floats = NDArray[np.float64]


class CalibrationBin(BaseModel):
    """Rows with about the same prediction.

    Attributes
    ----------
    rows : int
        How many.
    predicted : float
        Their mean prediction.
    observed : float
        What came true: the share of hits, or the mean value.
    low, high : float
        Limits of `observed` at 95 %: Wilson's for shares, Student's for means.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    predicted: float
    observed: float
    low: float
    high: float


class Calibration(BaseModel):
    """Predictions against what came true, in bins of about equally many rows.

    Attributes
    ----------
    about : str
        What is predicted, in words.
    bins : tuple of CalibrationBin
        In ascending order of the prediction.
    error : float
        Mean distance between predicted and observed, weighted by rows: 0.02 means two points off.
    expected_error : float
        The error that a perfectly calibrated model would show on so many rows, by chance.
    p_value : float
        How often a perfectly calibrated model shows an error this large (consistency resampling,
        Bröcker & Smith 2007).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str
    bins: tuple[CalibrationBin, ...]
    error: float
    expected_error: float
    p_value: float


def calibrate_against(
    task: Task,
    classes: tuple[str, ...],
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    *,
    seed: int = 0,
) -> Calibration:
    """Compare predictions with what came true.

    Parameters
    ----------
    task : Task
        Binary: the probability of the positive label. Multiclass: the probability of the label that was
        chosen. Regression: the value.
    classes : tuple of str
        Labels in the order of the codes.
    y : ndarray of shape (n,)
        Class codes, or values.
    prediction : ndarray of shape (n, n_classes) or (n, 1)
        Probabilities, or values.
    seed : int, default 0
        Seed of the resampling behind `p_value`.
    """
    about, expected, outcome = _pairs(task, classes, y, np.asarray(prediction, dtype=np.float64))
    order = np.argsort(expected, kind="stable")
    expected, outcome = expected[order], outcome[order]
    starts = _bin_starts(expected)
    counts = np.diff(np.append(starts, len(expected)))
    error = _error(expected, outcome[None, :], starts)[0]
    chance = _errors_by_chance(task, expected, outcome, starts, np.random.default_rng(seed))
    return Calibration(
        about=about,
        bins=tuple(
            _bin(task, expected[start : start + count], outcome[start : start + count])
            for start, count in zip(starts, counts, strict=True)
        ),
        error=float(error),
        expected_error=float(chance.mean()),
        p_value=float((1 + (chance >= error).sum()) / (1 + len(chance))),
    )


def _pairs(
    task: Task, classes: tuple[str, ...], y: NDArray[np.generic], prediction: _Floats
) -> tuple[str, _Floats, _Floats]:
    if task is Task.REGRESSION:
        return "the value", prediction[:, 0], np.asarray(y, dtype=np.float64)
    if task is Task.BINARY:
        return f"the probability of '{classes[1]}'", prediction[:, 1], (y == 1).astype(np.float64)
    chosen = prediction.argmax(axis=1)
    return "the probability of the chosen label", prediction.max(axis=1), (y == chosen).astype(np.float64)


def _bin_starts(expected: _Floats) -> NDArray[np.int64]:
    positions = np.arange(_BINS) * len(expected) // _BINS
    return np.unique(np.searchsorted(expected, expected[positions], side="left"))


def _error(expected: _Floats, outcomes: _Floats, starts: NDArray[np.int64]) -> _Floats:
    sums = np.add.reduceat(outcomes - expected, starts, axis=1)
    distance: _Floats = np.abs(sums).sum(axis=1) / len(expected)
    return distance


def _errors_by_chance(
    task: Task, expected: _Floats, outcome: _Floats, starts: NDArray[np.int64], rng: np.random.Generator
) -> _Floats:
    errors = np.empty(_DRAWS)
    for draw in range(_DRAWS):
        if task is Task.REGRESSION:
            outcomes = expected + (outcome - expected) * rng.choice((-1.0, 1.0), size=len(expected))
        else:
            outcomes = (rng.random(len(expected)) < expected).astype(np.float64)
        errors[draw] = _error(expected, outcomes[None, :], starts)[0]
    return errors


def _bin(task: Task, expected: _Floats, outcome: _Floats) -> CalibrationBin:
    low, high = _student(outcome) if task is Task.REGRESSION else _wilson(outcome)
    return CalibrationBin(
        rows=len(outcome),
        predicted=float(expected.mean()),
        observed=float(outcome.mean()),
        low=low,
        high=high,
    )


def _wilson(hits: _Floats) -> tuple[float, float]:
    n, share, z = len(hits), float(hits.mean()), 1.959964
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z / (1 + z**2 / n) * float(np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)))
    return max(0.0, centre - reach), min(1.0, centre + reach)


def _student(values: _Floats) -> tuple[float, float]:
    from scipy.special import stdtrit

    mean = float(values.mean())
    if len(values) < 2:
        return mean, mean
    reach = float(stdtrit(len(values) - 1, 0.975)) * float(values.std(ddof=1)) / len(values) ** 0.5
    return mean - reach, mean + reach
