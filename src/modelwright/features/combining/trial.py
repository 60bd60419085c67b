"""One half of the rows learns, the other judges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from modelwright.features.combining.base import Base
from modelwright.features.combining.combination import Recipe
from modelwright.features.combining.making import made
from modelwright.features.combining.quick import Quick, contributions, raw_outputs

_BINS = 24
_JUDGES = 2000
_FEWEST_JUDGES = 400
_DIRECTIONS = 3


@dataclass(frozen=True, eq=False)
class Trial:
    """What combinations learned from some rows say of others, beyond what single columns said of them.

    Attributes
    ----------
    quick : Quick
        The target of all rows.
    learning, judging : Base
        The rows that are learned from, and those that judge.
    rows, judges : numpy.ndarray
        Their positions among all.
    start, base : numpy.ndarray
        Raw outputs for them of forests of single columns that have not seen them.
    """

    quick: Quick
    learning: Base
    judging: Base
    rows: np.ndarray
    judges: np.ndarray
    start: np.ndarray
    base: np.ndarray

    def explained(self, recipes: Sequence[Recipe]) -> np.ndarray:
        """Return how much of what is left each combination's intervals explain, beyond its features'."""
        parts, _ = made(recipes, self.learning)
        residual = _largest(self.quick.residuals(self.base, self.judges))
        matrix = self.judging.matrix
        single = np.array([_between(column, residual) for column in matrix.T])
        own = [_between(column, residual) for part in parts for column in part.apply(matrix).T]
        fitted = [recipe for part in parts for recipe in part.recipes]
        value = {
            recipe: found - max(single[at] for at in recipe.of)
            for recipe, found in zip(fitted, own, strict=True)
        }
        return np.array([value[recipe] for recipe in recipes])

    def gains(self, recipes: Sequence[Recipe]) -> np.ndarray:
        """Return how much of what is left each combination's part in a forest explains.

        The forest goes on from that of single columns, with these as features too. A feature's contributions
        to rows that it has not seen, times what was left of them: Li, Wang, Basu, Kumbier and Yu (2019), "A
        debiased MDI feature importance measure for random forests".
        """
        X, X_judging, fitted = self._features(recipes)
        booster = self.quick.boosted(X, self.rows, 0.4, self.start)
        few = slice(0, max(_FEWEST_JUDGES, _JUDGES // self.base.shape[1]))  # the values are costly
        left = self.quick.residuals(self.base, self.judges)[few]
        shares = contributions(booster, X_judging[few], left.shape[1])
        found = np.einsum("nwd,nw->d", shares, left) / len(left)
        value = dict(zip(fitted, found[self.learning.matrix.shape[1] :], strict=True))
        return np.array([value[recipe] for recipe in recipes])

    def improvement(self, recipes: Sequence[Recipe]) -> np.ndarray:
        """Return by how much these combinations make each judging row's loss smaller."""
        X, X_judging, _ = self._features(recipes)
        raw = raw_outputs(self.quick.boosted(X, self.rows, 0.8), X_judging)
        better: np.ndarray = self.quick.losses(self.base, self.judges) - self.quick.losses(raw, self.judges)
        return better

    def _features(self, recipes: Sequence[Recipe]) -> tuple[np.ndarray, np.ndarray, list[Recipe]]:
        parts, features = made(recipes, self.learning)
        judging = [part.apply(self.judging.matrix) for part in parts]
        return (
            np.concatenate([self.learning.matrix, features], axis=1),
            np.concatenate([self.judging.matrix, *judging], axis=1),
            [recipe for part in parts for recipe in part.recipes],
        )


def trials(base: Base, seed: int) -> tuple[list[Trial], np.ndarray]:
    """Return two trials, each half of the rows learning in one, and the gain of each feature of `base`."""
    quick = Quick.of(base)
    order = np.random.default_rng(seed).permutation(len(base.y))
    halves = [order[0::2], order[1::2]]
    bases = [base.sample(rows) for rows in halves]
    boosters = [quick.boosted(each.matrix, rows, 0.8) for each, rows in zip(bases, halves, strict=True)]
    raw = [raw_outputs(boosters[1 - at], bases[at].matrix) for at in (0, 1)]
    found = [
        Trial(quick, bases[at], bases[1 - at], halves[at], halves[1 - at], raw[at], raw[1 - at])
        for at in (0, 1)
    ]
    return found, np.sum([booster.feature_importance("gain") for booster in boosters], axis=0)


def _largest(residual: np.ndarray) -> np.ndarray:
    """Return the directions in which the residuals of many classes vary most, ``[n, at most 3]``."""
    if residual.shape[1] <= _DIRECTIONS:
        return residual
    directions = np.linalg.eigh(np.cov(residual.T))[1][:, -_DIRECTIONS:]
    return np.asarray(residual @ directions)


def _between(values: np.ndarray, residual: np.ndarray) -> float:
    """Return the share of the residual's variance between intervals of a feature, beyond chance.

    In units of what one more interval explains by chance.
    """
    known = np.sort(values[~np.isnan(values)])
    edges = np.unique(known[np.arange(1, _BINS) * len(known) // _BINS]) if known.size else known
    at = np.searchsorted(edges, values, side="left")
    at[np.isnan(values)] = len(edges) + 1
    count = np.bincount(at)
    total = np.stack([np.bincount(at, weights=column) for column in residual.T])
    between = (total**2 / np.maximum(count, 1)).sum()
    return float(between / max(residual.var(axis=0).sum(), 1e-12) - np.count_nonzero(count))
