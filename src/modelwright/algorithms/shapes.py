"""The exact additive form of a learner, where it has one: what each feature adds, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.portable import LEAF, Forest, Linear, Link, Portable, Splines

_NONE = np.iinfo(np.int64).max  # no feature: sorts behind all
_Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shape:
    """What one feature, or a pair of features, adds to the raw outputs.

    Attributes
    ----------
    features : tuple of int
        One or two columns of the matrix.
    edges : tuple of ndarray of float32
        For each feature, ascending. Of steps: the borders of the bins, each of which holds its upper border.
        Of lines: the points between which they run, and beyond which the first and last go on.
    contribution : ndarray of float64
        Its last axis is the raw outputs. Of steps, each other axis is a feature's bins, one more than its
        edges, and last what is missing. Of lines, the only other axis is the points.
    is_line : bool
        Whether what is between two points is joined by a line; else bins are level.
    """

    features: tuple[int, ...]
    edges: tuple[NDArray[np.float32], ...]
    contribution: _Floats
    is_line: bool = False

    def at(self, X: NDArray[np.float32]) -> _Floats:
        """Return what is added for each row of a matrix of features, of shape (n, n_raw)."""
        if self.is_line:
            filled = np.nan_to_num(X[:, self.features[0]].astype(np.float64), nan=0.0)
            return _joined(filled, self.edges[0].astype(np.float64), self.contribution)
        bins = []
        for feature, edges in zip(self.features, self.edges, strict=True):
            value = X[:, feature]
            bins.append(np.where(np.isnan(value), len(edges) + 1, np.searchsorted(edges, value)))
        found: _Floats = self.contribution[tuple(bins)]
        return found


@dataclass(frozen=True, eq=False)
class AdditiveForm:
    """A learner as a sum: ``link(intercept + shape + shape + ...)``.

    Attributes
    ----------
    intercept : ndarray of shape (n_raw,)
    shapes : tuple of Shape
        By feature, pairs last; features that add nothing have none.
    link : Link
        How the sums become a prediction.
    """

    intercept: _Floats
    shapes: tuple[Shape, ...]
    link: Link

    def predict(self, X: NDArray[np.float32]) -> _Floats:
        """Add up the shapes, as the learner does."""
        raw = np.tile(self.intercept, (len(X), 1))
        for shape in self.shapes:
            raw += shape.at(X)
        return self.link.apply(raw)


def additive_form(learner: Portable) -> AdditiveForm | None:
    """Return the exact additive form of a learner, or None where it has none.

    Linear models, splines, and forests that ask about two features at most on the way to a leaf have one.

    Parameters
    ----------
    learner : Portable

    Examples
    --------
    >>> linear = Linear(np.array([[2.0], [0.0]]), np.array([1.0]), Link.IDENTITY)
    >>> form = additive_form(linear)
    >>> [shape.features for shape in form.shapes], form.predict(np.ones((1, 2), np.float32)).tolist()
    ([(0,)], [[3.0]])
    """
    if isinstance(learner, Linear):
        n_features = len(learner.weights)
        whole = np.full(n_features, np.inf, dtype=np.float32)
        return additive_form(Splines(np.arange(n_features, dtype=np.int32), -whole, whole, learner))
    if isinstance(learner, Splines):
        return AdditiveForm(learner.sum.intercept, tuple(_lines(learner)), learner.link)
    if isinstance(learner, Forest):
        return _of_forest(learner)
    return None


def _lines(splines: Splines) -> Iterable[Shape]:
    for feature in np.unique(splines.feature):
        own = splines.feature == feature
        weights = splines.sum.weights[own]
        if not weights.any():
            continue
        bounds = np.concatenate([splines.low[own], splines.high[own]])
        knots = np.unique(np.append(bounds[np.isfinite(bounds)], np.float32(0.0)))
        points = np.concatenate([knots[:1] - 1, knots, knots[-1:] + 1]).astype(np.float32)
        stretches = np.clip(points[:, None].astype(np.float64), splines.low[own], splines.high[own])
        yield Shape((int(feature),), (points,), stretches @ weights, is_line=True)


def _joined(x: _Floats, points: _Floats, values: _Floats) -> _Floats:
    """Follow the lines through points, of which the first and last go on."""
    at = np.clip(np.searchsorted(points, x) - 1, 0, len(points) - 2)
    slope = np.diff(values, axis=0) / np.diff(points)[:, None]
    found: _Floats = values[at] + (x - points[at])[:, None] * slope[at]
    return found


def _of_forest(forest: Forest) -> AdditiveForm | None:
    asked = _asked_on_the_way(forest)
    if asked is None:
        return None
    weights = np.zeros((len(forest.tree), len(forest.base)))
    np.add.at(weights, (forest.leaf, forest.output), forest.weight)
    groups = np.unique(asked[forest.feature == LEAF], axis=0)
    intercept, shapes = forest.base.copy(), []
    for group in groups[np.argsort((groups != _NONE).sum(axis=1), kind="stable")]:
        own = np.where((asked == group).all(axis=1)[:, None], weights, 0.0)
        features = tuple(int(feature) for feature in group[group != _NONE])
        if not features:
            intercept += own.sum(axis=0)
        elif own.any():
            shapes.append(_steps(forest, own, features))
    return AdditiveForm(intercept, tuple(shapes), forest.link)


def _asked_on_the_way(forest: Forest) -> NDArray[np.int64] | None:
    """Return for each node the features asked above it, of shape (n_nodes, 2); None where there are more."""
    above = np.full((len(forest.tree), 2), _NONE)
    reached = np.flatnonzero(np.diff(forest.tree, prepend=-1))
    while reached.size:
        splits = reached[forest.feature[reached] != LEAF]
        feature, known = forest.feature[splits].astype(np.int64), above[splits]
        is_new = (known != feature[:, None]).all(axis=1)
        if (is_new & (known != _NONE).all(axis=1)).any():
            return None
        known[is_new, 1] = feature[is_new]
        known.sort(axis=1)
        # `_NONE` is greater than any feature, so what is free comes last.
        for child in (forest.left[splits], forest.right[splits]):
            above[child] = known
        reached = np.concatenate([forest.left[splits], forest.right[splits]])
    return above


def _steps(forest: Forest, weights: _Floats, features: tuple[int, ...]) -> Shape:
    """Ask the trees about one value of each bin, and about what is missing."""
    mine = np.isin(forest.tree, forest.tree[weights.any(axis=1)])
    edges = tuple(np.unique(forest.threshold[mine & (forest.feature == feature)]) for feature in features)
    values = [np.concatenate([each, np.array([np.inf, np.nan], np.float32)]) for each in edges]
    grid = np.stack([each.ravel() for each in np.meshgrid(*values, indexing="ij")], axis=1)
    column = np.full(len(forest.feature), _NONE)  # where another feature is asked, nothing more is added
    for at, feature in enumerate(features):
        column[forest.feature == feature] = at
    node = np.tile(np.flatnonzero(mine & (np.diff(forest.tree, prepend=-1) > 0)), (len(grid), 1))
    while (asking := column[node] != _NONE).any():
        value = np.take_along_axis(grid, np.where(asking, column[node], 0), axis=1)
        left = np.where(np.isnan(value), forest.missing_left[node], value <= forest.threshold[node])
        node = np.where(asking, np.where(left, forest.left[node], forest.right[node]), node)
    told = weights[node].sum(axis=1)
    return Shape(features, edges, told.reshape(*(len(each) for each in values), -1))
