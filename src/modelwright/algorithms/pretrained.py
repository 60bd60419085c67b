"""Pretrained models as teachers of portable students."""

from __future__ import annotations

import importlib.util
import os
from abc import abstractmethod
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.algorithm import Algorithm, FitJob, FittedLearner
from modelwright.algorithms.constant import Constant
from modelwright.algorithms.student import fit_student
from modelwright.algorithms.target import Target, nothing_to_learn
from modelwright.errors import PretrainedError
from modelwright.problem import Task

_DEFAULTS: dict[str, Any] = {"estimators": 8, "rows": 3_000, "made_up": 2, "swapped": 0.3}
_SURE = 1e-4  # probabilities are held this far from 0 and 1, so that log-odds stay in reach of trees
_FOLDS = 3


class Pretrained(Algorithm):
    """A model that was trained on other tables and reads this one as its context, as the teacher of trees.

    It has no portable form: its answers need its package, its weights and the training rows. So what is
    kept is a student, boosted trees that learn the teacher's answers (Buciluă, Caruana and Niculescu-Mizil
    2006, "Model compression"): for the training rows by a teacher that has not seen them, and for rows
    that are made up by swapping values between rows, which have no label but the teacher's.

    Attributes
    ----------
    package : str
        What is imported.
    variable : str
        Environment variable that names the folder of the weights.
    """

    package: ClassVar[str]
    variable: ClassVar[str]
    by_wish: ClassVar[bool] = True

    @abstractmethod
    def teacher(self, job: FitJob, weights: Path, estimators: int) -> Any:
        """Return the package's own estimator, not yet fitted, that reads its weights from a file."""

    def configurations(self, task: Task, rows: int, columns: int) -> list[dict[str, Any]]:  # noqa: ARG002
        """Return the one configuration; see `Algorithm.configurations`."""
        return [{}]

    def ensure_ready(self, task: Task) -> None:
        """See `Algorithm.ensure_ready`."""
        if importlib.util.find_spec(self.package) is None:
            raise PretrainedError(
                f"'{self.name}' needs the package {self.package}, which is not installed; run "
                f"pip install {self.package} (it brings PyTorch), or leave '{self.name}' out"
            )
        self.weights(task)

    def weights(self, task: Task) -> Path:
        """Return the file of the weights for a task.

        Raises
        ------
        PretrainedError
            If the folder is not named, or does not hold exactly one such file.
        """
        kind = "regressor" if task is Task.REGRESSION else "classifier"
        folder = os.environ.get(self.variable, "")
        if not folder:
            raise PretrainedError(
                f"'{self.name}' needs its pretrained weights, which are never downloaded; put the file "
                f"'*{kind}*.ckpt' into a folder and name it in the environment variable {self.variable}"
            )
        found = sorted(Path(folder).glob(f"*{kind}*.ckpt"))
        if len(found) != 1:
            what = ", ".join(file.name for file in found) or "none"
            raise PretrainedError(
                f"{self.variable} names {folder}, where exactly one file '*{kind}*.ckpt' is expected, but "
                f"there is {what}"
            )
        return found[0]

    def fit(self, job: FitJob) -> FittedLearner:
        """Ask the teacher, and fit a student to its answers."""
        if nothing_to_learn(job):
            return Constant().fit(job)
        self.ensure_ready(job.task)
        given = _DEFAULTS | job.parameters
        target = Target.of(job)
        if len(job.X) > given["rows"]:
            rows = target.sample(given["rows"], job.seed)
            job, target = replace(job, X=job.X[rows], y=job.y[rows]), target.at(rows)
        X, told, told_valid = self._lessons(job, target, given)
        return fit_student(job, target, X, told, told_valid)

    def _lessons(
        self, job: FitJob, target: Target, given: dict[str, Any]
    ) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.float64]]:
        """Return rows to learn from, and the teacher's raw outputs for them and for the validation rows."""
        weights = self.weights(job.task)

        def asked(rows: NDArray[np.int64], X: NDArray[np.float32]) -> NDArray[np.float64]:
            model = self.teacher(job, weights, given["estimators"])
            model.fit(job.X[rows], target.y[rows])
            return _raw(job.task, model, X, len(target.present))

        rng = np.random.default_rng(job.seed)
        part = rng.permutation(len(job.X)) % min(_FOLDS, len(job.X))
        everyone = np.arange(len(job.X))
        told = np.empty((len(job.X), _outputs(job.task, len(target.present))))
        for held_out in range(int(part.max()) + 1):
            known = np.flatnonzero(part != held_out)
            if job.task.is_classification:
                known = np.union1d(known, np.unique(target.y, return_index=True)[1])
            told[part == held_out] = asked(known, job.X[part == held_out])
        made_up = _swapped(job.X, given["made_up"], given["swapped"], rng)
        whole = asked(everyone, np.concatenate([made_up, job.X_valid]))
        X = np.concatenate([job.X, made_up])
        return X, np.concatenate([told, whole[: len(made_up)]]), whole[len(made_up) :]


def _outputs(task: Task, classes: int) -> int:
    return classes if task is Task.MULTICLASS else 1


def _raw(task: Task, model: Any, X: NDArray[np.float32], classes: int) -> NDArray[np.float64]:
    """Return values, log-odds of the second class, or centred logarithms of all classes' probabilities."""
    if task is Task.REGRESSION:
        return np.asarray(model.predict(X), dtype=np.float64).reshape(-1, 1)
    given = np.asarray(model.predict_proba(X), dtype=np.float64)
    probabilities = np.zeros((len(X), classes))
    probabilities[:, np.asarray(model.classes_, dtype=np.int64)] = given
    logs = np.log(np.clip(probabilities, _SURE, 1 - _SURE))
    if task is Task.BINARY:
        return np.asarray(logs[:, [1]] - logs[:, [0]])
    return np.asarray(logs - logs.mean(axis=1, keepdims=True))


def _swapped(
    X: NDArray[np.float32], times: int, share: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Return rows of which a share of the values comes from other rows."""
    made = np.tile(X, (times, 1))
    for column in range(X.shape[1]):
        taken = rng.random(len(made)) < share
        made[taken, column] = X[rng.integers(0, len(X), int(taken.sum())), column]
    return made
