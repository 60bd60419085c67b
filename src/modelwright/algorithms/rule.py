"""The baseline that looks at one column."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.algorithm import Algorithm, Card, FitJob, FittedLearner
from modelwright.algorithms.constant import Constant, shares
from modelwright.algorithms.portable import Forest, grown
from modelwright.algorithms.sklearn_trees import LINKS, sklearn_tree
from modelwright.algorithms.target import Target, nothing_to_learn
from modelwright.problem import Task

_DEFAULTS: dict[str, Any] = {"depth": 2, "rows": 5_000}
_SURE_COLUMNS = 100  # compared whatever the time: a matter of tenths of a second


class Rule(Algorithm):
    """Cuts the one column that says most, at three places at most.

    Every column is tried on the training rows; the validation rows are not looked at.
    """

    name: ClassVar[str] = "rule"
    takes_weights: ClassVar[bool] = True
    card: ClassVar[Card] = Card(
        title="Single-column rule",
        good_for="knowing what a rule of thumb would earn",
        strengths=("a person can apply it", "shows a column that gives the target away"),
        weaknesses=("sees one column, and at most four levels of it",),
        cost="rows x log rows a column; columns are compared on at most 5,000 rows",
        paper="Holte (1993), Very simple classification rules perform well on most commonly used datasets",
    )

    def configurations(self, task: Task, rows: int, columns: int) -> list[dict[str, Any]]:  # noqa: ARG002
        """Return the one configuration; see `Algorithm.configurations`."""
        return [{}]

    def fit(self, job: FitJob) -> FittedLearner:
        """Fit a tree of depth 2 on every column alone, and keep the best by the job's metric."""
        if nothing_to_learn(job):
            return Constant().fit(job)
        given = {**_DEFAULTS, **job.parameters}
        target = Target.of(job)
        rows = np.arange(len(job.X))
        if len(rows) > given["rows"]:
            rows = target.sample(given["rows"], job.seed)
        losses = []
        for column in range(job.X.shape[1]):
            attempt = _ColumnRule(job, target, column, rows, given["depth"])
            weight = None if job.weight is None else job.weight[rows]
            losses.append(job.metric.loss(job.y[rows], attempt.predict(job.X[rows]), weight))
            if column >= _SURE_COLUMNS and job.deadline() <= 0:
                break
        best = int(np.argmin(np.nan_to_num(losses, nan=np.inf)))
        rule = _ColumnRule(job, target, best, np.arange(len(job.X)), given["depth"])
        return FittedLearner(own=rule.predict, compiled=rule.compiled)


class _ColumnRule:
    """A small tree on one column, whose leaves are drawn towards the whole by the weight of one row."""

    def __init__(self, job: FitJob, target: Target, column: int, rows: NDArray[np.int64], depth: int) -> None:
        from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

        kind = DecisionTreeRegressor if job.task is Task.REGRESSION else DecisionTreeClassifier
        self._job, self._target, self._column = job, target, column
        least = max(5, len(rows) // 100)
        self._tree = kind(max_depth=depth, min_samples_leaf=least, random_state=job.seed)
        chosen = target.at(rows)
        self._tree.fit(job.X[rows][:, [column]], chosen.y, sample_weight=chosen.weight)
        inner = self._tree.tree_
        is_value = job.task is Task.REGRESSION
        whole = np.zeros(1) if is_value else shares(chosen.y, len(target.present), chosen.weight)
        count = inner.weighted_n_node_samples[:, None]
        values = (inner.value[:, 0, :] * count + whole) / (count + 1)
        self._values = values[:, 1:] if job.task is Task.BINARY else values

    def predict(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        output = self._values[self._tree.apply(X[:, [self._column]])]
        return self._target.prediction(output if self._job.task is Task.MULTICLASS else output[:, 0])

    def compiled(self) -> Forest:
        tree = sklearn_tree(self._tree, self._values)
        placed = replace(tree, feature=np.full_like(tree.feature, self._column))
        base = np.zeros(self._values.shape[1])
        return self._target.restored(grown([placed], self._job.X.shape[1], base, LINKS[self._job.task]))
