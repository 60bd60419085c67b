"""A few columns whose weighted sum is the target, all but exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.data.leaks.measures import Floats

MOST_PICKED = 8
MOST_AT_ONCE = 60
EXACT = 0.9999
ALL_BUT_EXACT = 0.99999
CLOSE = 0.99
NEAR_WHOLE = 0.04
WHOLE_BUT_FOR_FEES = 0.25
LARGEST_WEIGHT = 3
NEEDED = 2.0
NEEDED_BESIDE_FEES = 1.2
BY_CHANCE = 5.0
FIXED_VALUES = 10
FIXED_SHARE = 0.8


@dataclass(frozen=True)
class Matrix:
    """Columns to add up: their labels, values (rows by columns) and the table's columns behind each label."""

    labels: tuple[str, ...]
    values: Floats
    columns: dict[str, tuple[str, ...]]

    def at(self, rows: NDArray[np.int64]) -> Matrix:
        """Return the same of some rows."""
        return Matrix(self.labels, self.values[rows], self.columns)


@dataclass(frozen=True)
class Fit:
    """What was found: labels with weights, the share explained on fresh rows, and fixed remainders."""

    labels: tuple[str, ...]
    weights: tuple[float, ...]
    share: float
    fixed: float
    strength: float

    @property
    def rank(self) -> tuple[float, float, float]:
        """Which of two fits is the better; the one with fewer columns comes first."""
        return (self.strength, round(self.fixed, 2), round(self.share, 4))

    def figures(self) -> dict[str, float]:
        """Return what was measured."""
        return {"explained": self.share, "fixed_remainders": self.fixed}


def near_exact(matrix: Matrix, y: Floats, *, exact_only: bool = False) -> Fit | None:
    """Find a few columns whose sum with whole-number weights, or any weights, is the target.

    Half the rows are used to find the columns (orthogonal matching pursuit; Pati, Rezaiifar and Krishnaprasad
    1993), the other half to test what was found.

    Parameters
    ----------
    matrix : Matrix
    y : ndarray of float64, shape (n,)
    exact_only : bool
        Whether to pass over sums that leave fees or a little noise.
    """
    varied = np.flatnonzero(matrix.values.std(axis=0) > 0) if matrix.values.size else np.empty(0, int)
    if not len(varied) or y.std() == 0:
        return None
    values, labels = matrix.values[:, varied], [matrix.labels[at] for at in varied]
    learn = np.arange(len(y)) % 2 == 0
    picked: list[int] = []
    best_fit: Fit | None = None
    for _ in range(min(MOST_PICKED, values.shape[1])):
        residual = _residual(values[learn][:, picked], y[learn])
        if residual.std() <= 1e-9 * y.std():
            break
        best = _next(values[learn], residual, picked)
        if best is None:
            break
        picked.append(best)
        if len(picked) > 1:
            found = _tested(values[:, picked], y, learn, [labels[at] for at in picked], exact_only=exact_only)
            if found is not None and (best_fit is None or found.rank > best_fit.rank):
                best_fit = found
    if best_fit is None or best_fit.fixed:
        every = _every_needed(values, y, learn)
        if len(every) > 1:
            exact = _tested(values[:, every], y, learn, [labels[at] for at in every], exact_only=True)
            best_fit = exact or best_fit
    return best_fit


def _every_needed(values: Floats, y: Floats, learn: NDArray[np.bool_]) -> list[int]:
    """Return the columns that an exact fit on all of them cannot spare; none where there is no exact fit.

    Picking one by one goes astray where columns are much alike; all together do not.
    """
    kept = list(range(values.shape[1]))
    if not 2 < len(kept) <= MOST_AT_ONCE or 3 * len(kept) > learn.sum():
        return []
    enough = (1 - ALL_BUT_EXACT) * float(y[learn].var())
    if _residual(values[learn], y[learn]).var() > enough:
        return []
    for at in sorted(kept, key=lambda place: abs(float(np.corrcoef(values[learn, place], y[learn])[0, 1]))):
        fewer = [each for each in kept if each != at]
        if fewer and _residual(values[learn][:, fewer], y[learn]).var() <= enough:
            kept = fewer
    return kept if len(kept) <= MOST_PICKED else []


def _residual(columns: Floats, y: Floats) -> Floats:
    design = np.column_stack([np.ones(len(y)), columns])
    return np.asarray(y - design @ np.linalg.lstsq(design, y, rcond=None)[0])


def _next(values: Floats, residual: Floats, picked: list[int]) -> int | None:
    centred = values - values.mean(axis=0)
    size = np.sqrt((centred**2).sum(axis=0))
    pull = np.abs(centred.T @ residual) / np.where(size > 0, size, np.inf)
    pull[picked] = -1
    best = int(pull.argmax())
    return best if pull[best] > 0 else None


def _tested(
    columns: Floats, y: Floats, learn: NDArray[np.bool_], labels: list[str], *, exact_only: bool
) -> Fit | None:
    """Say whether what is picked gives the target on fresh rows, and drop what it can spare."""
    kept = _worth_keeping(columns, y, learn)
    if len(kept) < 2:
        return None
    design = np.column_stack([np.ones(len(y)), columns[:, kept]])
    weights = np.linalg.lstsq(design[learn], y[learn], rcond=None)[0][1:]
    whole = np.round(weights)
    off = float(np.abs(whole - weights).max())
    is_whole = bool((whole != 0).all() and (np.abs(whole) <= LARGEST_WEIGHT).all())
    is_whole = is_whole and off <= WHOLE_BUT_FOR_FEES
    chosen, names = columns[:, kept], tuple(labels[at] for at in kept)
    used = whole if is_whole else weights
    left = y - chosen @ used
    left = left - np.median(left[learn])
    fresh = ~learn
    spread = float(y[fresh].var())
    share = 1 - float((left[fresh] ** 2).mean()) / spread if spread else 0.0
    fixed = 0.0
    if is_whole and share >= EXACT:
        strength = 0.97
    elif share >= ALL_BUT_EXACT:
        strength = 0.85
    elif exact_only or not is_whole:
        return None
    else:
        fixed = _fixed(left[fresh], y[fresh])
        if not (fixed or (share >= CLOSE and off <= NEAR_WHOLE)) or not _all_needed(
            chosen, y, learn, NEEDED_BESIDE_FEES if fixed else NEEDED
        ):
            return None
        strength = 0.9 if fixed else 0.75
    return Fit(names, tuple(float(weight) for weight in used), share, fixed, strength)


def _worth_keeping(columns: Floats, y: Floats, learn: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the places of columns that move the target, and more than what is left would by chance."""
    design = np.column_stack([np.ones(len(y)), columns])
    weights = np.linalg.lstsq(design[learn], y[learn], rcond=None)[0]
    left = float((y[learn] - design[learn] @ weights).std())
    least = max(1e-3 * float(y.std()), BY_CHANCE * left / np.sqrt(learn.sum()))
    return np.flatnonzero(np.abs(weights[1:]) * columns.std(axis=0) > least)


def _fixed(left: Floats, y: Floats) -> float:
    """Return the share of rows whose remainder is one of ten amounts, where the target itself is not so."""
    covered = [_heaped(np.round(values, 2)) for values in (left, y)]
    return covered[0] if covered[0] >= FIXED_SHARE and covered[1] < FIXED_SHARE / 2 else 0.0


def _heaped(values: Floats) -> float:
    rows = np.sort(np.unique(values, return_counts=True)[1])[::-1]
    return float(rows[:FIXED_VALUES].sum() / len(values))


def _all_needed(columns: Floats, y: Floats, learn: NDArray[np.bool_], needed: float) -> bool:
    """Whether leaving any column out leaves far more of the target."""
    whole = _residual(columns[learn], y[learn]).var()
    without = [
        _residual(np.delete(columns[learn], at, axis=1), y[learn]).var() for at in range(columns.shape[1])
    ]
    return all(each >= needed * whole for each in without)
