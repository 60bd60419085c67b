"""An additive model: boosted trees of one feature each, and of a few pairs of features."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.algorithm import Algorithm, Card, FitJob, FittedLearner
from modelwright.algorithms.lightgbm import LightGBM
from modelwright.algorithms.portable import LEAF, Forest, Portable
from modelwright.algorithms.target import nothing_to_learn
from modelwright.problem import Task

_DEFAULTS: dict[str, Any] = {
    "pairs": 0,
    "rounds": 3000,
    "learning_rate": 0.05,
    "num_leaves": 4,
    "max_bin": 63,
    "min_data_in_leaf": 5,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "lambda_l2": 1.0,
}
_ROWS = 10_000  # among which pairs are looked for
_BINS = 8
_MOST_FEATURES = 60  # of which pairs are tried: those with the largest curves


class Additive(Algorithm):
    """Adds up one curve a feature, learnt by boosting, and where asked surfaces of a few pairs.

    LightGBM grows the trees; its interaction constraints keep each of them to one feature or one pair, so
    the sum is exactly additive, and `shapes` reads the curves. Pairs are looked for in what the curves leave
    unexplained, by shallow trees whose second split says which features go together.
    """

    name: ClassVar[str] = "additive"
    takes_weights: ClassVar[bool] = True
    keeps_monotone: ClassVar[bool] = True
    card: ClassVar[Card] = Card(
        title="Additive model",
        good_for="answers that must be explained exactly, at an accuracy near that of boosting",
        strengths=(
            "each feature's whole effect is one curve that can be read, drawn and questioned",
            "hard to overfit, since there is nothing to interact",
            "takes missing values as they are",
        ),
        weaknesses=("no interactions but the few pairs", "curves are steps: no slope outside the data"),
        cost="as LightGBM with small trees, and about twice the rounds; pairs double it",
        paper="Lou, Caruana, Gehrke and Hooker (2013), Accurate intelligible models with pairwise "
        "interactions; Nori, Jenkins, Koch and Caruana (2019), InterpretML",
    )

    def configurations(self, task: Task, rows: int, columns: int) -> list[dict[str, Any]]:  # noqa: ARG002
        """Return curves with a few pairs, and curves alone."""
        pairs = min(10, columns * (columns - 1) // 2)
        return [{"pairs": pairs}, {"pairs": 0}] if pairs else [{"pairs": 0}]

    def fit(self, job: FitJob) -> FittedLearner:
        """Learn the curves, find pairs in the residuals, and learn both; keep what validates better."""
        given = _DEFAULTS | job.parameters
        wanted = given.pop("pairs")
        if nothing_to_learn(job):
            return LightGBM().fit(replace(job, parameters=given))
        alone = [[feature] for feature in range(job.X.shape[1])]
        half = job.deadline() / 2 if wanted else 0.0
        first = replace(job, deadline=lambda: job.deadline() - half)
        curves = _constrained(first, given, alone)
        if not wanted or job.deadline() <= 0:
            return curves
        pairs = _pairs(job, curves, wanted)
        both = _constrained(job, given, [*alone, *map(list, pairs)])
        losses = [
            job.metric.loss(job.y_valid, each.predict(job.X_valid), job.weight_valid)
            for each in (curves, both)
        ]
        return both if losses[1] < losses[0] else curves


def _constrained(job: FitJob, given: dict[str, Any], groups: list[list[int]]) -> FittedLearner:
    return LightGBM().fit(replace(job, parameters=given | {"interaction_constraints": groups}))


def _pairs(job: FitJob, curves: FittedLearner, wanted: int) -> list[tuple[int, int]]:
    """Return the pairs of features whose cells explain most of the residuals of the curves.

    Lou et al. (2013), section 4 (FAST), with a grid of quantiles instead of one cut for each feature; what as
    many cells would explain of noise is taken off.
    """
    rows = np.arange(len(job.X))[:: max(1, -(-len(job.X) // _ROWS))]
    left = _residuals(job, curves, rows)
    noise = float(left.var(axis=0).sum())
    tried = _largest(curves.portable(), job.X.shape[1])
    bins = {feature: _binned(job.X[rows, feature]) for feature in tried}
    gains = {}
    for first, second in combinations(sorted(tried), 2):
        cell = bins[first] * (_BINS + 1) + bins[second]
        count = np.bincount(cell)
        sums = np.stack([np.bincount(cell, weights=column) for column in left.T])
        explained = (sums**2 / np.maximum(count, 1)).sum()
        gains[first, second] = explained - noise * np.count_nonzero(count)
    return sorted(gains, key=lambda pair: (-gains[pair], pair))[:wanted]


def _residuals(job: FitJob, curves: FittedLearner, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what the curves leave unexplained, one column a class."""
    predicted = curves.predict(job.X[rows])
    if job.task is Task.REGRESSION:
        return np.asarray(job.y[rows][:, None] - predicted)
    return np.asarray(np.eye(job.n_classes)[job.y[rows]] - predicted)


def _binned(values: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the bin of each value by quantiles; what is missing has a bin of its own."""
    missing = np.isnan(values)
    if missing.all():
        return np.zeros(len(values), dtype=np.int64)
    edges = np.unique(np.quantile(values[~missing], np.linspace(0, 1, _BINS + 1)[1:-1]))
    return np.where(missing, _BINS, np.searchsorted(edges, values, side="left"))


def _largest(curves: Portable, n_features: int) -> NDArray[np.int64]:
    """Return the features with the most splits, where there are too many to try all pairs."""
    if not isinstance(curves, Forest):
        return np.arange(0)
    splits = np.bincount(curves.feature[curves.feature != LEAF], minlength=n_features)
    return np.argsort(-splits, kind="stable")[: min(_MOST_FEATURES, np.count_nonzero(splits))]
