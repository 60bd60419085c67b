"""Whether a predicted probability (or value) can be taken at its word."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.evaluation.intervals import Interval, error_at_look
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
    band_low, band_high : float
        Where `observed` lies 95 times in 100 if predictions can be taken at their word (a consistency band,
        for each bin by itself).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    predicted: float
    observed: float
    low: float
    high: float
    band_low: float
    band_high: float


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
    typical_error : Interval
        The root of the mean squared distance over the bins, without the part that chance adds (Kumar, Liang
        and Ma 2019, "Verified uncertainty calibration"), and where it truly lies: a model without any error
        has 0 in its interval.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str
    bins: tuple[CalibrationBin, ...]
    error: float
    expected_error: float
    p_value: float
    typical_error: Interval


def calibrate_against(
    task: Task,
    classes: tuple[str, ...],
    y: NDArray[np.generic],
    prediction: NDArray[np.floating],
    *,
    groups: NDArray[np.generic] | None = None,
    weight: NDArray[np.float64] | None = None,
    looks: int = 0,
    level: float = 0.95,
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
    groups : ndarray of shape (n,), optional
        The brief's group of each row; errors of a group's rows go together. For `typical_error`.
    weight : ndarray of shape (n,), optional
        How much each row counts; bins hold about equally many rows all the same.
    looks : int, default 0
        Which look at the vault this is. For `typical_error`.
    level : float, default 0.95
        The probability with which the interval of `typical_error` holds, over all looks.
    seed : int, default 0
        Seed of the resampling behind `p_value` and the bands.
    """
    about, expected, outcome = _pairs(task, classes, y, np.asarray(prediction, dtype=np.float64))
    order = np.argsort(expected, kind="stable")
    expected, outcome = expected[order], outcome[order]
    counted = np.ones(len(order)) if weight is None else weight[order] / weight.mean()
    starts = _bin_starts(expected)
    bins = [slice(first, last) for first, last in pairwise([*starts, len(expected)])]
    error = _error((outcome - expected) * counted, starts)
    means = _means_by_chance(task, expected, outcome, counted, starts, np.random.default_rng(seed))
    size = np.add.reduceat(counted, starts)
    predicted = np.add.reduceat(expected * counted, starts) / size
    chance = np.abs(means - predicted) @ size / len(expected)
    bands = np.quantile(means, [0.025, 0.975], axis=0)
    return Calibration(
        about=about,
        bins=tuple(
            _bin(task, expected[rows], outcome[rows], counted[rows], band)
            for rows, band in zip(bins, bands.T, strict=True)
        ),
        error=float(error),
        expected_error=float(chance.mean()),
        p_value=float((1 + (chance >= error - 1e-12).sum()) / (1 + len(chance))),
        typical_error=_typical_error(
            outcome - expected, counted, starts, None if groups is None else groups[order], looks, level
        ),
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


def _error(apart: _Floats, starts: NDArray[np.int64]) -> float:
    return float(np.abs(np.add.reduceat(apart, starts)).sum() / len(apart))


def _means_by_chance(
    task: Task,
    expected: _Floats,
    outcome: _Floats,
    weight: _Floats,
    starts: NDArray[np.int64],
    rng: np.random.Generator,
) -> _Floats:
    """Draw what each bin's mean outcome would be if predictions could be taken at their word."""
    size = np.add.reduceat(weight, starts)
    means = np.empty((_DRAWS, len(starts)))
    for draw in range(_DRAWS):
        if task is Task.REGRESSION:
            outcomes = expected + (outcome - expected) * rng.choice((-1.0, 1.0), size=len(expected))
        else:
            outcomes = (rng.random(len(expected)) < expected).astype(np.float64)
        means[draw] = np.add.reduceat(outcomes * weight, starts) / size
    return means


def _typical_error(
    apart: _Floats,
    weight: _Floats,
    starts: NDArray[np.int64],
    groups: NDArray[np.generic] | None,
    looks: int,
    level: float,
) -> Interval:
    """Estimate the root mean squared distance over bins, with its interval.

    The distances' covariance comes from the rows' errors, summed by group where there are groups. What it
    adds to the squared distances is taken off; how uncertain their sum is follows from normal distances.
    """
    from scipy.special import ndtri

    rows, bins = len(apart), len(starts)
    of_bin = np.repeat(np.arange(bins), np.diff(np.append(starts, rows)))
    counts, size = np.bincount(of_bin), np.bincount(of_bin, weights=weight)
    distance = np.bincount(of_bin, weights=apart * weight) / size
    spread = (apart - distance[of_bin]) * weight / size[of_bin]
    if groups is None:
        covariance = np.diag(np.bincount(of_bin, weights=spread**2) * counts / np.maximum(counts - 1, 1))
    else:
        _, group = np.unique(groups, return_inverse=True)
        sums = np.zeros((int(group.max()) + 1, bins))
        np.add.at(sums, (group, of_bin), spread)
        covariance = sums.T @ sums * len(sums) / max(len(sums) - 1, 1)
    share = size / rows
    squared = float(share @ (distance**2 - np.diag(covariance)))
    weighted = share[:, None] * covariance
    variance = 4 * (share * distance) @ covariance @ (share * distance) + 2 * np.trace(weighted @ weighted)
    reach = float(-ndtri(error_at_look(level, looks) / 2)) * float(np.sqrt(max(variance, 0.0)))
    value, low, high = (
        float(np.sqrt(max(0.0, each))) for each in (squared, squared - reach, squared + reach)
    )
    return Interval(value=value, low=low, high=high, level=level, looks=looks)


def _bin(task: Task, expected: _Floats, outcome: _Floats, weight: _Floats, band: _Floats) -> CalibrationBin:
    observed = float(np.average(outcome, weights=weight))
    alike = float(weight.sum() ** 2 / (weight**2).sum())  # Kish (1965): rows of one weight that say as much
    spread = float(np.sqrt(np.average((outcome - observed) ** 2, weights=weight)))
    low, high = _student(observed, spread, alike) if task is Task.REGRESSION else _wilson(observed, alike)
    return CalibrationBin(
        rows=len(outcome),
        predicted=float(np.average(expected, weights=weight)),
        observed=observed,
        low=low,
        high=high,
        band_low=float(band[0]),
        band_high=float(band[1]),
    )


def _wilson(share: float, n: float) -> tuple[float, float]:
    z = 1.959964
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z / (1 + z**2 / n) * float(np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)))
    return max(0.0, centre - reach), min(1.0, centre + reach)


def _student(mean: float, spread: float, n: float) -> tuple[float, float]:
    from scipy.special import stdtrit

    if n <= 1:
        return mean, mean
    reach = float(stdtrit(n - 1, 0.975)) * spread / (n - 1) ** 0.5
    return mean - reach, mean + reach
