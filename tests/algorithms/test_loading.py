"""Somebody's class by its place, and the algorithms that are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelwright.algorithms import CATALOGUE, Algorithm, algorithm_class, chosen
from modelwright.errors import TrainingError
from modelwright.problem import Task

MODULE = """
from modelwright.algorithms import CATALOGUE

class Theirs(type(CATALOGUE["constant"])):
    name = "theirs"
"""


def test_a_class_of_an_installed_module_and_of_the_current_folder_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "someones_own.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)
    assert algorithm_class("someones_own:Theirs").name == "theirs"
    assert issubclass(algorithm_class("modelwright.algorithms.rule:Rule"), Algorithm)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("numpy", "names no class; write package.module:Class"),
        ("no_such_module:Class", "cannot be imported"),
        ("json:Nothing", "there is no 'Nothing' in 'json'"),
        ("json:JSONDecoder", "'json:JSONDecoder' is no algorithm"),
    ],
)
def test_what_is_no_class_of_an_algorithm_is_refused(place: str, said: str) -> None:
    with pytest.raises(TrainingError, match=said):
        algorithm_class(place)


def test_algorithms_are_chosen_by_name_in_their_order() -> None:
    assert list(chosen(["splines", "lightgbm", "splines"], Task.BINARY)) == ["splines", "lightgbm"]
    with pytest.raises(TrainingError, match="did you mean 'splines'"):
        chosen(["spline"], Task.BINARY)


def test_without_a_wish_all_are_chosen_that_need_nothing_besides() -> None:
    found = chosen([], Task.REGRESSION)
    assert set(CATALOGUE) - set(found) == {"tabpfn", "tabicl"}
