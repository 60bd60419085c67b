"""Extremely randomised trees: many deep trees with random thresholds, averaged."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.algorithm import Algorithm, Card, FitJob, FittedLearner
from modelwright.algorithms.constant import Constant
from modelwright.algorithms.sklearn_trees import compile_sklearn
from modelwright.algorithms.target import Target, nothing_to_learn
from modelwright.problem import Task

_DEFAULTS: dict[str, Any] = {"rounds": 200, "min_samples_leaf": 2, "max_features": 0.5}
_AT_ONCE = 20


class ExtraTrees(Algorithm):
    """Averages trees whose thresholds are drawn at random."""

    name: ClassVar[str] = "extra_trees"
    takes_weights: ClassVar[bool] = True
    keeps_monotone: ClassVar[bool] = True
    takes_rounds: ClassVar[bool] = True
    card: ClassVar[Card] = Card(
        title="ExtraTrees",
        good_for="small, noisy tables, and an ensemble that otherwise holds boosters only",
        strengths=("no step size or rounds to choose", "hard to overfit", "errs differently from boosting"),
        weaknesses=("large: its leaves grow with the rows", "weaker than boosting on large tables"),
        cost="rows x columns x log rows a tree; leaves are kept above rows / 1500 to bound the size",
        paper="Geurts, Ernst and Wehenkel (2006), Extremely randomized trees",
    )

    def configurations(self, task: Task, rows: int, columns: int) -> list[dict[str, Any]]:  # noqa: ARG002
        """Return one configuration whose leaves grow with the rows, so that the forest stays small."""
        few = max(2, rows // 1500)
        return [{"min_samples_leaf": few if task is not Task.REGRESSION else max(few, 3)}]

    def fit(self, job: FitJob) -> FittedLearner:
        """Grow trees, a few at a time, until there are enough or the deadline."""
        if nothing_to_learn(job):
            return Constant().fit(job)
        target = Target.of(job)
        given = {**_DEFAULTS, **job.parameters}
        wanted = given.pop("rounds") if job.rounds is None else job.rounds
        given.pop("rounds", None)
        X, fill = job.X, None
        if any(job.monotone):  # scikit-learn has constraints, or missing values, but not both
            fill = _below(job.X)
            X, given["monotonic_cst"] = _filled(job.X, fill), list(job.monotone)
        model = _forest(job.task)(warm_start=True, n_jobs=job.threads, random_state=job.seed, **given)
        grown = 0
        while grown < wanted and (grown == 0 or job.rounds is not None or job.deadline() > 0):
            grown = min(grown + (_AT_ONCE if grown else job.threads), wanted)
            model.set_params(n_estimators=grown).fit(X, target.y, sample_weight=target.weight)
        model.set_params(n_jobs=1)  # threads would add the trees up in a random order

        def own(rows: NDArray[np.float32]) -> NDArray[np.float64]:
            X = rows if fill is None else _filled(rows, fill)
            if job.task is Task.REGRESSION:
                return target.prediction(model.predict(X))
            probabilities = model.predict_proba(X)
            return target.prediction(probabilities[:, 1] if job.task is Task.BINARY else probabilities)

        return FittedLearner(
            own=own,
            compiled=lambda: target.restored(compile_sklearn(model.estimators_, job.task, fill)),
            rounds=grown,
        )


def _below(X: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return for each feature a number below all of its values, to stand for a missing one."""
    known = np.where(np.isnan(X), np.float32(np.inf), X).min(axis=0)
    least = np.where(np.isfinite(known), known, np.float32(0)).astype(np.float64)
    most = np.where(np.isnan(X), -np.inf, X).max(axis=0)
    span = np.where(np.isfinite(most), most - least, 0.0)
    limit = np.finfo(np.float32).max
    return np.clip(least - np.maximum(span / 4, 1.0), -limit, limit).astype(np.float32)


def _filled(X: NDArray[np.float32], fill: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.where(np.isnan(X), fill, X)


def _forest(task: Task) -> Any:
    from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

    return ExtraTreesRegressor if task is Task.REGRESSION else ExtraTreesClassifier
