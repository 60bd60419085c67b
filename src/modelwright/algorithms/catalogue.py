"""The algorithms there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import cache
from importlib.metadata import entry_points

from modelwright.algorithms.additive import Additive
from modelwright.algorithms.algorithm import Algorithm
from modelwright.algorithms.catboost import CatBoost
from modelwright.algorithms.constant import Constant
from modelwright.algorithms.extra_trees import ExtraTrees
from modelwright.algorithms.lightgbm import LightGBM
from modelwright.algorithms.linear import LinearModel
from modelwright.algorithms.nearest_neighbours import NearestNeighbours
from modelwright.algorithms.neural_net import NeuralNet
from modelwright.algorithms.rule import Rule
from modelwright.algorithms.splines import SplineModel
from modelwright.algorithms.tabicl import TabICL
from modelwright.algorithms.tabpfn import TabPFN
from modelwright.algorithms.xgboost import XGBoost
from modelwright.errors import TrainingError
from modelwright.problem import Task

CATALOGUE: dict[str, Algorithm] = {
    algorithm.name: algorithm
    for algorithm in (
        Constant(),
        Rule(),
        LinearModel(),
        SplineModel(),
        Additive(),
        NearestNeighbours(),
        ExtraTrees(),
        LightGBM(),
        XGBoost(),
        CatBoost(),
        NeuralNet(),
        TabPFN(),
        TabICL(),
    )
}
BASELINES = ("constant", "rule", "linear")
GROUP = "modelwright.algorithms"


_NAMED: dict[str, Algorithm] = {}


def use_algorithms(named: Iterable[Algorithm]) -> None:
    """Take algorithms that a brief names into the catalogue, in place of those that another brief named.

    Raises
    ------
    TrainingError
        If one takes a name that is in use.
    """
    added: dict[str, Algorithm] = {}
    for each in named:
        if each.name in _installed() or each.name in added:
            raise TrainingError(f"'{each.name}' is the name of another algorithm; rename the class")
        added[each.name] = each
    _NAMED.clear()
    _NAMED.update(added)


def named_algorithms() -> dict[str, Algorithm]:
    """Return the algorithms that the brief names."""
    return dict(_NAMED)


def all_algorithms() -> dict[str, Algorithm]:
    """Return every algorithm by name: ours, those of other packages, and those that the brief names."""
    return _installed() | _NAMED


@cache
def _installed() -> dict[str, Algorithm]:
    """Return ours, and those that other packages add by an entry point.

    Raises
    ------
    TrainingError
        If an entry point does not name an `Algorithm`, or takes a name that is in use.
    """
    found = dict(CATALOGUE)
    for entry in entry_points(group=GROUP):
        kind = entry.load()
        if not (isinstance(kind, type) and issubclass(kind, Algorithm)):
            raise TrainingError(
                f"entry point '{entry.name}' of {GROUP} is not a subclass of Algorithm: {entry.value}"
            )
        if kind.name in found:
            raise TrainingError(
                f"entry point '{entry.name}' of {GROUP} takes the name '{kind.name}', which is in use"
            )
        found[kind.name] = kind()
    return found


def algorithm_named(name: str) -> Algorithm:
    """Look an algorithm up by its name.

    Raises
    ------
    TrainingError
        If there is none; the message suggests the nearest.
    """
    known = all_algorithms()
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(known)}"
        raise TrainingError(f"there is no algorithm '{name}'; {hint}")
    return known[name]


def chosen(names: Sequence[str], task: Task) -> dict[str, Algorithm]:
    """Return the algorithms that are named, in that order; without names, all that need nothing besides.

    Parameters
    ----------
    names : sequence of str
        A repeated name counts once.
    task : Task
        What they shall learn.

    Raises
    ------
    TrainingError
        If a name is unknown (the message suggests the nearest), or one of them cannot learn the task.
    PretrainedError
        If one of them needs a package or weights that are not there.
    """
    if not names:
        known = all_algorithms().items()
        return {name: each for name, each in known if task in each.tasks and not each.by_wish}
    found = {name: algorithm_named(name) for name in names}
    for name, algorithm in found.items():
        if task not in algorithm.tasks:
            raise TrainingError(f"'{name}' cannot learn a {task} task; leave it out")
        algorithm.ensure_ready(task)
    return found
