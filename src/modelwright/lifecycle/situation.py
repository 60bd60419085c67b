"""What is known when it is decided whether to retrain, gathered from what a project has kept."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.deployment import Package
from modelwright.errors import ContractError
from modelwright.lifecycle.folder import Folder
from modelwright.lifecycle.judging import score
from modelwright.lifecycle.suspecting import Suspicion, suspicions
from modelwright.monitoring import (
    REFERENCE,
    Freshness,
    Monitoring,
    Reference,
    Situation,
    predictions,
    row_losses,
    truth,
)
from modelwright.problem import Task
from modelwright.store import Operations, Release

NEWEST = 5000
"""Labelled predictions that are looked at, the newest."""
LEARNT = frozenset({"released", "refused", "awaits approval"})
"""Decisions after which there was a new model, whatever became of it."""


def situation(folder: Folder, operations: Operations, monitoring: Monitoring, current: Release) -> Situation:
    """Gather what the decision rests on.

    Parameters
    ----------
    folder : Folder
    operations : Operations
    monitoring : Monitoring
        Of the current release.
    current : Release
    """
    since = operations.releases()[0].at
    retrained = tuple(each.at for each in operations.decisions() if each.decision in LEARNT)
    observed = newest_labelled(operations, current)
    last = retrained[-1] if retrained else since
    labels = observed.filter(pl.col("labelled_at") > last).height if observed.height else 0
    return Situation(
        now=datetime.now(UTC),
        since=since,
        retrained=retrained,
        labels=monitoring.labels.arrived if labels == NEWEST else labels,
        alarms=tuple((each.promise, f"{each.code} {each.words}", each.id) for each in monitoring.open_alarms),
        freshness=freshness(folder, operations, current, observed),
    )


def newest_labelled(operations: Operations, release: Release) -> pl.DataFrame:
    """Return the newest labelled predictions of a release, in the order in which the labels came."""
    observed = operations.observations(release=release.id, labelled=True, newest=NEWEST)
    return observed if observed.is_empty() else observed.sort("labelled_at", maintain_order=True)


def freshness(
    folder: Folder, operations: Operations, current: Release, observed: pl.DataFrame
) -> Freshness | None:
    """Compare a release with the one that it replaced, on labels that have come since; None if nobody can."""
    before = {each.id: each for each in operations.releases()}.get(current.replaced or "")
    if before is None or current.kind == "rollback" or before.run == current.run or observed.is_empty():
        return None
    package, earlier = (Package.open(folder.state / each.package) for each in (current, before))
    if (package.manifest.target, package.manifest.classes) != (
        earlier.manifest.target,
        earlier.manifest.classes,
    ):
        return None
    reference = Reference.parse(package.content[REFERENCE])
    try:
        theirs = score(earlier, observed["row"].struct.unnest())
    except ContractError:
        return None  # the contract has changed since, so that the model before cannot answer these rows
    y = truth(reference, observed)
    return Freshness.of(row_losses(y, theirs), row_losses(y, predictions(reference, observed)))


def doubts(observed: pl.DataFrame, task: Task) -> tuple[Suspicion, ...]:
    """Look at new labels for signs that they are spoilt."""
    if observed.is_empty():
        return ()
    rows = observed["row"].struct.unnest().with_columns(observed["label"].alias("label of the prediction"))
    wrong: NDArray[np.bool_] | None = None
    if task.is_classification:
        wrong = (observed["prediction"].cast(pl.String) != observed["label"].cast(pl.String)).to_numpy()
    return suspicions(rows, wrong)
