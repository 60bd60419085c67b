"""Small real models, trained and packaged once for all tests of the room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from modelwright.data import Contract, Inputs, conform, encode_target, matrices
from modelwright.deployment import Package, write_package
from modelwright.problem import Brief
from modelwright.store import Operations
from modelwright.training import Model

from .models import linear_model

ROWS = 600


def people(rows: int = ROWS, seed: int = 0) -> pl.DataFrame:
    """Every kind of column, with missing values; three targets that depend on them."""
    rng = np.random.default_rng(seed)
    age = rng.integers(18, 90, rows).astype(float)
    income = np.round(rng.lognormal(10, 0.5, rows), 2)
    job = rng.choice(["cook", "driver", "nurse", "smith"], rows)
    member = rng.random(rows) < 0.5
    joined = [datetime(2020, 1, 1) + timedelta(days=int(day)) for day in rng.integers(0, 1500, rows)]  # noqa: DTZ001
    score = (age - 50) / 15 + (job == "nurse") + 0.5 * member + rng.normal(0, 0.7, rows)
    kind = np.digitize(score, [-0.5, 0.8])
    return pl.DataFrame(
        {
            "person": [f"person-{n:05d}" for n in range(rows)],
            "age": np.where(rng.random(rows) < 0.1, np.nan, age),
            "income": income,
            "job": [None if gone else each for gone, each in zip(rng.random(rows) < 0.1, job, strict=True)],
            "member": member,
            "joined": joined,
            "buys": np.where(score > 0, "yes", "no"),
            "segment": np.array(["bronze", "silver", "gold"])[kind],
            "spent": np.round(100 + 30 * score + rng.normal(0, 5, rows), 2),
        }
    ).with_columns(pl.col("age").fill_nan(None))


TARGETS = {"binary": "buys", "multiclass": "segment", "regression": "spent"}


def brief_for(task: str) -> Brief:
    """Ask for one of the three targets; the other two are not known at prediction time."""
    target = TARGETS[task]
    problem = {
        "name": f"people-{target}",
        "request": "Whom should we call?",
        "target": target,
        "task": task,
        "metric": {"binary": "roc_auc", "multiclass": "log_loss", "regression": "rmse"}[task],
    }
    if task == "binary":
        problem["positive"] = "yes"
    others = [each for each in TARGETS.values() if each != target]
    return Brief.from_dict(
        {
            "problem": problem,
            "costs": {"false_positive": 1.0, "false_negative": 3.0},
            "columns": {"id": "person", "ignore": others},
        }
    )


@dataclass(frozen=True)
class Trained:
    """What packaging needs."""

    brief: Brief
    contract: Contract
    model: Model
    frame: pl.DataFrame
    inputs: Inputs
    expected: np.ndarray

    def write(self, folder: Path, **changes) -> Package:
        given = {
            "run": "run-1",
            "snapshot": "snapshot-1",
            "brief": self.brief,
            "proof": (self.inputs, self.expected),
            **changes,
        }
        return write_package(folder, self.model, self.contract, **given)


@pytest.fixture(scope="session")
def trained():
    """Train a linear model for a task, once."""
    made: dict[str, Trained] = {}

    def get(task: str) -> Trained:
        if task not in made:
            brief, frame = brief_for(task), people()
            contract = Contract.infer(frame, brief)
            conformed = conform(contract, frame)
            y = encode_target(contract, frame[brief.problem.target])
            model = linear_model(conformed, y, contract, brief)
            inputs = matrices(contract, conformed)
            made[task] = Trained(brief, contract, model, frame, inputs, model.predict(conformed))
        return made[task]

    return get


@pytest.fixture(scope="session")
def packaged(trained, tmp_path_factory):
    """Package a model for a task, once."""
    made: dict[str, Package] = {}

    def get(task: str) -> Package:
        if task not in made:
            made[task] = trained(task).write(tmp_path_factory.mktemp("packages") / task)
        return made[task]

    return get


@pytest.fixture
def operations(tmp_path):
    with Operations(f"sqlite:///{tmp_path / 'operations.db'}") as opened:
        yield opened


def records(frame: pl.DataFrame, contract: Contract, rows: int = 1) -> list[dict]:
    """Rows of a frame as a client would send them."""
    columns = [column.name for column in contract.features]
    return [
        {key: value.isoformat() if isinstance(value, datetime) else value for key, value in row.items()}
        for row in frame.select(columns).head(rows).to_dicts()
    ]
