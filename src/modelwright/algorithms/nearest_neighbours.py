"""Nearest neighbours: a row is answered as the rows most alike were."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.algorithm import Algorithm, Card, FitJob, FittedLearner, Style
from modelwright.algorithms.constant import Constant
from modelwright.algorithms.portable import Neighbours
from modelwright.algorithms.target import Target, nothing_to_learn
from modelwright.problem import Task

_DEFAULTS: dict[str, Any] = {"neighbours": [4, 8, 16, 32, 64, 128], "rows": 5_000, "judged": 2_000}
_STRENGTH = 0.5  # the whole weighs half a row, as in the constant


class NearestNeighbours(Algorithm):
    """Averages the kept rows nearest by, each the less the farther it is.

    How many count, and whether features count alike or by how much each alone says of the target, is chosen
    on the validation rows.
    """

    name: ClassVar[str] = "nearest_neighbours"
    style: ClassVar[Style] = "linear"
    takes_weights: ClassVar[bool] = True
    card: ClassVar[Card] = Card(
        title="Nearest neighbours",
        good_for="few columns that all matter, and an ensemble that otherwise holds trees and sums",
        strengths=(
            "assumes no shape of the effects",
            "errs differently from all others",
            "its reasons are rows that can be shown",
        ),
        weaknesses=(
            "columns that say nothing blur the distances",
            "keeps rows of the data, so a package holds them",
            "at most 5,000 rows are kept: what more rows would say is lost",
        ),
        cost="scored rows x kept rows x columns; the slowest to score a single row",
        paper="Cover and Hart (1967), Nearest neighbor pattern classification; "
        "Wettschereck, Aha and Mohri (1997), A review and empirical evaluation of feature weighting methods",
    )

    def configurations(self, task: Task, rows: int, columns: int) -> list[dict[str, Any]]:  # noqa: ARG002
        """Return the one configuration; see `Algorithm.configurations`."""
        return [{}]

    def fit(self, job: FitJob) -> FittedLearner:
        """Keep rows, and choose the weights of the features and the number of neighbours."""
        if nothing_to_learn(job):
            return Constant().fit(job)
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1, user_api="blas"):
            form = _chosen(replace(job, parameters=_DEFAULTS | job.parameters))
        return FittedLearner(own=form.predict, compiled=lambda: form)


def _chosen(job: FitJob) -> Neighbours:
    rng = np.random.default_rng(job.seed)
    most = job.parameters["judged"]
    judged = np.arange(len(job.X_valid))
    if len(judged) > most:
        judged = np.sort(rng.choice(judged, most, replace=False))
    X, y = job.X_valid[judged], job.y_valid[judged]
    weight = None if job.weight_valid is None else job.weight_valid[judged]
    kept = _kept(job)
    best, best_loss = kept, np.inf
    for scale in (np.ones(job.X.shape[1]), _relevance(job)):
        form = replace(kept, scale=scale)
        squared = form.squared_distances(X)
        for k in job.parameters["neighbours"]:
            candidate = replace(form, k=min(k, len(form.rows)))
            loss = job.metric.loss(y, candidate.averaged(squared), weight)
            if loss < best_loss:
                best, best_loss = candidate, loss
        if job.deadline() <= 0:
            break
    return best


def _kept(job: FitJob) -> Neighbours:
    """Return the form over a sample of the rows, with as many neighbours as the first choice has."""
    target = Target.of(job)
    rows = np.arange(len(job.X))
    if len(rows) > job.parameters["rows"]:
        rows = target.sample(job.parameters["rows"], job.seed)
    answers = np.zeros((len(job.y), job.n_classes))
    if job.task.is_classification:
        answers[np.arange(len(job.y)), job.y] = 1.0
    else:
        answers[:, 0] = job.y
    counts = np.ones(len(job.y)) if job.weight is None else job.weight
    return Neighbours(
        scale=np.ones(job.X.shape[1]),
        rows=job.X[rows],
        answers=answers[rows],
        counts=counts[rows],
        prior=np.average(answers, axis=0, weights=counts),
        strength=_STRENGTH,
        k=min(job.parameters["neighbours"][0], len(rows)),
    )


def _relevance(job: FitJob) -> NDArray[np.float64]:
    """Return the correlation of each feature with the target, or with the class it tells best.

    Scaled so that squared distances are as large as with equal weights.
    """
    X = np.where(np.isnan(job.X), 0.0, job.X).astype(np.float64)
    told = job.y[:, None] if job.task is Task.REGRESSION else job.y[:, None] == np.unique(job.y)
    told = told - told.mean(axis=0)
    centred = X - X.mean(axis=0)
    spread = np.sqrt((centred**2).sum(axis=0))[:, None] * np.sqrt((told**2).sum(axis=0))
    shared = np.abs(centred.T @ told) / np.where(spread > 0, spread, np.inf)
    weight = shared.max(axis=1)
    size = float(np.sqrt((weight**2).mean()))
    return weight / size if size > 0 else np.ones(X.shape[1])
