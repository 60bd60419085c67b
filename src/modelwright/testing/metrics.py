"""The conformance suite of metrics: what training, evaluation and monitoring rely on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.problem import Metric, Task

_CLASSES = {Task.BINARY: 2, Task.MULTICLASS: 4, Task.REGRESSION: 1}
_ROWS = 60

Check = Callable[[Metric], None]


def check_metric(metric: Metric) -> None:
    """Check that a metric fits in.

    Parameters
    ----------
    metric : Metric
        What the entry point names.

    Raises
    ------
    AssertionError
        At the first thing that the rest of the library relies on and the metric does not do.

    Examples
    --------
    >>> from modelwright.problem import METRICS
    >>> check_metric(METRICS["mae"])
    """
    for check in METRIC_CHECKS:
        check(metric)


def check_metric_says_what_it_is(metric: Metric) -> None:
    """It has a lower-case name, a title, words for a stakeholder, tasks, and its best within its limits."""
    assert metric.name == metric.name.lower().strip(), f"'{metric.name}' is not a lower-case name"
    assert metric.name, "the name is empty"
    assert metric.title, "the title is empty"
    assert metric.describe, "it does not describe itself"
    assert metric.tasks, "it is defined for no task"
    assert metric.lowest <= metric.best <= metric.highest, "its best figure is beyond its limits"
    named = getattr(metric.score, "__qualname__", type(metric.score).__qualname__)
    assert "<" not in named, f"score is {named}: give a function of a module, as fits run in other processes"


def check_perfect_is_best(metric: Metric) -> None:
    """Perfect predictions earn the best figure, and random ones none better."""
    for task, y, prediction in _worlds(metric):
        perfect = y[:, None].astype(np.float64) if task is Task.REGRESSION else np.eye(_CLASSES[task])[y]
        best = metric(y, perfect)
        assert np.isclose(best, metric.best, atol=1e-9), f"perfect predictions earn {best}, not {metric.best}"
        earned = metric(y, prediction)
        assert np.isfinite(earned), f"it is {earned} on {task} rows of every label"
        assert metric.improvement(earned, best) <= 1e-9, "random predictions are better than perfect ones"
        assert metric.lowest - 1e-9 <= earned <= metric.highest + 1e-9, f"{earned} is beyond its limits"


def check_weights_are_counts(metric: Metric) -> None:
    """A row of weight 3 counts like three rows, and equal weights on any scale change nothing."""
    rng = np.random.default_rng(5)
    for _, y, prediction in _worlds(metric):
        plain, times = metric(y, prediction), rng.integers(1, 4, len(y))
        again = np.repeat(np.arange(len(y)), times)
        weighted, repeated = metric(y, prediction, times.astype(float)), metric(y[again], prediction[again])
        assert np.isclose(weighted, repeated), f"by weight it is {weighted}, by repeated rows {repeated}"
        scaled = metric(y, prediction, np.full(len(y), 1e-3))
        assert np.isclose(scaled, plain), f"equal weights change it from {plain} to {scaled}"


def check_order_is_nothing(metric: Metric) -> None:
    """The order of the rows does not matter, and what it is given is left as it was."""
    for _, y, prediction in _worlds(metric):
        order = np.random.default_rng(6).permutation(len(y))
        before = y.copy(), prediction.copy()
        assert np.isclose(metric(y, prediction), metric(y[order], prediction[order])), "the order matters"
        assert np.array_equal(y, before[0]), "it changed the labels"
        assert np.array_equal(prediction, before[1]), "it changed the predictions"


METRIC_CHECKS: tuple[Check, ...] = (
    check_metric_says_what_it_is,
    check_perfect_is_best,
    check_weights_are_counts,
    check_order_is_nothing,
)
"""Every check, to be run one by one, for instance by ``pytest.mark.parametrize``."""


def _worlds(metric: Metric) -> Iterator[tuple[Task, NDArray[Any], NDArray[np.float64]]]:
    """Make labels and predictions for each of the metric's tasks; every label occurs."""
    rng = np.random.default_rng(4)
    for task in sorted(metric.tasks):
        if task is Task.REGRESSION:
            y: NDArray[Any] = 10 + rng.normal(size=_ROWS)
            yield task, y, (y + rng.normal(size=_ROWS))[:, None]
        else:
            y = np.arange(_ROWS) % _CLASSES[task]
            yield task, y, rng.dirichlet(np.ones(_CLASSES[task]), _ROWS)
