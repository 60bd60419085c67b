"""A scikit-learn-compatible class of somebody's own, as one more algorithm of the search."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.algorithm import Card, FitJob, FittedLearner, Style
from modelwright.algorithms.constant import Constant
from modelwright.algorithms.portable import Portable
from modelwright.algorithms.pretrained import Pretrained
from modelwright.algorithms.target import nothing_to_learn
from modelwright.errors import TrainingError
from modelwright.problem import Task

_NEAR = 1e-5
_TRIED = 200  # rows on which a form must answer as the estimator does

WITHOUT_FORM = (
    "it has no portable form, so a release holds trees that were taught its answers, not the estimator "
    "itself; give it a method portable() that returns a form of modelwright.algorithms (Linear, Forest, "
    "Splines, Network) to release it as it is"
)


class Borrowed(Pretrained):
    """A class with ``fit`` and ``predict`` (for classes of a target, ``predict_proba``).

    Where its fitted object has a method ``portable()`` that returns a `Portable`, that is what is kept, once
    it has shown that it answers the same. Otherwise the estimator is the teacher of boosted trees, as a
    pretrained model is: see `Pretrained`.

    Attributes
    ----------
    estimator : type
        The class.
    parameters : dict
        What it is made with.
    """

    style: ClassVar[Style] = "linear"
    by_wish: ClassVar[bool] = True
    estimator: ClassVar[type]
    parameters: ClassVar[dict[str, Any]] = {}

    def ensure_ready(self, task: Task) -> None:
        """Raise `TrainingError` where the class cannot be made with these parameters."""
        self.made(task)

    def made(self, task: Task) -> Any:
        """Return a new estimator."""
        try:
            made = self.estimator(**self.parameters)
        except TypeError as error:
            raise TrainingError(
                f"'{self.estimator.__name__}' can't be made with {self.parameters}: {error}; correct "
                "the parameters under [[algorithms]]"
            ) from error
        if task.is_classification and not hasattr(made, "predict_proba"):
            raise TrainingError(
                f"'{self.estimator.__name__}' has no predict_proba; a {task} task needs probabilities"
            )
        return made

    def teacher(self, job: FitJob, weights: Path, estimators: int) -> Any:  # noqa: ARG002
        """Return a new estimator that reads missing values as zeros, the mean of a standardised feature."""
        return _Filling(self.made(job.task))

    def weights(self, task: Task) -> Path:  # noqa: ARG002
        """Return nothing: it has no weights of its own."""
        return Path()

    def fit(self, job: FitJob) -> FittedLearner:
        """Fit the estimator, and keep its own form; without one, fit its student."""
        if nothing_to_learn(job):
            return Constant().fit(job)
        if not hasattr(self.estimator, "portable") or self._lacks_a_class(job):
            return super().fit(job)
        model = _Filling(self.made(job.task)).fit(job.X, job.y)

        def own(rows: NDArray[np.float32]) -> NDArray[np.float64]:
            told = model.predict(rows) if job.task is Task.REGRESSION else model.predict_proba(rows)
            return np.asarray(told, dtype=np.float64).reshape(len(rows), -1)

        form = model.inner.portable()
        self._agrees(form, own, job.X[:_TRIED])
        return FittedLearner(own=own, compiled=lambda: form)

    def _lacks_a_class(self, job: FitJob) -> bool:
        return job.task.is_classification and len(np.unique(job.y)) < job.n_classes

    def _agrees(self, form: Any, own: Any, rows: NDArray[np.float32]) -> None:
        if not isinstance(form, Portable):
            raise TrainingError(
                f"'{self.estimator.__name__}.portable()' returns {type(form).__name__}; return a form "
                "of modelwright.algorithms, such as Linear or Forest"
            )
        expected, found = own(rows), form.predict(np.where(np.isnan(rows), np.float32(0), rows))
        scale = max(1.0, float(np.abs(expected).max()))
        if found.shape != expected.shape or np.abs(found - expected).max() > _NEAR * scale:
            raise TrainingError(
                f"'{self.estimator.__name__}.portable()' does not answer as the estimator does; correct "
                "it, or take it away: the estimator is then the teacher of a portable student"
            )


class _Filling:
    """An estimator that gets no missing values."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    @property
    def classes_(self) -> NDArray[Any]:
        return np.asarray(self.inner.classes_)

    def fit(self, X: NDArray[np.float32], y: NDArray[Any]) -> _Filling:
        self.inner.fit(_filled(X), y)
        return self

    def predict(self, X: NDArray[np.float32]) -> Any:
        return self.inner.predict(_filled(X))

    def predict_proba(self, X: NDArray[np.float32]) -> Any:
        return self.inner.predict_proba(_filled(X))


def _filled(X: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.where(np.isnan(X), np.float32(0), X)


def is_estimator(found: Any) -> bool:
    """Say whether something is a class that fits and predicts."""
    return isinstance(found, type) and all(
        callable(getattr(found, each, None)) for each in ("fit", "predict")
    )


def borrow(found: type, parameters: dict[str, Any] | None = None) -> type[Borrowed]:
    """Return an algorithm that fits somebody's class.

    Parameters
    ----------
    found : type
        With ``fit`` and ``predict``.
    parameters : dict, optional
        What it is made with.
    """
    from sklearn.base import is_classifier, is_regressor

    try:
        made = found(**(parameters or {}))
    except TypeError as error:
        raise TrainingError(f"'{found.__name__}' can't be made with {parameters or {}}: {error}") from error
    classes = {Task.BINARY, Task.MULTICLASS}
    classifies = is_classifier(made) or hasattr(found, "predict_proba")
    tasks = classes if classifies and not is_regressor(made) else {Task.REGRESSION}
    said = (inspect.getdoc(found) or f"{found.__module__}.{found.__name__}").partition("\n")[0]
    cost = "its own; and it is fitted once more for each teaching fold, unless it has portable()"
    weak = () if hasattr(found, "portable") else (WITHOUT_FORM,)
    strengths = ("it holds what its author knows of the problem",)
    card = Card(
        said, "what its author made it for", strengths, weak, cost, f"{found.__module__}.{found.__name__}"
    )
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", found.__name__).lower()
    content = {
        "name": name, "card": card, "tasks": frozenset(tasks), "estimator": found,
        "parameters": parameters or {}, "package": found.__module__, "variable": "",
        "__doc__": Borrowed.__doc__,
    }  # fmt: skip
    return type(found.__name__, (Borrowed,), content)
