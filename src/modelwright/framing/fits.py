"""Quick fits whose predictions of rows they have not seen are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.algorithms import FitJob, algorithm_named
from modelwright.data import Contract
from modelwright.features import Representation
from modelwright.problem import Metric, Task

Fold = tuple[NDArray[np.int64], NDArray[np.int64]]
Floats = NDArray[np.float64]

_SHARE_TO_STOP_ON = 0.2
_TREES, _FEWEST_ROUNDS = 450, 30
_COLUMNS_A_TREE = 60


@dataclass(frozen=True, eq=False)
class Rows:
    """What framing learns from.

    Attributes
    ----------
    frame : polars.DataFrame of n rows
        Conformed features.
    y : ndarray of shape (n,)
        Class codes, or values.
    contract : Contract
    task : Task
    metric : Metric
    folds : list of (train, valid)
        Positions.
    threads : int
    seed : int
    weight : ndarray of shape (n,) or None
        How much each row counts; None where all count alike.
    """

    frame: pl.DataFrame
    y: NDArray[np.generic]
    contract: Contract
    task: Task
    metric: Metric
    folds: list[Fold]
    threads: int
    seed: int
    weight: Floats | None = None

    def weight_of(self, at: NDArray[np.int64]) -> Floats | None:
        """Return how much some of the rows count."""
        return None if self.weight is None else self.weight[at]

    @property
    def n_outputs(self) -> int:
        """Number of classes; 1 for regression."""
        return max(len(self.contract.classes), 1)


@dataclass(frozen=True, eq=False)
class Judged:
    """Predictions of rows by fits that have not seen them.

    Attributes
    ----------
    rows : ndarray of shape (m,)
        Positions of the rows.
    fold : ndarray of shape (m,)
        Which fit predicted each.
    prediction : ndarray of shape (m, n_outputs)
    """

    rows: NDArray[np.int64]
    fold: NDArray[np.int64]
    prediction: Floats


def cross_validate(rows: Rows, names: tuple[str, ...]) -> dict[str, Judged]:
    """Predict each fold's held-out rows by algorithms that learned from its other rows.

    Parameters
    ----------
    rows : Rows
        What to learn from.
    names : tuple of str
        Algorithms of the catalogue; those that share a representation share the work of fitting it.

    Returns
    -------
    dict of str to Judged
    """
    valid = np.concatenate([fold[1] for fold in rows.folds])
    number = np.repeat(np.arange(len(rows.folds)), [len(fold[1]) for fold in rows.folds])
    parts: dict[str, list[Floats]] = {name: [] for name in names}
    for train, held in rows.folds:
        features = _Features(rows, train, held)
        for name in names:
            parts[name].append(features.predict(name))
    return {name: Judged(valid, number, np.concatenate(found)) for name, found in parts.items()}


def predict_held(rows: Rows, name: str, train: NDArray[np.int64], held: NDArray[np.int64]) -> Floats:
    """Fit one algorithm on some rows and predict others."""
    return _Features(rows, train, held).predict(name)


class _Features:
    """The matrices of one fold, made when an algorithm first wants its style."""

    def __init__(self, rows: Rows, train: NDArray[np.int64], held: NDArray[np.int64]) -> None:
        self.rows, self.train, self.held = rows, train, held
        order = np.random.default_rng(rows.seed).permutation(len(train))
        stop = max(1, round(_SHARE_TO_STOP_ON * len(train)))
        self.inner, self.stop_on = (order[stop:], order[:stop]) if len(train) > 1 else (order, order)
        self.made: dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]] = {}

    def of(self, style: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        if style not in self.made:
            rows = self.rows
            frame, y = rows.frame[self.train], rows.y[self.train]
            fitted, X = Representation.fit_transform(
                frame, y, rows.contract, rows.task, style, seed=rows.seed
            )
            self.made[style] = X, fitted.transform(rows.frame[self.held])
        return self.made[style]

    def predict(self, name: str) -> Floats:
        algorithm, rows = algorithm_named(name), self.rows
        X, X_held = self.of(algorithm.style)
        y = rows.y[self.train]
        job = FitJob(
            X=X[self.inner],
            y=y[self.inner],
            X_valid=X[self.stop_on],
            y_valid=y[self.stop_on],
            task=rows.task,
            n_classes=rows.n_outputs,
            metric=rows.metric,
            parameters=_quick(name, rows.n_outputs, X.shape[1]),
            deadline=_unlimited,
            threads=rows.threads,
            seed=rows.seed,
            weight=rows.weight_of(self.train[self.inner]),
            weight_valid=rows.weight_of(self.train[self.stop_on]),
        )
        return algorithm.fit(job).predict(X_held)


def _quick(name: str, n_outputs: int, columns: int) -> dict[str, Any]:
    """Return parameters for a first look: about as good, in a fraction of the time."""
    if name == "linear":
        return {"max_iter": 50, "cells": 2_000_000, "penalties": [10.0, 1.0]}
    if name == "lightgbm":
        rounds = max(_FEWEST_ROUNDS, _TREES // max(n_outputs, 3))
        share = min(1.0, _COLUMNS_A_TREE / columns)
        return {
            "learning_rate": 0.1,
            "num_leaves": 15,
            "rounds": rounds,
            "max_bin": 63,
            "feature_fraction": share,
        }
    return {}


def _unlimited() -> float:
    return float("inf")
