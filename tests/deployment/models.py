"""A trained model, without the search for the best one."""

from __future__ import annotations

import numpy as np
import polars as pl

from modelwright.algorithms import FitJob, algorithm_named
from modelwright.data import Contract
from modelwright.features import Representation
from modelwright.problem import Brief, metric_named
from modelwright.training import Member, Model


def linear_model(
    frame: pl.DataFrame, y: np.ndarray, contract: Contract, brief: Brief, names: tuple[str, ...] = ("linear",)
) -> Model:
    """Fit one linear learner on all rows but the last hundred, which choose its penalty; or others."""
    task = brief.problem.task
    outputs = max(len(contract.classes), 1)
    representation = Representation.fit(frame, y, contract, task, "linear", 0)
    X = representation.transform(frame)
    job = FitJob(
        X=X[:-100],
        y=y[:-100],
        X_valid=X[-100:],
        y_valid=y[-100:],
        task=task,
        n_classes=outputs,
        metric=metric_named(brief.problem.metric, task),
        parameters={},
        deadline=lambda: 60.0,
        threads=1,
        seed=0,
    )
    learners = [(name, algorithm_named(name).fit(job).portable()) for name in names]
    return Model(
        task, outputs, tuple(Member(name, representation, each, 1 / len(names)) for name, each in learners)
    )
