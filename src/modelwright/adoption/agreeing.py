"""Whether a pipeline says what its prototype said, and what it earns on rows that were sealed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.errors import PrototypeError
from modelwright.problem import Task

_NEAR = 1e-6


@dataclass(frozen=True)
class Proof:
    """A pipeline's predictions beside its prototype's, on the same rows.

    Attributes
    ----------
    rows : int
    different : int
        Rows of which they say something else.
    largest_difference : float or None
        Between numbers; None for labels.
    """

    rows: int
    different: int
    largest_difference: float | None

    @property
    def holds(self) -> bool:
        """Whether they say the same of every row."""
        return self.different == 0


def prove(prototype: NDArray[Any], pipeline: NDArray[Any]) -> Proof:
    """Compare the predictions of a prototype and of its pipeline."""
    if prototype.shape != pipeline.shape:
        return Proof(len(prototype), max(len(prototype), len(pipeline)), None)
    if prototype.dtype.kind in "fc":
        gap = np.abs(prototype - pipeline) / np.maximum(1.0, np.abs(prototype))
        by_row = gap.reshape(len(gap), -1).max(axis=1)
        return Proof(len(gap), int((by_row > _NEAR).sum()), float(by_row.max(initial=0.0)))
    return Proof(
        len(prototype), int((prototype != pipeline).reshape(len(prototype), -1).any(axis=1).sum()), None
    )


def as_outcome(
    labels: NDArray[Any], told: NDArray[Any], task: Task
) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Return labels and predictions as metrics take them: class codes and probabilities, or values.

    Raises
    ------
    PrototypeError
        If the predictions are neither labels nor probabilities.
    """
    labels = np.asarray(labels).reshape(len(labels), -1)
    if task is Task.REGRESSION:
        return labels[:, 0].astype(np.float64), np.asarray(told, dtype=np.float64).reshape(len(told), 1)
    classes, codes = np.unique(labels[:, 0], return_inverse=True)
    told = np.asarray(told)
    if told.ndim == 2 and told.shape[1] == len(classes):
        return codes, told.astype(np.float64)
    told = told.reshape(-1)
    if np.isin(told, classes).all():
        return codes, (told[:, None] == classes[None, :]).astype(np.float64)
    if len(classes) == 2 and told.dtype.kind == "f" and ((told >= 0) & (told <= 1)).all():
        return codes, np.column_stack([1 - told, told]).astype(np.float64)
    if len(told) == len(labels) and told.dtype.kind in "iuU":  # labels that the sealed rows do not have
        every = np.union1d(classes, told)
        return np.searchsorted(every, labels[:, 0]), (told[:, None] == every[None, :]).astype(np.float64)
    raise PrototypeError("its predictions are neither labels nor probabilities of the classes")
