"""The catalogue of algorithms for people: its cards, and whether somebody's algorithm fits in."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass

from modelwright.algorithms import Algorithm, algorithm_class, algorithm_named, all_algorithms
from modelwright.testing import ALGORITHM_CHECKS


@dataclass(frozen=True)
class Catalogued:
    """One algorithm, as its card says.

    Attributes
    ----------
    name, title, style, good_for, cost, paper : str
    tasks : tuple of str
        What it can learn.
    takes_weights, keeps_monotone : bool
        Whether it learns by weights of rows, and keeps to stated directions.
    strengths, weaknesses : tuple of str
    """

    name: str
    title: str
    tasks: tuple[str, ...]
    style: str
    takes_weights: bool
    keeps_monotone: bool
    good_for: str
    strengths: tuple[str, ...]
    weaknesses: tuple[str, ...]
    cost: str
    paper: str


@dataclass(frozen=True)
class Conformance:
    """What an algorithm was asked by the suite, and what it lacks.

    Attributes
    ----------
    name : str
    answers : tuple of Answer
        In the order of the suite.
    costs : tuple of str
        What it costs to use it as it is, such as that it has no portable form.
    """

    name: str
    answers: tuple[Answer, ...]
    costs: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing is lacking."""
        return all(not answer.lacks for answer in self.answers)


@dataclass(frozen=True)
class Answer:
    """One check of the suite.

    Attributes
    ----------
    check : str
        Its name.
    promise : str
        What training and deployment rely on.
    lacks : str
        What was found instead; empty where the promise holds.
    """

    check: str
    promise: str
    lacks: str


def list_algorithms(name: str | None = None) -> list[Catalogued]:
    """List the algorithms there are, or the one that is named.

    Raises
    ------
    TrainingError
        If there is none of that name.
    """
    found = all_algorithms().values() if name is None else [algorithm_named(name)]
    return [_catalogued(algorithm) for algorithm in found]


def check_algorithm_class(place: str) -> Conformance:
    """Run the conformance suite on somebody's class, all of it, whatever fails.

    Parameters
    ----------
    place : str
        ``package.module:Class``.

    Raises
    ------
    TrainingError
        If there is no such class.
    """
    algorithm = algorithm_class(place)()
    answers = tuple(_answer(algorithm, check) for check in ALGORITHM_CHECKS)
    return Conformance(algorithm.name, answers, algorithm.card.weaknesses)


def _answer(algorithm: Algorithm, check: Callable[[Algorithm], None]) -> Answer:
    promise = (inspect.getdoc(check) or "").replace("\n", " ")
    lacks = ""
    try:
        check(algorithm)
    except Exception as error:  # noqa: BLE001  # somebody else's code may raise anything, and that is the answer
        said = str(error) or "it does not hold"
        lacks = said if isinstance(error, AssertionError) else f"{type(error).__name__}: {said}"
    return Answer(check.__name__, promise, lacks)


def _catalogued(algorithm: Algorithm) -> Catalogued:
    card = algorithm.card
    return Catalogued(
        name=algorithm.name,
        title=card.title,
        tasks=tuple(sorted(algorithm.tasks)),
        style=algorithm.style,
        takes_weights=algorithm.takes_weights,
        keeps_monotone=algorithm.keeps_monotone,
        good_for=card.good_for,
        strengths=card.strengths,
        weaknesses=card.weaknesses,
        cost=card.cost,
        paper=card.paper,
    )
