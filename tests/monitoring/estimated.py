"""Made-up tables whose performance is estimated before labels come, and our figures on them."""

from __future__ import annotations

import numpy as np
import polars as pl

from modelwright.monitoring.confidence import ConfidenceEstimator
from modelwright.monitoring.direct_loss import LossEstimator
from modelwright.problem import Task, metric_named

CHUNK = 5000
_NAMED = {
    "binary": {"roc_auc": "roc_auc", "accuracy": "accuracy", "f1": "f1"},
    "multiclass": {"roc_auc": "roc_auc_ovr", "accuracy": "accuracy", "f1": "f1_macro"},
}


def made(kind: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return a reference of 10,000 rows with labels, and 10,000 without, half of them harder."""
    rng = np.random.default_rng(7)
    moved = np.repeat([0.0, 0.0, 0.0, 1.0], CHUNK)
    x, z = rng.normal(size=(2, len(moved)))
    if kind == "regression":
        scale = np.exp(0.5 * (x + moved))
        frame = pl.DataFrame({"x": x + moved, "z": z, "y_pred": 3 * z})
        truth = 3 * z + scale * rng.normal(size=len(x))
    else:
        scores = np.column_stack([np.zeros_like(x), 2 * x * (1 - 0.7 * moved), z * (1 - 0.7 * moved)])
        scores = scores[:, :2] if kind == "binary" else scores
        given = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        sharp = np.exp(1.5 * scores) / np.exp(1.5 * scores).sum(axis=1, keepdims=True)
        codes = (rng.random((len(x), 1)) > sharp.cumsum(axis=1)[:, :-1]).sum(axis=1)
        labels = np.array([0, 1] if kind == "binary" else ["a", "b", "c"])
        names = ["y_pred_proba"] if kind == "binary" else [f"y_pred_proba_{label}" for label in labels]
        columns = given[:, 1:] if kind == "binary" else given
        frame = pl.DataFrame(dict(zip(names, columns.T, strict=True)))
        frame = frame.with_columns(y_pred=pl.Series(labels[given.argmax(axis=1)].tolist()))
        truth = labels[codes]
    return frame[: 2 * CHUNK].with_columns(y_true=pl.Series(truth[: 2 * CHUNK].tolist())), frame[2 * CHUNK :]


def chunks(frame: pl.DataFrame) -> list[pl.DataFrame]:
    return [frame[start : start + CHUNK] for start in range(0, frame.height, CHUNK)]


def ours(kind: str, reference: pl.DataFrame, analysed: list[pl.DataFrame]) -> dict[str, list[float]]:
    """Return our estimates of each metric, chunk by chunk."""
    if kind == "regression":
        return _values(reference, analysed)
    names = [name for name in reference.columns if name.startswith("y_pred_proba")]
    labels = [0, 1] if kind == "binary" else [name.removeprefix("y_pred_proba_") for name in names]
    y = np.array([labels.index(each) for each in reference["y_true"]])
    estimator = ConfidenceEstimator.fit(y, _probabilities(reference.select(names)))
    return {
        theirs: [
            estimator.estimate(metric_named(name, Task(kind)), _probabilities(chunk.select(names)))
            for chunk in analysed
        ]
        for theirs, name in _NAMED[kind].items()
    }


def _probabilities(frame: pl.DataFrame) -> np.ndarray:
    given = frame.to_numpy()
    return np.column_stack([1 - given, given]) if given.shape[1] == 1 else given


def _values(reference: pl.DataFrame, analysed: list[pl.DataFrame]) -> dict[str, list[float]]:
    names = [name for name in reference.columns if name not in {"y_true", "timestamp", "id", "y_pred"}]
    levels = {name: sorted(reference[name].unique()) for name in names if reference[name].dtype == pl.String}

    def inputs(frame: pl.DataFrame) -> np.ndarray:
        codes = {
            name: frame[name].replace_strict({each: code for code, each in enumerate(known)}, default=None)
            for name, known in levels.items()
        }
        return frame.with_columns(**codes).select(pl.col(*names, "y_pred").cast(pl.Float64)).to_numpy()

    y, prediction = reference["y_true"].to_numpy(), reference.select("y_pred").to_numpy()
    estimator = LossEstimator.fit(inputs(reference), y, prediction)
    return {
        "mae": [estimator.mean_absolute_error(inputs(chunk))[0] for chunk in analysed],
        "rmse": [estimator.root_mean_squared_error(inputs(chunk))[0] for chunk in analysed],
    }
