"""Which algorithms to try, in which order, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from modelwright.algorithms.algorithm import Style
from modelwright.algorithms.catalogue import CATALOGUE, algorithm_named, all_algorithms, named_algorithms
from modelwright.algorithms.portfolio import portfolio
from modelwright.problem import Task

Memory = Literal["all", "aged", "recent"]


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
    memory : {"all", "aged", "recent"}
        Which rows it learns from, where these have an age: all alike, all but the older the less, or the
        newest alone.
    """

    algorithm: str
    parameters: dict[str, Any] = field(default_factory=dict)
    why: str = ""
    style: Style | None = None
    memory: Memory = "all"


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


_LARGE = 20_000  # rows; the portfolio was learned on fewer, and more rows deserve larger trees
_LARGE_ORDER = (
    Candidate(
        "lightgbm",
        {
            "learning_rate": 0.05, "num_leaves": 64, "min_data_in_leaf": 40, "bagging_fraction": 0.75,
            "max_bin": 63,
        },
        "leaf-wise trees on coarse bins: the fastest to a good score",
    ),
    Candidate(
        "xgboost",
        {"learning_rate": 0.08, "max_depth": 6, "subsample": 0.65, "max_bin": 64},
        "level-wise trees err differently from leaf-wise ones",
    ),
    Candidate(
        "lightgbm",
        {"learning_rate": 0.04, "num_leaves": 96, "feature_fraction": 0.5, "min_data_in_leaf": 20},
        "columns combined, where that pays",
        "enriched",
    ),
    Candidate(
        "catboost",
        {"learning_rate": 0.08, "depth": 7, "bootstrap_type": "Bernoulli", "subsample": 0.9},
        "symmetric trees: the best untuned booster, where time allows",
    ),
    Candidate("extra_trees", {}, "averaged random trees err differently from boosting"),
    Candidate(
        "lightgbm",
        {
            "extra_trees": True, "learning_rate": 0.04, "num_leaves": 64, "feature_fraction": 0.5,
            "min_data_in_leaf": 5,
        },
        "random thresholds on columns combined",
        "enriched",
    ),
    Candidate(
        "xgboost",
        {"learning_rate": 0.05, "max_depth": 9, "min_child_weight": 4.0, "subsample": 0.7},
        "deeper level-wise trees",
    ),
    Candidate("catboost", {"learning_rate": 0.05, "depth": 6}, "shallower symmetric trees"),
    Candidate(
        "lightgbm",
        {"learning_rate": 0.03, "num_leaves": 255, "feature_fraction": 0.6, "min_data_in_leaf": 20},
        "very large trees",
    ),
    Candidate(
        "xgboost",
        {"learning_rate": 0.08, "max_depth": 3, "subsample": 0.8, "colsample_bylevel": 0.6},
        "shallow trees on part of the columns",
    ),
)  # fmt: skip
_NET = Candidate("neural_net", why="smooth, so that it errs differently from trees")
_SPLINES = Candidate("splines", why="effects that add up, and bend")
_AVERAGED = Candidate("extra_trees", why="one forest for many classes, where boosting grows a tree for each")
_QUICK = ("neural_net", "linear")
_FEW = 1_000  # rows with which a neural net overfits
_NET_ROWS_A_SECOND = 50_000  # of one pass on one core
_NET_PASSES = 10
_MANY_CLASSES = 10  # from which boosting, a tree a class and round, is slow, and averaging is tried first
_MOST = ((100, 4), (500, 8), (2_500, 15))
_BOOSTING_SHARE = 0.7  # of a fit's time; the rest is for features, predictions and the portable form
_STEPS = 12.0  # learning rate x rounds by which boosting has mostly converged
_LARGEST_RATE = 0.2


def plan(task: Task, rows: int, columns: int, seconds: float, cores: int, classes: int = 2) -> Plan:
    """Order the candidates for a table of this size and the time there is.

    Up to 20,000 rows the order is the portfolio's: the one in which configurations help a greedy ensemble
    most, learned on many tables (`benchmarks/portfolio`). Few rows allow few candidates, since each is one
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
    candidates = [
        replace(candidate, parameters=_fitting(candidate, task, rows, columns, rounds))
        for candidate in _ordered(task, rows, outputs)
        if _least_seconds(candidate, rows, columns, cores) < _BOOSTING_SHARE * seconds
    ]
    size = f"{rows} rows x {columns} columns, {seconds:.1f} s a fit on {cores} cores"
    why = f"{size}: about {rounds:.0f} rounds"
    named = [
        Candidate(name, {}, "; ".join(("named in the brief", *each.card.weaknesses)))
        for name, each in named_algorithms().items()
        if task in each.tasks
    ]
    return Plan((*named, *candidates[:most], *_from_others(task, rows, columns)), why)


def _ordered(task: Task, rows: int, outputs: int) -> list[Candidate]:
    learned = portfolio(task)
    places = [Candidate(**each, why=f"place {at} of the portfolio") for at, each in enumerate(learned, 1)]
    if rows > _LARGE:
        places = list(_LARGE_ORDER)
    if rows < _FEW:
        safe = next(each for each in places if each.style is None and each.parameters.get("extra_trees"))
        others = [each for each in places if each is not safe]
        return [safe, *others[:2], _SPLINES, *others[2:]]
    places = [*places[:3], _NET, *places[3:], _SPLINES]
    if outputs < _MANY_CLASSES:
        return places
    quick = [_AVERAGED, *(each for each in places if each.algorithm in _QUICK)]
    return [*quick, *(each for each in places if each.algorithm not in {"extra_trees", *_QUICK})]


def seconds_a_round(rows: int, columns: int, cores: int, outputs: int) -> float:
    """Estimate one round of boosting; measured on 2,000 to 80,000 rows, the three boosters are alike."""
    return outputs * (2e-3 + 1.2e-8 * rows * columns / cores)


def _least_seconds(candidate: Candidate, rows: int, columns: int, cores: int) -> float:
    """Estimate what a fit takes at least, where less would be of no use."""
    if candidate.algorithm == "extra_trees":
        return 8e-6 * rows * columns / cores
    return _NET_PASSES * rows / _NET_ROWS_A_SECOND / cores if candidate.algorithm == "neural_net" else 0.0


def _fitting(candidate: Candidate, task: Task, rows: int, columns: int, rounds: float) -> dict[str, Any]:
    """Return the parameters of a candidate for a table of this size and the rounds that there is time for."""
    parameters = candidate.parameters
    usual = algorithm_named(candidate.algorithm).configurations(task, rows, columns)[0]
    if candidate.algorithm in {"neural_net", "splines"}:
        return usual
    if candidate.algorithm == "extra_trees":  # its leaves grow with the rows, or the forest would
        least = max(parameters.get("min_samples_leaf", 1), usual["min_samples_leaf"])
        parameters = parameters | {"min_samples_leaf": least}
    return _paced(parameters, rounds)


def _paced(parameters: dict[str, Any], rounds: float) -> dict[str, Any]:
    """Raise the learning rate where the rounds that fit into the time are too few for it."""
    if "learning_rate" not in parameters:
        return parameters
    rate = min(max(parameters["learning_rate"], _STEPS / max(rounds, 1.0)), _LARGEST_RATE)
    return parameters | {"learning_rate": round(rate, 4)}


def _from_others(task: Task, rows: int, columns: int) -> Iterator[Candidate]:
    for name, algorithm in all_algorithms().items():
        if name not in CATALOGUE and name not in named_algorithms() and task in algorithm.tasks:
            yield Candidate(
                name, algorithm.configurations(task, rows, columns)[0], "installed by another package"
            )
