"""How large the errors of predicted values are likely to be before labels come, learnt from the vault."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from modelwright.data import Contract

Floats = NDArray[np.float64]

_REACH = 1.959964  # standard errors on either side, for 95 %


class LossModel(BaseModel):
    """A model of one loss.

    Attributes
    ----------
    trees : str
        LightGBM's own text of the model.
    deviation : float
        Standard deviation of the loss on the vault.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    trees: str
    deviation: float

    @classmethod
    def fit(cls, X: Floats, loss: Floats) -> Self:
        """Learn a loss.

        Parameters
        ----------
        X : ndarray of shape (n, n_features + 1)
        loss : ndarray of shape (n,)
        """
        import lightgbm

        # LightGBM's defaults, as NannyML takes them; one thread and a fixed order give the same trees again.
        settings = {"objective": "regression", "verbosity": -1, "deterministic": True, "num_threads": 1}
        trees = lightgbm.train(settings, lightgbm.Dataset(X, loss), num_boost_round=100)
        return cls(trees=trees.model_to_string(), deviation=float(loss.std()))

    def mean(self, X: Floats) -> float:
        """Return the mean loss that is to be expected of rows."""
        import lightgbm

        losses: Any = lightgbm.Booster(model_str=self.trees).predict(X, num_threads=1)
        return float(losses.mean())


class LossEstimator(BaseModel):
    """Direct loss estimation (DLE).

    A second model learns from the vault how large the first one's errors are, given the inputs and the
    prediction. It sees inputs that have moved to where the errors are larger. It cannot see concept change:
    where the same inputs have come to have other values, only labels tell.

    Attributes
    ----------
    absolute, squared : LossModel
        Of the absolute and of the squared error.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: Literal["DLE"] = "DLE"
    absolute: LossModel
    squared: LossModel

    @classmethod
    def fit(cls, X: Floats, y: NDArray[np.generic], prediction: NDArray[np.floating]) -> Self:
        """Learn the errors of rows that the model has not learnt from.

        Parameters
        ----------
        X : ndarray of shape (n, n_features + 1)
            As `inputs` returns them.
        y : ndarray of shape (n,)
            Values.
        prediction : ndarray of shape (n, 1)
        """
        error = np.abs(np.asarray(prediction, dtype=np.float64)[:, 0] - np.asarray(y, dtype=np.float64))
        return cls(absolute=LossModel.fit(X, error), squared=LossModel.fit(X, error**2))

    def mean_absolute_error(self, X: Floats) -> tuple[float, float, float]:
        """Return the mean absolute error to be expected, and its limits at 95 %."""
        value = max(self.absolute.mean(X), 0.0)
        reach = _REACH * self.absolute.deviation / len(X) ** 0.5
        return value, max(value - reach, 0.0), value + reach

    def root_mean_squared_error(self, X: Floats) -> tuple[float, float, float]:
        """Return the root mean squared error to be expected, and its limits at 95 %."""
        value, reach = self.squared.mean(X), _REACH * self.squared.deviation / len(X) ** 0.5
        mean, low, high = (float(np.sqrt(max(each, 0.0))) for each in (value, value - reach, value + reach))
        return mean, low, high


def inputs(contract: Contract, frame: pl.DataFrame, prediction: NDArray[np.floating]) -> Floats:
    """Return what errors are learnt from: the features as numbers, free texts aside, and the prediction.

    Parameters
    ----------
    contract : Contract
    frame : DataFrame
        As `modelwright.data.conform` returns it.
    prediction : ndarray of shape (n, 1)
    """
    columns = [
        _numbers(frame[each.name], each.categories) for each in contract.features if each.kind != "text"
    ]
    return np.column_stack([*columns, np.asarray(prediction, dtype=np.float64)[:, 0]])


def _numbers(values: pl.Series, categories: tuple[str, ...]) -> Floats:
    if values.dtype == pl.String:
        codes = {level: code for code, level in enumerate(sorted(categories))}
        values = values.replace_strict(codes, default=None, return_dtype=pl.Float64)
    numbers: Floats = values.cast(pl.Float64).to_numpy()
    return numbers
