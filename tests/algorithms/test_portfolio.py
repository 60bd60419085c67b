"""The portfolio is data: what it names exists, and the plan follows its order."""

from __future__ import annotations

import pytest

from modelwright.algorithms import algorithm_named, plan
from modelwright.algorithms.portfolio import portfolio
from modelwright.features import Style
from modelwright.problem import Task


@pytest.mark.parametrize("task", list(Task))
def test_every_place_names_an_algorithm_that_can_learn_the_task(task: Task) -> None:
    places = portfolio(task)

    assert len(places) >= 8
    for place in places:
        assert task in algorithm_named(place["algorithm"]).tasks
        assert place["style"] is None or Style(place["style"])


@pytest.mark.parametrize("task", list(Task))
def test_a_plan_with_time_has_the_order_of_the_portfolio(task: Task) -> None:
    added = {"neural_net", "splines"}
    planned = [(each.algorithm, each.style) for each in plan(task, 10_000, 10, 600, 2).candidates]

    assert added <= {name for name, _ in planned}
    assert [each for each in planned if each[0] not in added] == [
        (each["algorithm"], each["style"]) for each in portfolio(task)
    ]


def test_few_classes_boost_and_many_classes_average_first() -> None:
    first = [plan(Task.MULTICLASS, 10_000, 10, 10, 2, classes).candidates[0].algorithm for classes in (3, 26)]

    assert first[0] != "extra_trees"
    assert first[1] == "extra_trees"
