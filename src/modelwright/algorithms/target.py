"""The target as the learners see it, and back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.algorithms.algorithm import FitJob
from modelwright.algorithms.portable import Forest, Link
from modelwright.problem import Task

LINKS = {Task.BINARY: Link.SIGMOID, Task.MULTICLASS: Link.SOFTMAX, Task.REGRESSION: Link.IDENTITY}


@dataclass(frozen=True, eq=False)
class Target:
    """Values shifted and scaled to mean 0 and spread 1; classes renumbered to those that occur.

    Leaves are summed in single precision, which keeps six digits of the spread only where a large common
    value (a year, a price level) is added last. A fold may lack a rare class; libraries differ in what they
    do then, so they never see it, and its probability is 0.

    Attributes
    ----------
    task : Task
    y, y_valid : ndarray
        int64 codes, or float64 standardised values.
    X_valid : ndarray
        The validation rows of `y_valid`: those whose class occurs among the training rows.
    weight, weight_valid : ndarray or None
        How much each training row, and each of the validation rows, counts.
    present : ndarray of shape (n_present,), int64
        Codes of the classes that occur.
    n_classes : int
        How many classes there are in all.
    center, scale : float
        ``value = center + scale * y``; 0 and 1 for classes.
    """

    task: Task
    y: NDArray[Any]
    y_valid: NDArray[Any]
    X_valid: NDArray[np.float32]
    present: NDArray[np.int64]
    n_classes: int
    center: float = 0.0
    scale: float = 1.0
    weight: NDArray[np.float64] | None = None
    weight_valid: NDArray[np.float64] | None = None

    @classmethod
    def of(cls, job: FitJob) -> Target:
        """Prepare the target of a job that has something to learn."""
        if job.task is Task.REGRESSION:
            center, scale = float(job.y.mean()), float(job.y.std())
            y, y_valid = (job.y - center) / scale, (job.y_valid - center) / scale
            present = np.zeros(1, np.int64)
            weights = {"weight": job.weight, "weight_valid": job.weight_valid}
            return cls(job.task, y, y_valid, job.X_valid, present, 1, center, scale, **weights)
        present, codes = np.unique(job.y, return_inverse=True)
        X_valid, y_valid, weight_valid = _known(job, present)
        return cls(
            job.task,
            codes,
            np.searchsorted(present, y_valid),
            X_valid,
            present,
            job.n_classes,
            weight=job.weight,
            weight_valid=weight_valid,
        )

    def at(self, rows: NDArray[np.int64]) -> Target:
        """Return the target of some of the training rows, with the same validation rows."""
        weight = None if self.weight is None else self.weight[rows]
        return replace(self, y=self.y[rows], weight=weight)

    def sample(self, rows: int, seed: int) -> NDArray[np.int64]:
        """Return positions of rows drawn by chance, in order; of each class that occurs at least one.

        Parameters
        ----------
        rows : int
            How many; a few more where a class would be lost.
        seed : int
        """
        chosen = np.sort(np.random.default_rng(seed).choice(len(self.y), rows, replace=False))
        if self.task is Task.REGRESSION:
            return chosen
        codes, firsts = np.unique(self.y, return_index=True)
        return np.union1d(chosen, firsts[~np.isin(codes, self.y[chosen])])

    def prediction(self, output: Any) -> NDArray[np.float64]:
        """Return what a library predicts as a prediction.

        Parameters
        ----------
        output : ndarray
            Standardised values of shape (n,), probabilities of the positive label of shape (n,), or
            probabilities of the classes that occur of shape (n, n_present).

        Returns
        -------
        ndarray of shape (n, n_classes) or (n, 1)
        """
        output = np.asarray(output, dtype=np.float64)
        if self.task is Task.REGRESSION:
            return np.asarray(self.center + self.scale * output.reshape(-1, 1), dtype=np.float64)
        if self.task is Task.BINARY:
            return np.column_stack([1.0 - output, output])
        prediction = np.zeros((len(output), self.n_classes))
        prediction[:, self.present] = output
        return prediction

    def restored(self, forest: Forest) -> Forest:
        """Return a forest that was compiled from what a library learnt, answering as `prediction` does."""
        if self.task is Task.REGRESSION:
            return forest.scaled(self.scale, self.center)
        if self.task is Task.MULTICLASS and len(self.present) < self.n_classes:
            return forest.among(self.present, self.n_classes)
        return forest


def _known(
    job: FitJob, present: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[Any], NDArray[np.float64] | None]:
    """Return the validation rows whose class occurs; the training rows where there is none."""
    known = np.isin(job.y_valid, present)
    if not known.any():
        return job.X, job.y, job.weight
    return (
        job.X_valid[known],
        job.y_valid[known],
        None if job.weight_valid is None else job.weight_valid[known],
    )


def nothing_to_learn(job: FitJob) -> bool:
    """Tell whether the target or every feature never changes: libraries refuse such jobs."""
    return len(np.unique(job.y)) < 2 or all(_never_changes(column) for column in job.X.T)


def _never_changes(column: NDArray[np.float32]) -> bool:
    return bool((np.isnan(column) if np.isnan(column[0]) else column == column[0]).all())
