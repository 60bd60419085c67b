"""Which combinations are tried."""

from __future__ import annotations

import numpy as np

from modelwright.features import Setting, Style
from modelwright.features.combining import Base
from modelwright.features.combining.candidates import candidates
from modelwright.features.combining.combination import Recipe
from modelwright.problem import Task

RNG = np.random.default_rng(0)
SETTING = Setting(Task.REGRESSION, Style.TREE)


def base(numbers: int, codes: int, **more) -> Base:
    """Return numbers, then codes of five levels."""
    columns = [*RNG.normal(size=(numbers, 60)), *RNG.integers(0, 5, (codes, 60))]
    matrix = np.array(columns, dtype=np.float32).T
    return Base.of(matrix, range(numbers, numbers + codes), RNG.normal(size=60), SETTING, **more)


def test_every_kind_is_tried_once() -> None:
    tried = candidates(base(2, 2), [0, 1, 2, 3])
    assert len(set(tried)) == len(tried)
    assert {recipe.kind for recipe in tried} == {"arithmetic", "cross", "group"}
    assert {recipe.operation for recipe in tried if recipe.kind == "arithmetic"} == set("+-*/")
    assert Recipe("cross", "mean", (2,)) in tried


def test_codes_are_not_reckoned_with() -> None:
    tried = candidates(base(2, 2), [0, 1, 2, 3])
    assert {at for recipe in tried if recipe.kind == "arithmetic" for at in recipe.of} == {0, 1}


def test_a_category_is_not_combined_with_its_own_mean() -> None:
    tried = candidates(base(1, 1, columns=(0, 0)), [0, 1])
    assert tried == [Recipe("cross", "mean", (1,))]


def test_only_the_strongest_of_many_are_tried() -> None:
    few, many = (len(candidates(base(width, width), range(2 * width))) for width in (20, 60))
    assert few == many < 1000


def test_times_are_subtracted_however_weak() -> None:
    given = base(20, 0, moments=((18, 17), (19, 16)))
    assert Recipe("duration", "-", (18, 17, 19, 16)) in candidates(given, range(20))
    given = base(20, 0, moments=((18,), (19, 16)))  # a date has no hours
    assert Recipe("arithmetic", "-", (18, 19)) in candidates(given, range(20))
