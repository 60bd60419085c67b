"""The interface of an algorithm: a job comes in, a fitted learner goes out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.portable import Portable
from modelwright.problem import Metric, Task

Style = Literal["tree", "linear", "enriched"]


@dataclass(frozen=True)
class Card:
    """What an engineer should know before choosing an algorithm.

    Attributes
    ----------
    title : str
        Its name in reports.
    good_for : str
        The problems it is meant for.
    strengths, weaknesses : tuple of str
        One statement each, without advertising.
    cost : str
        What time and memory grow with.
    paper : str
        Authors, year and title of the method.
    """

    title: str
    good_for: str
    strengths: tuple[str, ...]
    weaknesses: tuple[str, ...]
    cost: str
    paper: str


@dataclass(frozen=True, eq=False)
class FitJob:
    """Everything an algorithm may know when it fits.

    Attributes
    ----------
    X : ndarray of shape (n, n_features), float32
        Features; NaN is missing, infinite values do not occur.
    y : ndarray of shape (n,)
        Class codes (int64) below `n_classes`, or values (float64). Not every class need occur.
    X_valid, y_valid : ndarray
        Other rows, at least one, on which to stop early. They are not learnt from otherwise.
    task : Task
    n_classes : int
        1 for regression.
    metric : Metric
        What the model is judged by.
    parameters : dict
        One of the algorithm's `configurations`; what is left out has a default.
    deadline : callable
        Seconds left. Once it is not positive, fitting ends with the best learner so far.
    threads : int
    seed : int
    weight, weight_valid : ndarray of shape (n,), float64, or None
        How much each training and each validation row counts: positive, with a mean of about 1. None where
        they count alike. Only an algorithm that `takes_weights` is given any.
    monotone : tuple of int
        For each feature 1 where the prediction (the value, or the probability of the positive label) must
        not fall as it grows, -1 where it must not rise, 0 where it may do as it likes; empty where all may.
        Only an algorithm that `keeps_monotone` is given any.
    rounds : int, optional
        Take exactly so many boosting rounds or trees, whatever the validation rows and the deadline say: a
        fit is done again, and shall come to the same.
    """

    X: NDArray[np.float32]
    y: NDArray[Any]
    X_valid: NDArray[np.float32]
    y_valid: NDArray[Any]
    task: Task
    n_classes: int
    metric: Metric
    parameters: dict[str, Any]
    deadline: Callable[[], float]
    threads: int
    seed: int
    weight: NDArray[np.float64] | None = None
    weight_valid: NDArray[np.float64] | None = None
    monotone: tuple[int, ...] = ()
    rounds: int | None = None


@dataclass(frozen=True, eq=False)
class FittedLearner:
    """What a fit yields.

    Attributes
    ----------
    own : callable
        Scores a matrix of features with the algorithm's own library.
    compiled : callable
        Makes the portable form, without the library afterwards.
    rounds : int or None
        Boosting rounds or trees kept; None where the algorithm has none.
    """

    own: Callable[[NDArray[np.float32]], NDArray[np.float64]]
    compiled: Callable[[], Portable]
    rounds: int | None = None

    def predict(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        """Score with the algorithm's own library.

        Parameters
        ----------
        X : ndarray of shape (n, n_features)

        Returns
        -------
        ndarray of shape (n, n_classes) or (n, 1)
            Probabilities, or values for regression.
        """
        return self.own(X)

    def portable(self) -> Portable:
        """Return the learner as pure arrays; it predicts within 1e-5 of `predict`."""
        return self.compiled()


class Algorithm(ABC):
    """One entry of the catalogue.

    Another package adds its own by an entry point of the group ``modelwright.algorithms`` that names a
    subclass; `modelwright.testing.check_algorithm` says whether it fits in.

    Attributes
    ----------
    name : str
        In lower case, as in leaderboards and file names.
    card : Card
    tasks : frozenset of Task
        What it can learn.
    style : "tree", "linear" or "enriched"
        Which representation it wants: "tree" has raw numbers and NaN, "linear" has imputed, standardised
        numbers, "enriched" has those of "tree" and features made from several columns.
    takes_weights : bool
        Whether it learns by `FitJob.weight`; one that does not is left out where rows have weights.
    keeps_monotone : bool
        Whether it keeps to `FitJob.monotone`; one that does not is left out where the brief asks for it.
    takes_rounds : bool
        Whether its parameters may name the ``rounds`` to keep, so that it can learn again from all rows, with
        none left to stop it by.
    by_wish : bool
        Whether it is tried only where somebody names it.
    """

    name: ClassVar[str]
    card: ClassVar[Card]
    tasks: ClassVar[frozenset[Task]] = frozenset(Task)
    style: ClassVar[Style] = "tree"
    takes_weights: ClassVar[bool] = False
    keeps_monotone: ClassVar[bool] = False
    takes_rounds: ClassVar[bool] = False
    by_wish: ClassVar[bool] = False

    def ensure_ready(self, task: Task) -> None:  # noqa: B027  # most need nothing
        """Raise `PretrainedError` where what a fit needs is absent; asked before a build begins."""

    @abstractmethod
    def configurations(self, task: Task, rows: int, columns: int) -> list[dict[str, Any]]:
        """Return parameters worth trying on a table of this size, the strongest first.

        Parameters
        ----------
        task : Task
        rows, columns : int
            Size of the matrix of features.

        Returns
        -------
        list of dict
            JSON-able; at least one.
        """

    @abstractmethod
    def fit(self, job: FitJob) -> FittedLearner:
        """Learn from the job's rows. The same job gives the same learner, unless the deadline cuts it."""
