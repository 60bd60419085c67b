"""A small model of the Adult table, released and asked minute by minute."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl

from modelwright.data import Contract, conform, encode_target
from modelwright.monitoring import Monitoring, Reference, monitor
from modelwright.problem import Brief, Task, metric_named
from modelwright.store import Label, Observation, Operations, Release, ident

CLASSES = ("<=50K", ">50K")
START = datetime(2026, 3, 1, tzinfo=UTC)
BRIEF = Brief.from_dict(
    {
        "problem": {
            "name": "adult",
            "target": "class",
            "task": "binary",
            "positive": CLASSES[1],
            "metric": "roc_auc",
            "request": "Who earns more than 50,000?",
        },
        "columns": {"protected": ["sex"]},
    }
)


@dataclass(frozen=True)
class Packed:
    """What monitoring needs of a package."""

    folder: Path
    contract: Contract
    content: dict[str, bytes]


@dataclass
class World:
    """The table, a model of its numbers, and the reference of the model's package."""

    rows: pl.DataFrame
    contract: Contract
    package: Packed
    weights: np.ndarray
    metric_on_vault: float
    taken: int = 0

    @classmethod
    def make(cls) -> World:
        table = pl.read_parquet(files("modelwright") / "demo" / "adult.parquet")
        table = table.sample(fraction=1, shuffle=True, seed=1)
        contract = Contract.infer(table, BRIEF)
        training, vault, rows = table[:8000], table[8000:12_000], table[12_000:]
        weights = _fit(conform(contract, training), encode_target(contract, training["class"]))
        y = encode_target(contract, vault["class"])
        prediction = _predict(conform(contract, vault), weights)
        reference = Reference.build(
            contract, conform(contract, training), task=Task.BINARY, y=y, prediction=prediction, brief=BRIEF
        )
        value = metric_named("roc_auc", Task.BINARY)(y, prediction)
        package = Packed(Path("package"), contract, {"reference.json": reference.model_dump_json().encode()})
        return cls(rows, contract, package, weights, value)

    def fresh(self, n_rows: int) -> pl.DataFrame:
        """Rows that nobody has seen; from the beginning again when they are used up."""
        if self.taken + n_rows > self.rows.height:
            self.taken = 0
        self.taken += n_rows
        return self.rows[self.taken - n_rows : self.taken]

    @contextmanager
    def release(self, folder: Path) -> Iterator[Served]:
        with Operations(f"sqlite:///{folder / 'operations.db'}") as operations:
            yield Served(self, operations)


class Served:
    """A release that is asked one row a minute."""

    def __init__(self, world: World, operations: Operations) -> None:
        self.world, self.operations = world, operations
        self.truth: dict[str, str] = {}
        self.clock = START
        self.release_again()

    def release_again(self) -> None:
        made = self.operations.add_release(run="run_1", package="package", version=1, verdict={})
        self.release = Release(made.id, self.clock, "run_1", "package", 1, {}, None, "deploy")

    def predict(self, rows: pl.DataFrame, at: datetime | None = None, latency_ms: float = 1.0) -> list[str]:
        probabilities = _predict(conform(self.world.contract, rows.drop("class")), self.world.weights)
        observations = []
        for row, p in zip(rows.to_dicts(), probabilities.tolist(), strict=True):
            self.clock += timedelta(minutes=1)
            label = row.pop("class")
            each = Observation(
                id=ident("prediction"),
                at=at or self.clock,
                release=self.release.id,
                row=row,
                prediction=CLASSES[int(p[1] >= 0.5)],
                probabilities=dict(zip(CLASSES, p, strict=True)),
                latency_ms=latency_ms,
            )
            self.truth[each.id] = label
            observations.append(each)
        self.operations.append_observations(observations)
        return [each.id for each in observations]

    def label(self, n_rows: int, *, flip: bool = False) -> None:
        """Send the labels of the first predictions; flipped, each is the other one."""
        other = dict(zip(CLASSES, CLASSES[::-1], strict=True))
        known = list(self.truth.items())[:n_rows]
        self.operations.add_labels([Label(key, other[label] if flip else label) for key, label in known])

    def visit(self) -> Monitoring:
        return monitor(self.operations, self.release, self.world.package, BRIEF)


def _matrix(frame: pl.DataFrame) -> np.ndarray:
    numbers = frame.select(pl.col(pl.Float32).fill_null(0)).to_numpy().astype(float)
    married = (frame["marital_status"] == "Married-civ-spouse").fill_null(value=False).to_numpy()
    return np.column_stack([np.arcsinh(numbers), married])


def _fit(frame: pl.DataFrame, y: np.ndarray) -> np.ndarray:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(_matrix(frame))
    model = make_pipeline(scaler, LogisticRegression()).fit(_matrix(frame), y)
    slopes = model[-1].coef_[0] / scaler.scale_
    return np.append(slopes, model[-1].intercept_[0] - slopes @ scaler.mean_)


def _predict(frame: pl.DataFrame, weights: np.ndarray) -> np.ndarray:
    positive = 1 / (1 + np.exp(-(_matrix(frame) @ weights[:-1] + weights[-1])))
    return np.column_stack([1 - positive, positive])
