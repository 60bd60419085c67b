"""Search rows for slices, of one and two conditions, on which a model is worse than on the rest.

References
----------
Y. Chung et al., "Slice Finder: automated data slicing for model validation", ICDE 2019.
S. Sagadeeva and M. Boehm, "SliceLine: fast, linear-algebra-based slice finding for ML model debugging",
SIGMOD 2021.
Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.evaluation.arrays import Floats
from modelwright.evaluation.outcomes.conditions import Condition, propose_conditions

if TYPE_CHECKING:
    from modelwright.data import Column

FALSE_DISCOVERY_RATE = 0.05
MOST_SLICES = 10
LEAST_EFFECT = 0.2
"""In standard deviations of the loss: what Cohen (1988) calls small."""
_LEAST_SUPPORT = 30
_LEAST_SHARE = 0.01
_MOST_CONDITIONS = 600
_MOST_ROWS = 20_000
_MOST_CLUSTERED = 300
_MOST_RANKED = 1_000
_LEVEL_WITHIN = 0.01


@dataclass(frozen=True)
class Candidate:
    """A slice that the search found.

    Attributes
    ----------
    conditions : tuple of Condition
    rows : int
    excess : float
        Mean loss on it, less that on the rest.
    q_value : float
        Adjusted for all slices that were looked at.
    """

    conditions: tuple[Condition, ...]
    rows: int
    excess: float
    q_value: float

    def holds(self, frame: pl.DataFrame) -> NDArray[np.bool_]:
        """Say of each row whether it is in the slice."""
        held = np.ones(len(frame), dtype=bool)
        for each in self.conditions:
            held &= each.holds(frame)
        return held


@dataclass(frozen=True)
class Found:
    """What a search found.

    Attributes
    ----------
    candidates : list of Candidate
        The most certain first; none is there only because of another one.
    rows, tested : int
        How many rows were searched, and how many slices tested.
    """

    candidates: list[Candidate]
    rows: int
    tested: int


def search_slices(
    frame: pl.DataFrame,
    losses: Floats,
    columns: list[Column],
    *,
    clusters: NDArray[np.int64] | None = None,
    seed: int = 0,
) -> Found:
    """Search for slices on which the mean loss is larger than on the rest.

    Every condition and every pair of conditions on two columns that at least 30 rows and 1 % of them meet is
    held against the other rows by Welch's one-sided test. Of those that the procedure of Benjamini and
    Hochberg leaves at a false discovery rate of 5 %, and that are worse by a fifth of the loss's standard
    deviation, the most certain are kept: a pair only where it is worse than either condition alone, and a
    slice only where it is worse than the rest also without the rows of those kept before it.

    Parameters
    ----------
    frame : polars.DataFrame of n rows
        Conformed; at most 20,000 rows are searched, drawn at random.
    losses : ndarray of shape (n,)
    columns : list of Column
        Those to look at.
    clusters : ndarray of shape (n,), optional
        Rows that go together; the tests then count clusters instead of rows.
    seed : int, default 0
    """
    if len(frame) > _MOST_ROWS:
        chosen = np.sort(np.random.default_rng(seed).choice(len(frame), _MOST_ROWS, replace=False))
        frame, losses = frame[chosen], losses[chosen]
        clusters = None if clusters is None else np.unique(clusters[chosen], return_inverse=True)[1]
    spread = float(losses.std())
    support = max(_LEAST_SUPPORT, int(np.ceil(_LEAST_SHARE * len(frame))))
    conditions = _affordable(propose_conditions(frame, columns, support), frame)
    if not conditions or spread == 0:
        return Found([], len(frame), 0)
    table = _Table.of(conditions, frame, (losses - losses.mean()) / spread)
    first, second = table.pairs(support)
    p_values, effect = table.test(first, second)
    if clusters is not None:
        p_values = table.by_clusters(first, second, p_values, clusters)
    q_values = benjamini_hochberg(p_values)
    order = np.lexsort((-effect, p_values))
    kept = [at for at in order if q_values[at] <= FALSE_DISCOVERY_RATE and effect[at] >= LEAST_EFFECT]
    candidates = [
        Candidate(
            conditions=tuple(conditions[each] for each in dict.fromkeys((first[at], second[at]))),
            rows=int(table.rows[first[at], second[at]]),
            excess=float(effect[at] * spread),
            q_value=float(q_values[at]),
        )
        for at in table.distinct(first, second, kept)
    ]
    return Found(candidates, len(frame), len(p_values))


def benjamini_hochberg(p_values: Floats) -> Floats:
    """Adjust p-values so that a bound on them bounds the false discovery rate."""
    count = len(p_values)
    order = np.argsort(p_values)
    scaled = p_values[order] * count / np.arange(1, count + 1)
    adjusted = np.empty(count)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return adjusted


def excess_p_value(rows: Floats, total: Floats, squares: Floats, all_rows: Floats) -> tuple[Floats, Floats]:
    """Test slices against the other rows by Welch's one-sided test.

    Parameters
    ----------
    rows, total, squares : ndarray of shape (k,)
        Of each slice: rows, sum of losses, and of their squares.
    all_rows : ndarray of shape (3,)
        The same of all rows.

    Returns
    -------
    tuple of ndarray of shape (k,)
        p-values, and differences of the means.
    """
    from scipy.special import stdtr

    rest = all_rows[:, None] - np.stack([rows, total, squares])
    mean, error = _mean_and_error(rows, total, squares)
    rest_mean, rest_error = _mean_and_error(*rest)
    variance = error + rest_error
    difference = mean - rest_mean
    freedom = variance**2 / np.maximum(error**2 / (rows - 1) + rest_error**2 / (rest[0] - 1), 1e-300)
    statistic = difference / np.sqrt(np.maximum(variance, 1e-30))
    return np.asarray(stdtr(np.maximum(freedom, 1.0), -statistic)), difference


def _mean_and_error(rows: Floats, total: Floats, squares: Floats) -> tuple[Floats, Floats]:
    mean = total / rows
    variance = np.maximum(squares / rows - mean**2, 0.0) * rows / (rows - 1)
    return mean, variance / rows


def _affordable(conditions: list[Condition], frame: pl.DataFrame) -> list[Condition]:
    """Keep the conditions that most rows meet: a choice that does not look at the losses."""
    if len(conditions) <= _MOST_CONDITIONS:
        return conditions
    rows = np.array([min(n := int(each.holds(frame).sum()), len(frame) - n) for each in conditions])
    return [conditions[at] for at in np.sort(np.argsort(-rows, kind="stable")[:_MOST_CONDITIONS])]


@dataclass(frozen=True)
class _Table:
    """Which rows meet which conditions, and sums over the rows that meet each two of them."""

    meets: NDArray[np.float32]
    losses: Floats
    column: NDArray[np.int64]
    rows: Floats
    total: Floats
    squares: Floats

    @classmethod
    def of(cls, conditions: list[Condition], frame: pl.DataFrame, losses: Floats) -> _Table:
        meets = np.stack([each.holds(frame) for each in conditions], axis=1).astype(np.float32)
        names = {name: at for at, name in enumerate(dict.fromkeys(each.column for each in conditions))}
        light = losses.astype(np.float32)[:, None]
        rows, total, squares = (
            (meets.T @ (meets * weights)).astype(np.float64) for weights in (np.float32(1.0), light, light**2)
        )
        column = np.array([names[each.column] for each in conditions])
        return cls(meets, losses, column, rows, total, squares)

    def pairs(self, support: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return single conditions (as pairs with themselves), then pairs on two columns."""
        first, second = np.triu_indices(len(self.column))
        alone = first == second
        count = self.rows[first, second]
        smaller = np.minimum(self.rows[first, first], self.rows[second, second])
        apart = (self.column[first] != self.column[second]) & (count < smaller)
        enough = (count >= support) & (len(self.losses) - count >= support)
        chosen = enough & (alone | apart)
        return first[chosen], second[chosen]

    def test(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> tuple[Floats, Floats]:
        whole = np.array([len(self.losses), self.losses.sum(), (self.losses**2).sum()])
        return excess_p_value(
            self.rows[first, second], self.total[first, second], self.squares[first, second], whole
        )

    def by_clusters(
        self,
        first: NDArray[np.int64],
        second: NDArray[np.int64],
        p_values: Floats,
        clusters: NDArray[np.int64],
    ) -> Floats:
        """Test the most certain slices with their clusters, and find nothing in the others."""
        careful = np.ones_like(p_values)
        for at in np.argsort(p_values)[:_MOST_CLUSTERED]:
            inside = self._inside(first[at], second[at])
            careful[at] = clustered_difference(self.losses, inside, clusters).p_value
        return careful

    def distinct(
        self, first: NDArray[np.int64], second: NDArray[np.int64], ranked: list[np.intp]
    ) -> list[np.intp]:
        """Choose slices, the most certain first, that are not there only because of another."""
        kept: list[np.intp] = []
        covered = np.zeros(len(self.losses), dtype=bool)
        for at in ranked[:_MOST_RANKED]:
            a, b = first[at], second[at]
            if a != b and not (self._adds(a, b) and self._adds(b, a)):
                continue
            inside = self._inside(a, b)
            if not self._worse_without(inside, covered):
                continue
            kept.append(at)
            covered |= inside
            if len(kept) == MOST_SLICES:
                break
        return kept

    def _worse_without(self, inside: NDArray[np.bool_], covered: NDArray[np.bool_]) -> bool:
        """Whether a slice is worse than the rest also without the rows that better slices cover."""
        if not covered.any():
            return True
        rows, new = ~covered, inside & ~covered
        if not _LEAST_SUPPORT <= new.sum() <= rows.sum() - _LEAST_SUPPORT:
            return False
        return clustered_difference(self.losses[rows], inside[rows], None).p_value < _LEVEL_WITHIN

    def _inside(self, a: np.int64, b: np.int64) -> NDArray[np.bool_]:
        both: NDArray[np.bool_] = (self.meets[:, a] > 0) & (self.meets[:, b] > 0)
        return both

    def _adds(self, a: np.int64, b: np.int64) -> bool:
        """Whether rows that meet the first condition are worse where they meet the second as well."""
        rows, total, squares = (np.array([each[a, b]]) for each in (self.rows, self.total, self.squares))
        whole = np.array([each[a, a] for each in (self.rows, self.total, self.squares)])
        if whole[0] - rows[0] < 2:
            return False
        p_values, _ = excess_p_value(rows, total, squares, whole)
        return bool(p_values[0] < _LEVEL_WITHIN)


@dataclass(frozen=True)
class MeanDifference:
    """A difference of two means.

    Attributes
    ----------
    value, error : float
        The difference and its standard error.
    freedom : float
        Degrees of freedom.
    p_value : float
        One-sided: how surprising so large a difference is where there is none.
    """

    value: float
    error: float
    freedom: float
    p_value: float


def clustered_mean(values: Floats, clusters: NDArray[np.int64] | None) -> MeanDifference:
    """Compare a mean with 0, by clusters where rows come in them."""
    from scipy.special import stdtr

    value, count = float(values.mean()), len(values)
    if clusters is None:
        variance = float(values.var(ddof=1)) / count
    else:
        sums = np.bincount(np.unique(clusters, return_inverse=True)[1], (values - value) / count)
        count = len(sums)
        variance = float((sums**2).sum()) * count / max(count - 1, 1)
    if variance <= 0 or count < 2:
        return MeanDifference(value, 0.0, 1.0, 1.0)
    error = variance**0.5
    return MeanDifference(value, error, count - 1.0, float(stdtr(count - 1, -value / error)))


def clustered_difference(
    losses: Floats, inside: NDArray[np.bool_], clusters: NDArray[np.int64] | None
) -> MeanDifference:
    """Compare the mean loss inside a slice with that outside.

    By Welch's test; where rows come in clusters, with the variance of the sums of the clusters' influence
    (Liang and Zeger 1986) and one degree of freedom less than there are clusters on the smaller side.
    """
    from scipy.special import stdtr

    n, m = int(inside.sum()), int((~inside).sum())
    value = float(losses[inside].mean() - losses[~inside].mean())
    if clusters is None:
        parts = losses[inside].var(ddof=1) / n, losses[~inside].var(ddof=1) / m
        variance = float(sum(parts))
        freedom = variance**2 / max(parts[0] ** 2 / (n - 1) + parts[1] ** 2 / (m - 1), 1e-300)
    else:
        influence = np.where(
            inside, (losses - losses[inside].mean()) / n, -(losses - losses[~inside].mean()) / m
        )
        count = len(np.unique(clusters))
        variance = float((np.bincount(clusters, influence) ** 2).sum()) * count / max(count - 1, 1)
        sides = len(np.unique(clusters[inside])), len(np.unique(clusters[~inside]))
        freedom = min(sides) - 1
    if variance <= 0 or freedom < 1:
        return MeanDifference(value, 0.0, max(freedom, 1.0), 1.0)
    error = variance**0.5
    return MeanDifference(value, error, float(freedom), float(stdtr(freedom, -value / error)))
