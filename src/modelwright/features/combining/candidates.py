"""Which combinations are tried at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, permutations

import numpy as np

from modelwright.features.combining.arithmetic import OPERATIONS, Arithmetic
from modelwright.features.combining.base import Base
from modelwright.features.combining.combination import Recipe
from modelwright.features.combining.cross import MEAN, RANK, Cross
from modelwright.features.combining.duration import HOURS, Duration
from modelwright.features.combining.group import LESS, OVER, Group

NUMBERS = 14
"""Most features whose pairs are added, subtracted, multiplied and divided."""
CROSSED = 12
"""Most features whose pairs are crossed."""
ENCODED = 20
"""Most categories that are replaced by the target's means."""
TIMES = 6
"""Most times whose differences are taken."""
GROUPED = 8
"""Most features that others are grouped by, and most that are held against a group's mean."""


def candidates(base: Base, strongest: Sequence[int]) -> list[Recipe]:
    """Return the combinations of the strongest features.

    Parameters
    ----------
    base : Base
        The features of single columns.
    strongest : sequence of int
        Positions of features, the strongest first.
    """
    distinct = {at: _distinct(base.matrix[:, at]) for at in strongest}
    coded = [at for at in strongest if at in base.coded and distinct[at] > 1]
    numbers = [at for at in strongest if at not in base.coded and distinct[at] > 2]
    crossed = [at for at in strongest if distinct[at] > 1]
    columns = range(len(base.targets.names))
    times = [of for of in base.moments if of[0] in strongest]
    tried = [
        *_arithmetic(numbers[:NUMBERS]),
        *_durations(times[:TIMES]),
        *_crosses(crossed[:CROSSED], columns),
        *_means([at for at in coded if distinct[at] > 2][:ENCODED], columns),
        *_groups(numbers[:GROUPED], coded[:GROUPED]),
    ]
    return [recipe for recipe in dict.fromkeys(tried) if not _says_the_same(recipe, base)]


def _says_the_same(recipe: Recipe, base: Base) -> bool:
    """Whether a category would be combined with what was made from itself."""
    columns = {base.columns[at] for at in recipe.of}
    return len(columns) < len(recipe.of) and not set(recipe.of).isdisjoint(base.coded)


def _arithmetic(numbers: Sequence[int]) -> Iterator[Recipe]:
    for operation in OPERATIONS:
        pairs = permutations(numbers, 2) if operation == "/" else combinations(numbers, 2)
        yield from (Recipe(Arithmetic.kind, operation, pair) for pair in pairs)


def _durations(times: Sequence[tuple[int, ...]]) -> Iterator[Recipe]:
    """Yield hours between two times, and days where one of both has no hours."""
    for (day, *hour), (other, *other_hour) in combinations(times, 2):
        if hour and other_hour:
            yield Recipe(Duration.kind, HOURS, (day, *hour, other, *other_hour))
        else:
            yield Recipe(Arithmetic.kind, "-", (day, other))


def _crosses(crossed: Sequence[int], columns: range) -> Iterator[Recipe]:
    for pair in combinations(crossed, 2):
        yield Recipe(Cross.kind, RANK, pair)
        yield from (Recipe(Cross.kind, MEAN, pair, column) for column in columns)


def _means(coded: Sequence[int], columns: range) -> Iterator[Recipe]:
    yield from (Recipe(Cross.kind, MEAN, (at,), column) for at in coded for column in columns)


def _groups(numbers: Sequence[int], coded: Sequence[int]) -> Iterator[Recipe]:
    for operation in (LESS, OVER):
        yield from (Recipe(Group.kind, operation, (at, group)) for at in numbers for group in coded)


def _distinct(values: np.ndarray) -> int:
    return len(np.unique(values[~np.isnan(values)]))
