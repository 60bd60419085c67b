"""Whom to treat: the Qini curve of a score."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.errors import DataError
from modelwright.evaluation.intervals import Interval

POINTS = 101
_CELLS = 20_000_000  # of the resampled weights at once, to bound the memory


class Qini(BaseModel):
    """What a score is worth for choosing whom to treat.

    Attributes
    ----------
    rows : int
    effect : Interval
        Mean effect of treating everybody, in the outcome's unit.
    coefficient : Interval
        Area between the curve and the line of treating by chance, in the outcome's unit per row; 0 for a
        score without worth. Radcliffe (2007), "Using control groups to target on predicted lift".
    shares : tuple of float
        Of the rows that are treated, the highest scores first; from 0 to 1.
    gains : tuple of float
        What treating them adds to the outcome, per row of all.
    best_share : float
        The share with the largest gain.
    words : str
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    effect: Interval
    coefficient: Interval
    shares: tuple[float, ...]
    gains: tuple[float, ...]
    best_share: float
    words: str


def qini(
    treated: NDArray[np.bool_],
    outcome: NDArray[np.floating],
    score: NDArray[np.floating],
    *,
    level: float = 0.95,
    resamples: int = 500,
    seed: int = 0,
) -> Qini:
    """Compute the Qini curve of a score on rows that were treated by chance.

    Parameters
    ----------
    treated : ndarray of bool, shape (n,)
        Whether each row was treated.
    outcome : ndarray of shape (n,)
        What came of it; more is better.
    score : ndarray of shape (n,)
        The predicted effect, or anything that ranks like it; made without these rows' outcomes. Ties are
        treated together, by chance.
    level : float, default 0.95
        Probability with which each interval holds.
    resamples : int, default 500
        Bootstrap resamples, percentile limits.
    seed : int, default 0

    Raises
    ------
    DataError
        If the rows are not of one length, not finite, or all in one arm.
    """
    treated, y = np.asarray(treated, dtype=bool), np.asarray(outcome, dtype=np.float64)
    ranked = np.asarray(score, dtype=np.float64)
    if not len(treated) == len(y) == len(ranked):
        raise DataError(f"treated, outcome and score have {len(treated)}, {len(y)} and {len(ranked)} rows")
    if not (np.isfinite(y).all() and np.isfinite(ranked).all()):
        raise DataError("outcome and score must be finite numbers")
    if treated.all() or not treated.any():
        raise DataError("all rows are in one arm; the curve compares treated rows with others")
    order = np.argsort(-ranked, kind="stable")
    treated, y, ranked = treated[order], y[order], ranked[order]
    ends = np.flatnonzero(np.append(np.diff(ranked) != 0, True)) + 1
    shares, gains = _curve(np.ones((1, len(y))), treated, y, ends)
    drawn = _resampled(treated, y, ends, resamples, np.random.default_rng(seed))
    effect = _interval(float(gains[0, -1]), drawn[:, 0], level)
    coefficient = _interval(float(_area(shares, gains)[0]), drawn[:, 1], level)
    at = np.linspace(0, 1, POINTS)
    shown = np.interp(at, shares[0], gains[0])
    best = float(at[shown.argmax()])
    return Qini(
        rows=len(y),
        effect=effect,
        coefficient=coefficient,
        shares=tuple(at.tolist()),
        gains=tuple(shown.tolist()),
        best_share=best,
        words=_words(effect, coefficient, best, float(shown.max())),
    )


def _curve(
    weights: NDArray[np.float64], treated: NDArray[np.bool_], y: NDArray[np.float64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the curve of each row of weights: shares and gains, from (0, 0), at the ends of ties."""
    total = weights.sum(axis=1, keepdims=True)
    share = (weights * treated).sum(axis=1, keepdims=True) / total
    sign = np.where(treated, 1 / share, -1 / (1 - share))
    shares = np.cumsum(weights, axis=1)[:, ends - 1] / total
    gains = np.cumsum(weights * sign * y, axis=1)[:, ends - 1] / total
    start = np.zeros((len(weights), 1))
    return np.hstack([start, shares]), np.hstack([start, gains])


def _area(shares: NDArray[np.float64], gains: NDArray[np.float64]) -> NDArray[np.float64]:
    by_chance = shares * gains[:, -1:]
    return np.asarray(np.trapezoid(gains - by_chance, shares, axis=1), dtype=np.float64)


def _resampled(
    treated: NDArray[np.bool_],
    y: NDArray[np.float64],
    ends: NDArray[np.int64],
    resamples: int,
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Return effect and coefficient of each resample; the arms keep their rows, as the assignment does."""
    found = []
    step = max(1, _CELLS // len(y))
    for start in range(0, resamples, step):
        weights = np.empty((min(step, resamples - start), len(y)))
        for side in (treated, ~treated):
            n = int(side.sum())
            weights[:, side] = random.multinomial(n, np.full(n, 1 / n), size=len(weights))
        shares, gains = _curve(weights, treated, y, ends)
        found.append(np.column_stack([gains[:, -1], _area(shares, gains)]))
    return np.concatenate(found)


def _interval(value: float, drawn: NDArray[np.float64], level: float) -> Interval:
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value=value, low=float(low), high=float(high), level=level, looks=0)


def _words(effect: Interval, coefficient: Interval, best: float, gain: float) -> str:
    if coefficient.low > 0:
        said = f"the score tells beyond doubt who gains; treating the first {best:.0%} adds {gain:.3g} a row"
    else:
        said = "the score does not tell beyond doubt who gains"
    return f"treating everybody adds {effect} a row; Qini coefficient {coefficient}: {said}"
