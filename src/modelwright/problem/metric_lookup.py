"""The metrics there are, ours and others', by name and by task."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from importlib.metadata import entry_points

from modelwright.errors import BriefError
from modelwright.problem.metrics import METRICS, Metric
from modelwright.problem.task import Task

GROUP = "modelwright.metrics"
_DEFAULTS = {Task.BINARY: "roc_auc", Task.MULTICLASS: "log_loss", Task.REGRESSION: "rmse"}


@cache
def all_metrics() -> dict[str, Metric]:
    """Return every metric by name: ours, and those that other packages add by an entry point.

    Raises
    ------
    BriefError
        If an entry point does not name a `Metric`, or takes a name that is in use.
    """
    found = dict(METRICS)
    for entry in entry_points(group=GROUP):
        metric = entry.load()
        if not isinstance(metric, Metric):
            raise BriefError(
                f"entry point '{entry.name}' of {GROUP} is no Metric: {entry.value}; name an instance, or "
                "uninstall the package"
            )
        if metric.name in found:
            raise BriefError(
                f"entry point '{entry.name}' of {GROUP} takes the name '{metric.name}', which is in use; "
                "give the metric another name, or uninstall the package"
            )
        found[metric.name] = metric
    return found


def default_metric(task: Task) -> Metric:
    """Return the metric that is used where the brief names none."""
    return METRICS[_DEFAULTS[task]]


def names_for(task: Task) -> Sequence[str]:
    """Return the names of the metrics that are defined for a task."""
    return [metric.name for metric in all_metrics().values() if task in metric.tasks]


def metric_named(name: str, task: Task) -> Metric:
    """Look a metric up by its name.

    Parameters
    ----------
    name : str
        Such as ``roc_auc``.
    task : Task
        The task it must be defined for.

    Raises
    ------
    BriefError
        If there is no such metric for the task; the message suggests the nearest name.
    """
    known = names_for(task)
    if name in known:
        return all_metrics()[name]
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"use one of {', '.join(known)}"
    if name in all_metrics():
        raise BriefError(f"metric '{name}' is not defined for a {task} task; use one of {', '.join(known)}")
    raise BriefError(f"metric '{name}' is unknown; {hint}")
