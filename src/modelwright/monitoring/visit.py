"""One visit to a release: what has come since the last one, and what holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from modelwright.errors import DataError, PackageError
from modelwright.evaluation import interval
from modelwright.monitoring.alarms import Explainer, raise_alarms
from modelwright.monitoring.estimating import estimate
from modelwright.monitoring.reference import FILE, Reference
from modelwright.monitoring.result import Labels, Monitoring
from modelwright.monitoring.watch import Watch, predictions, truth
from modelwright.monitoring.weights import importance_of
from modelwright.monitoring.wording import watched
from modelwright.problem import Brief, metric_named
from modelwright.store import Operations, Release

if TYPE_CHECKING:
    from modelwright.deployment import Package

_SCORED = 5000  # labelled rows, the newest, on which the realised metric is computed


def monitor(operations: Operations, release: Release, package: Package, brief: Brief) -> Monitoring:
    """Bring the watch over a release up to date and say what holds.

    It costs as much as the observations and labels that came since the last visit. When it is called, and how
    often, changes neither the evidence nor the number of false alarms. New alarms are explained and grouped
    into incidents. An alarm is raised once for a release; whoever has dealt with it closes its incident, and
    the promise is then watched anew: where it is broken still, or again, the alarm is reopened.

    Parameters
    ----------
    operations : Operations
        Holds the observations, labels and alarms, and remembers the detectors between visits.
    release : Release
        The release to watch.
    package : Package
        Its package, with ``reference.json``.
    brief : Brief
        Its ``false_alarms_per_year`` is the budget.

    Raises
    ------
    PackageError
        If the package has no reference.
    """
    reference, contract = reference_of(package), package.contract
    importance = importance_of(package.content.get("evaluation.json"))
    watch = Watch.begin(reference, brief.promises.false_alarms_per_year, release.at, importance)
    state = operations.watch(release.id)
    if state is not None:
        closed = operations.alarms(release=release.id, status="closed")
        watch = watch.restored(state).rearmed({(alarm.promise, alarm.column) for alarm in closed})
    n_before = watch.n_rows
    watch = watch.observe(contract, operations.observations(release=release.id, since=watch.since))
    watch = watch.learn(operations.first_labels(release.id, after=watch.last_label))
    found = watched(watch)
    explainer = Explainer(operations, release.id, brief, contract, reference)
    alarms = raise_alarms(operations, release.id, found, explainer)
    # The state is kept last: a visit that is killed before is repeated, and finds its alarms raised already.
    promises = [each.model_dump(mode="json", exclude={"advice"}) for each in found]
    operations.keep_watch(release.id, watch.to_dict() | {"promises": promises})
    return Monitoring(
        release=release.id,
        watched_since=release.at,
        new=watch.n_rows - n_before,
        holds=all(alarm.status != "open" for alarm in alarms),
        alarms=alarms,
        watched=found,
        labels=_labels(operations, release.id, watch, brief),
        estimated=estimate(
            reference, contract, brief, operations.observations(release=release.id, newest=_SCORED)
        ),
        false_alarms_per_year=brief.promises.false_alarms_per_year,
        not_watched=tuple(
            f"{'the score' if each.column is None else each.column}: {each.reason}"
            for each in reference.unwatched
        ),
    )


def reference_of(package: Package) -> Reference:
    """Return what was normal when a package was made.

    Raises
    ------
    PackageError
        If the package has no reference.
    """
    if FILE not in package.content:
        raise PackageError(
            f"{package.folder} has no {FILE}, so nobody knows what was normal; build the package again"
        )
    return Reference.parse(package.content[FILE])


def _labels(operations: Operations, release: str, watch: Watch, brief: Brief) -> Labels:
    counted = Labels(predictions=watch.n_rows, arrived=watch.n_labels, metric=brief.problem.metric)
    if watch.n_rows == 0:
        return counted
    arrived = f"Labels have come for {watch.n_labels:,} of {watch.n_rows:,} predictions"
    if watch.n_labels < 2:
        return counted.model_copy(update={"words": f"{arrived}; send them with `modelwright feedback`."})
    metric = metric_named(brief.problem.metric, brief.problem.task)
    newest = operations.observations(release=release, labelled=True, newest=_SCORED)
    y, prediction = truth(watch.reference, newest), predictions(watch.reference, newest)
    value = metric(y, prediction)
    if not np.isfinite(value):
        words = f"{arrived}; {metric.title} is not defined on them yet."
        return counted.model_copy(update={"rows": newest.height, "words": words})
    try:
        score = interval(metric, y, prediction, looks=0, seed=brief.training.seed)
    except DataError as error:
        words = f"{arrived}; {metric.title} is {value:.3f}, without an interval: {error}."
        return counted.model_copy(update={"rows": newest.height, "words": words})
    words = f"{arrived}; {metric.title} on the newest {newest.height:,} is {score}."
    return counted.model_copy(update={"rows": newest.height, "score": score, "words": words})
