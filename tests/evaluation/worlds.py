"""Simulated worlds whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data import Column, Contract
from modelwright.evaluation import Background
from modelwright.problem import Brief

Rng = np.random.Generator
Floats = NDArray[np.float64]


def two_columns(positive: Floats) -> Floats:
    return np.stack([1 - positive, positive], axis=1)


def sigmoid(score: Floats) -> Floats:
    return 1 / (1 + np.exp(-score))


def calibrated_binary(
    rng: Rng, rows: int, *, strength: float = 1.5, share: float = 0.3
) -> tuple[NDArray[np.int64], Floats]:
    """Labels and their true probabilities: two normal scores `strength` apart."""
    y = (rng.random(rows) < share).astype(np.int64)
    score = strength * y + rng.normal(size=rows)
    log_odds = strength * (score - strength / 2) + np.log(share / (1 - share))
    return y, two_columns(sigmoid(log_odds))


def calibrated_multiclass(rng: Rng, rows: int, *, classes: int = 3) -> tuple[NDArray[np.int64], Floats]:
    """Labels drawn from the probabilities themselves."""
    probabilities = rng.dirichlet(np.ones(classes), size=rows)
    y = (rng.random((rows, 1)) > probabilities.cumsum(axis=1)).sum(axis=1)
    return np.minimum(y, classes - 1).astype(np.int64), probabilities


def linear_values(rng: Rng, rows: int, *, noise: float = 1.0) -> tuple[Floats, Floats]:
    """Values, and predictions that lack only the noise."""
    signal = rng.normal(size=rows)
    return signal + noise * rng.normal(size=rows), signal[:, None]


def brief(task: str = "binary", metric: str = "roc_auc", **sections: dict[str, object]) -> Brief:
    problem = {"name": "world", "target": "outcome", "task": task, "metric": metric}
    if task == "binary":
        problem["positive"] = "yes"
    return Brief.from_dict({"problem": problem} | sections)


class Visits:
    """Rows whose truth is known: visits to a shop, a model of them, and what it was built from.

    Parameters
    ----------
    weak : bool
        Whether the model is confident and wrong about half of the visits by a kind of customer.
    mislabelled : bool
        Whether a few labels are turned around.
    exact : bool
        Whether the truth hangs on the last digits of a number, which the model knows.
    seasonal : bool
        Whether the truth hangs on the month, which the model knows.
    """

    CONTRACT = Contract(
        columns=(
            Column(name="outcome", kind="category", categories=("no", "yes"), role="target"),
            Column(name="basket", kind="number"),
            Column(name="age", kind="number", protected=True),
            Column(name="kind", kind="category", categories=("old", "new", "odd", "rare")),
            Column(name="at", kind="time"),
        )
    )

    def __init__(
        self,
        *,
        weak: bool = False,
        mislabelled: bool = False,
        exact: bool = False,
        seasonal: bool = False,
        rows: int = 800,
    ) -> None:
        self.exact, self.seasonal = exact, seasonal
        self.sharpness = 6.0 if mislabelled else 2.0
        self.frame, self.y = self._drawn(1, 2 * rows, weak=weak, mislabelled=mislabelled)
        self.sealed, self.sealed_y = self._drawn(2, rows, weak=weak, mislabelled=mislabelled)

    def predict(self, frame: pl.DataFrame) -> Floats:
        """Return probabilities; a missing or unknown value says nothing."""
        basket = frame["basket"].fill_null(0.0).to_numpy().astype(float)
        if self.exact:
            signal = np.sin(40 * basket)
        elif self.seasonal:
            signal = np.cos(2 * np.pi * frame["at"].fill_null(0).to_numpy() / (365.25 * 86_400))
        else:
            signal = basket
        return two_columns(sigmoid(self.sharpness * signal))

    def given(self, **changes: object) -> dict[str, object]:
        """Return what `evaluate` is asked with."""
        background = Background(
            contract=self.CONTRACT,
            frame=self.frame,
            y=self.y,
            features=lambda frame: frame.select("basket", "age").to_numpy(),
            judged=np.arange(len(self.y)),
            out_of_fold=self.predict(self.frame),
        )
        return {
            "y": self.sealed_y,
            "prediction": self.predict(self.sealed),
            "predict": self.predict,
            "frame": self.sealed,
            "background": replace(background, **changes),
        }

    def _drawn(
        self, seed: int, rows: int, *, weak: bool, mislabelled: bool
    ) -> tuple[pl.DataFrame, NDArray[np.int64]]:
        rng = np.random.default_rng(seed)
        frame = pl.DataFrame(
            {
                "basket": rng.normal(size=rows).astype(np.float32),
                "age": rng.uniform(18, 90, rows).astype(np.float32),
                "kind": rng.choice(["old", "new", "odd"], rows),
                "at": rng.integers(0, 3 * 365 * 86_400, rows),
            }
        )
        chance = self.predict(frame)[:, 1]
        if weak:
            chance = np.where(frame["kind"] == "odd", 1 - chance, chance)
        y = (rng.random(rows) < chance).astype(np.int64)
        if mislabelled:
            turned = rng.choice(np.flatnonzero(np.abs(chance - 0.5) > 0.49), rows // 50, replace=False)
            y[turned] = 1 - y[turned]
        return frame, y
