"""Which algorithms to try, in which order, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from modelwright.algorithms.algorithm import Style
from modelwright.algorithms.catalogue import CATALOGUE, algorithm_named, all_algorithms
from modelwright.problem import Task


@dataclass(frozen=True)
class Candidate:
    """One configuration of one algorithm.

    Attributes
    ----------
    algorithm : str
        Its name in the catalogue.
    parameters : dict
        What `FitJob.parameters` will be.
    why : str
        Why it has this place in the plan.
    style : "tree", "linear", ... or None
        The representation that it is fitted on; None for the algorithm's own.
    """

    algorithm: str
    parameters: dict[str, Any] = field(default_factory=dict)
    why: str = ""
    style: Style | None = None


@dataclass(frozen=True)
class Plan:
    """What to try, the most promising first.

    Attributes
    ----------
    candidates : tuple of Candidate
    why : str
        What decided their number and order.
    """

    candidates: tuple[Candidate, ...]
    why: str = ""


Places = tuple[tuple[str, int, str], ...]

_FEW_ROWS: Places = (
    ("lightgbm", 0, "random thresholds on half of the columns: hard to overfit"),
    ("xgboost", 1, "shallow level-wise trees"),
    ("catboost", 0, "symmetric trees overfit least"),
    ("extra_trees", 0, "averaged random trees err differently from boosting"),
    ("catboost", 1, "deeper symmetric trees"),
    ("lightgbm", 2, "seven leaves and random thresholds: modest trees"),
    ("lightgbm", 1, "leaf-wise trees without random thresholds"),
    ("lightgbm", 3, "large trees on half of the columns"),
    ("xgboost", 0, "deeper level-wise trees"),
)
_MANY_ROWS: Places = (
    ("lightgbm", 1, "leaf-wise trees: the fastest to a good score"),
    ("xgboost", 1, "shallow level-wise trees err differently from leaf-wise ones"),
    ("lightgbm", 3, "large trees on half of the columns"),
    ("catboost", 0, "symmetric trees: the best untuned booster, where time allows"),
    ("xgboost", 0, "deeper level-wise trees"),
    ("extra_trees", 0, "averaged random trees err differently from boosting"),
    ("catboost", 1, "deeper symmetric trees"),
    ("lightgbm", 2, "seven leaves: many modest trees"),
    ("lightgbm", 0, "random thresholds on half of the columns"),
)
_MOST = ((100, 4), (500, 8), (2_500, 15))
_BOOSTING_SHARE = 0.7  # of a fit's time; the rest is for features, predictions and the portable form
_STEPS = 12.0  # learning rate x rounds by which boosting has mostly converged
_LARGEST_RATE = 0.2


def plan(task: Task, rows: int, columns: int, seconds: float, cores: int, classes: int = 2) -> Plan:
    """Order the candidates for a table of this size and the time there is.

    The order is the one in which a greedy ensemble gained most on 13 public tables (five of them below
    2,000 rows), with the fits of a 30 s build on two cores. Few rows allow few candidates, since each is one
    more chance to fit the validation rows by luck. Little time raises the learning rates, so that boosting
    gets near its best within it; the estimate uses sizes alone, never a clock, so that the plan is the same
    on every machine.

    Parameters
    ----------
    task : Task
    rows, columns : int
        Size of the matrix of features.
    seconds : float
        That one fit may take.
    cores : int
        That one fit may use.
    classes : int, default 2
        Number of classes, for a multiclass task.
    """
    outputs = classes if task is Task.MULTICLASS else 1
    rounds = _BOOSTING_SHARE * seconds / seconds_a_round(rows, columns, cores, outputs)
    most = next((count for limit, count in _MOST if rows <= limit), None)
    places = _FEW_ROWS if rows < 2_000 else _MANY_ROWS
    candidates = [
        Candidate(name, _paced(algorithm_named(name).configurations(task, rows, columns)[index], rounds), why)
        for name, index, why in places
        if name != "extra_trees" or _seconds_of_extra_trees(rows, columns, cores) < _BOOSTING_SHARE * seconds
    ]
    size = f"{rows} rows x {columns} columns, {seconds:.1f} s a fit on {cores} cores"
    why = f"{size}: about {rounds:.0f} rounds"
    return Plan((*candidates[:most], *_from_others(task, rows, columns)), why)


def seconds_a_round(rows: int, columns: int, cores: int, outputs: int) -> float:
    """Estimate one round of boosting; measured on 2,000 to 80,000 rows, the three boosters are alike."""
    return outputs * (2e-3 + 1.2e-8 * rows * columns / cores)


def _seconds_of_extra_trees(rows: int, columns: int, cores: int) -> float:
    return 8e-6 * rows * columns / cores


def _paced(parameters: dict[str, Any], rounds: float) -> dict[str, Any]:
    """Raise the learning rate where the rounds that fit into the time are too few for it."""
    if "learning_rate" not in parameters:
        return parameters
    rate = min(max(parameters["learning_rate"], _STEPS / max(rounds, 1.0)), _LARGEST_RATE)
    return parameters | {"learning_rate": round(rate, 4)}


def _from_others(task: Task, rows: int, columns: int) -> Iterator[Candidate]:
    for name, algorithm in all_algorithms().items():
        if name not in CATALOGUE and task in algorithm.tasks:
            yield Candidate(
                name, algorithm.configurations(task, rows, columns)[0], "installed by another package"
            )
