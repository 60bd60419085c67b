"""Which algorithms to try, in which order, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from modelwright.algorithms.catalogue import algorithm_named
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
    """

    algorithm: str
    parameters: dict[str, Any] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True)
class Plan:
    """What to try, the most promising first.

    Attributes
    ----------
    candidates : tuple of Candidate
    """

    candidates: tuple[Candidate, ...]


def plan(task: Task, rows: int, columns: int, seconds: float, cores: int) -> Plan:  # noqa: ARG001
    """Order the candidates for a table of this size and the time there is.

    Parameters
    ----------
    task : Task
    rows, columns : int
        Size of the matrix of features.
    seconds : float
        Time limit of the whole build.
    cores : int
    """
    chosen = [
        Candidate(name, parameters, "")
        for name in ("lightgbm", "linear")
        for parameters in algorithm_named(name).configurations(task, rows, columns)
    ]
    return Plan(tuple(chosen))
