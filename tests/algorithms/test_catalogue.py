"""The catalogue and the plan."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.algorithms import (
    CATALOGUE,
    Algorithm,
    FitJob,
    FittedLearner,
    algorithm_named,
    all_algorithms,
    plan,
)
from modelwright.errors import TrainingError
from modelwright.problem import Task


class Borrowed(Algorithm):
    """Somebody else's algorithm: ours under another name."""

    name = "borrowed"
    card = CATALOGUE["constant"].card

    def configurations(self, task: Task, rows: int, columns: int) -> list[dict[str, Any]]:
        return [{"depth": 3}]

    def fit(self, job: FitJob) -> FittedLearner:
        return CATALOGUE["constant"].fit(job)


class Thief(Borrowed):
    """Takes a name that is in use."""

    name = "lightgbm"


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    module = sys.modules["modelwright.algorithms.catalogue"]
    module._installed.cache_clear()

    def install(value: str) -> None:
        entry = EntryPoint("theirs", value, "modelwright.algorithms")
        monkeypatch.setattr(module, "entry_points", lambda group: [entry])

    yield install
    module._installed.cache_clear()


def test_a_name_that_is_wrong_gets_a_suggestion() -> None:
    with pytest.raises(TrainingError, match="did you mean 'lightgbm'"):
        algorithm_named("lightgmb")
    with pytest.raises(TrainingError, match="there are constant, rule"):
        algorithm_named("?")


def test_another_package_adds_an_algorithm_and_it_is_tried_last(installed: Any) -> None:
    installed(f"{__name__}:Borrowed")
    assert algorithm_named("borrowed").name == "borrowed"
    last = plan(Task.BINARY, 5_000, 10, 60, 2).candidates[-1]
    assert (last.algorithm, last.parameters) == ("borrowed", {"depth": 3})


def test_another_package_may_not_replace_ours(installed: Any) -> None:
    installed(f"{__name__}:Thief")
    with pytest.raises(TrainingError, match=r"'theirs'.*'lightgbm', which is in use"):
        all_algorithms()


def test_an_entry_point_must_name_an_algorithm(installed: Any) -> None:
    installed("math:pi")
    with pytest.raises(TrainingError, match=r"'theirs'.*math:pi"):
        all_algorithms()


@given(
    task=st.sampled_from(list(Task)),
    rows=st.integers(2, 10**7),
    columns=st.integers(1, 5_000),
    seconds=st.floats(0.1, 1e5),
    cores=st.integers(1, 128),
    classes=st.integers(3, 100),
)
def test_a_plan_has_distinct_candidates_that_exist(
    task: Task, rows: int, columns: int, seconds: float, cores: int, classes: int
) -> None:
    candidates = plan(task, rows, columns, seconds, cores, classes).candidates
    assert candidates
    assert len({(c.algorithm, c.style, str(c.parameters)) for c in candidates}) == len(candidates)
    for candidate in candidates:
        assert task in algorithm_named(candidate.algorithm).tasks
        assert candidate.algorithm not in {"constant", "rule"}
        assert candidate.why
        assert 0 < candidate.parameters.get("learning_rate", 0.1) <= 0.2


def test_a_short_time_limit_raises_the_learning_rates() -> None:
    hurried, patient = (
        plan(Task.BINARY, 100_000, 50, seconds, 2).candidates[0].parameters["learning_rate"]
        for seconds in (3, 300)
    )
    assert hurried > patient


def test_few_rows_allow_few_candidates() -> None:
    assert len(plan(Task.BINARY, 80, 5, 60, 2).candidates) == 4
    assert len(plan(Task.BINARY, 300, 5, 60, 2).candidates) == 8


def test_a_forest_that_would_take_the_whole_time_is_not_planned() -> None:
    def planned(seconds: float) -> set[str]:
        return {c.algorithm for c in plan(Task.BINARY, 200_000, 100, seconds, 2).candidates}

    assert "extra_trees" not in planned(60)
    assert "extra_trees" in planned(10_000)
