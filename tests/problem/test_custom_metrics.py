"""Metrics of other packages: found by an entry point, held to a suite, and used like ours."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import EntryPoint
from typing import Any

import numpy as np
import pytest

from modelwright import ModelwrightRegressor
from modelwright.errors import BriefError
from modelwright.evaluation.drawing import Units
from modelwright.evaluation.intervals import interval
from modelwright.problem import METRICS, Brief, Metric, Task, all_metrics, metric_named
from modelwright.testing import METRIC_CHECKS, check_metric


def short_costs_more(y: Any, prediction: Any, weight: Any = None) -> float:
    """Mean error, three times as dear where the prediction is too low."""
    short = y - prediction[:, 0]
    return float(np.average(np.maximum(3 * short, -short), weights=weight))


SHORT = Metric(
    "shortage",
    "shortage",
    frozenset({Task.REGRESSION}),
    False,
    0.0,
    "what errors cost",
    short_costs_more,
    lowest=0.0,
)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    module = sys.modules["modelwright.problem.metric_lookup"]
    all_metrics.cache_clear()

    def install(value: str) -> None:
        monkeypatch.setattr(
            module, "entry_points", lambda group: [EntryPoint("theirs", value, "modelwright.metrics")]
        )

    yield install
    all_metrics.cache_clear()


@pytest.mark.parametrize("check", METRIC_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("metric", [*METRICS.values(), SHORT], ids=lambda metric: metric.name)
def test_every_metric_conforms(metric: Metric, check: Any) -> None:
    check(metric)


def unweighted(y: Any, prediction: Any, weight: Any = None) -> float:
    return float(np.abs(y - prediction[:, 0]).mean())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "Shortage"}, "lower-case"),
        ({"describe": ""}, "describe"),
        ({"tasks": frozenset()}, "no task"),
        ({"best": 1.0}, "not 1.0"),
        ({"score": lambda *_: 0.0}, "function of a module"),
        ({"score": unweighted}, "by weight it is"),
        ({"highest": 0.1}, "beyond its limits"),
    ],
)
def test_the_suite_finds_what_does_not_fit(change: dict[str, Any], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        check_metric(replace(SHORT, **change))


def test_another_packages_metric_may_decide(installed: Any) -> None:
    installed(f"{__name__}:SHORT")
    problem = {"name": "p", "target": "y", "task": "regression", "metric": "shortage"}
    assert "shortage" in Brief.from_dict({"problem": problem}).to_toml()
    rng = np.random.default_rng(0)
    X = rng.normal(size=(120, 2))
    y = X[:, 0] + rng.normal(size=120)
    model = ModelwrightRegressor(
        metric="shortage", time_limit=600, max_candidates=1, random_state=0, n_jobs=1
    )
    assert model.fit(X, y).score_ == pytest.approx(model.leaderboard_[0].score)
    said = model.predict(X)[:, None]
    limits = interval(metric_named("shortage", Task.REGRESSION), y, said, looks=0, resamples=200)
    assert limits.low < short_costs_more(y, said) == pytest.approx(limits.value)


def test_its_intervals_are_those_of_a_metric_of_ours() -> None:
    """The slow way for unknown formulas and the quick one for ours give the same limits, weights included."""
    rng = np.random.default_rng(0)
    y = rng.normal(size=80)
    said, units = (y + rng.normal(size=80))[:, None], Units.of(80, weight=rng.uniform(0.5, 2, 80))
    ours = interval(METRICS["mae"], y, said, units=units, looks=0, resamples=200)
    theirs = interval(replace(METRICS["mae"], name="theirs"), y, said, units=units, looks=0, resamples=200)
    assert (theirs.value, theirs.low, theirs.high) == pytest.approx((ours.value, ours.low, ours.high))


def test_what_does_not_fit_in_is_said(installed: Any) -> None:
    installed("math:pi")
    with pytest.raises(BriefError, match=r"'theirs'.*no Metric: math:pi"):
        all_metrics()


def test_another_package_may_not_replace_ours(installed: Any) -> None:
    installed("modelwright.problem:METRICS.mae".replace("METRICS.mae", "default_metric"))
    with pytest.raises(BriefError, match="no Metric"):
        all_metrics()
    installed(f"{__name__}:THIEF")
    with pytest.raises(BriefError, match="'mae', which is in use"):
        all_metrics()


THIEF = replace(SHORT, name="mae")


def test_a_metric_of_another_task_is_refused(installed: Any) -> None:
    installed(f"{__name__}:SHORT")
    with pytest.raises(BriefError, match="not defined for a binary task"):
        metric_named("shortage", Task.BINARY)
