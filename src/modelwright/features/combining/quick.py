"""Small boosted forests that say which features matter, and what is left to explain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from modelwright.features.arrays import LARGEST
from modelwright.features.combining.base import Base
from modelwright.problem import Task

_ROUNDS = 80
_FEWEST_ROUNDS = 12
_COLUMNS = 100
"""Most features that a tree sees, so that wide tables cost little more than narrow ones."""
_PARAMETERS = {
    "learning_rate": 0.1,
    "num_leaves": 16,
    "min_data_in_leaf": 20,
    "max_bin": 63,
    "feature_pre_filter": False,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,  # so small that threads would wait for each other, and the same on every machine
    "verbosity": -1,
}


@dataclass(frozen=True, eq=False)
class Quick:
    """A target made ready for small forests.

    Attributes
    ----------
    y : numpy.ndarray
        Class codes, or values on a scale of 1, the few at the ends pulled in; ``[n]``.
    objective : dict
        What LightGBM minimises.
    seed : int
    rounds : int
        Fewer where a round grows a tree for each of many classes.
    """

    y: np.ndarray
    objective: dict[str, Any]
    seed: int
    rounds: int

    @classmethod
    def of(cls, base: Base) -> Self:
        """Return the target of these rows, ready for small forests."""
        task, classes, seed = base.setting.task, len(base.setting.classes), base.setting.seed
        if task == Task.REGRESSION:
            low, high = np.quantile(base.y, [0.005, 0.995])
            values = np.clip(base.y, max(low, -LARGEST), min(high, LARGEST))
            spread = values.std()
            scaled = (values - values.mean()) / (spread if spread > 0 else 1.0)
            return cls(scaled, {"objective": "l2"}, seed, _ROUNDS)
        if task == Task.BINARY:
            return cls(base.y, {"objective": "binary"}, seed, _ROUNDS)
        objective = {"objective": "multiclass", "num_class": classes}
        return cls(base.y, objective, seed, max(_FEWEST_ROUNDS, 3 * _ROUNDS // classes))

    def boosted(self, X: np.ndarray, rows: np.ndarray, share: float, start: np.ndarray | None = None) -> Any:
        """Return a LightGBM booster of `rows`, whose trees see a share of the features of `X`.

        Parameters
        ----------
        X : numpy.ndarray
            float32 ``[rows, d]``.
        rows : numpy.ndarray
            Positions of these rows.
        share : float
            Of the features, for each tree; less where they are many.
        start : numpy.ndarray or None
            Raw outputs to go on from, ``[rows, w]``.
        """
        import lightgbm

        share = min(share, _COLUMNS / X.shape[1])
        settings = {**_PARAMETERS, **self.objective, "feature_fraction": share, "seed": self.seed}
        given = None if start is None else start[:, 0] if start.shape[1] == 1 else start
        data = lightgbm.Dataset(X, self.y[rows], init_score=given, params=settings)
        return lightgbm.train(settings, data, self.rounds)

    def residuals(self, raw: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return what raw outputs leave to explain of some rows, float64 ``[n, w]``."""
        y, found = self.y[rows], self._predictions(raw)
        wanted = y[:, None] == np.arange(raw.shape[1]) if raw.shape[1] > 1 else y[:, None]
        return np.asarray(wanted - found)

    def losses(self, raw: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return each row's squared error or log-loss, float64 ``[n]``."""
        y, found = self.y[rows], self._predictions(raw)
        if raw.shape[1] > 1:
            given = found[np.arange(len(y)), y]
        elif self.objective["objective"] == "binary":
            given = np.where(y == 1, found[:, 0], 1 - found[:, 0])
        else:
            return np.asarray((y - found[:, 0]) ** 2)
        return np.asarray(-np.log(np.maximum(given, 1e-15)))

    def _predictions(self, raw: np.ndarray) -> np.ndarray:
        if raw.shape[1] > 1:
            exponents = np.exp(raw - raw.max(axis=1, keepdims=True))
            return np.asarray(exponents / exponents.sum(axis=1, keepdims=True))
        if self.objective["objective"] == "binary":
            return np.asarray(1 / (1 + np.exp(-raw)))
        return raw


def raw_outputs(booster: Any, X: np.ndarray) -> np.ndarray:
    """Return a booster's raw outputs, float64 ``[n, w]``."""
    found = np.asarray(booster.predict(X, raw_score=True, num_threads=1))
    return found.reshape(len(X), -1)


def contributions(booster: Any, X: np.ndarray, outputs: int) -> np.ndarray:
    """Return what each feature adds to each raw output (Shapley values), float64 ``[n, w, d]``."""
    found = np.asarray(booster.predict(X, pred_contrib=True, num_threads=1))
    return found.reshape(len(X), outputs, X.shape[1] + 1)[:, :, :-1]
