"""A made-up world where trees beat lines by far, so that no test hangs on a close race or a fast machine."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from modelwright import algorithms
from modelwright.deployment import Package
from modelwright.deployment.server.service import Service
from modelwright.project import Project

CANDIDATES = (
    algorithms.Candidate(
        "lightgbm",
        {
            "extra_trees": True, "learning_rate": 0.2, "num_leaves": 39, "feature_fraction": 0.46,
            "bagging_fraction": 0.88, "min_data_in_leaf": 3, "lambda_l1": 0.24, "lambda_l2": 0.36,
        },
        "fast",
    ),
    algorithms.Candidate(
        "xgboost", {"learning_rate": 0.2, "max_depth": 3, "subsample": 0.8, "colsample_bylevel": 0.6}, "fast"
    ),
)  # fmt: skip
GENEROUS = "20m"


def customers(rows: int = 700, seed: int = 0) -> pl.DataFrame:
    """Customers who leave: the old members and the young others, nine times out of ten."""
    rng = np.random.default_rng(seed)
    age = rng.integers(18, 90, rows)
    member = rng.random(rows) < 0.5
    leaves = (age > 50) == member
    leaves ^= rng.random(rows) < 0.1
    gone = rng.random(rows) < 0.05
    plan = rng.choice(["basic", "plus", "family"], rows)
    return pl.DataFrame(
        {
            "customer": [f"c-{seed}-{n:05d}" for n in range(rows)],
            "age": pl.Series(age),
            "income": np.round(rng.lognormal(10, 0.5, rows), 2),
            "plan": [None if none else each for none, each in zip(gone, plan, strict=True)],
            "member": member,
            "joined": [date(2019, 1, 1) + timedelta(days=int(day)) for day in rng.integers(0, 1500, rows)],
            "region": rng.choice(["north", "south"], rows),
            "left": np.where(leaves, "yes", "no"),
        }
    )


def short_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let builds try two fast candidates only, the same on every machine and whatever the portfolio is."""

    @wraps(algorithms.plan)
    def cut(task, rows, columns, seconds, cores, classes=2):
        return algorithms.Plan(CANDIDATES, "two fast ones")

    monkeypatch.setattr(algorithms, "plan", cut)


def create(folder: Path, data: Any = None, **stated: Any) -> Project:
    """Frame the customers' problem, with promises that no slow machine breaks."""
    table = customers() if data is None else data
    asked = {"target": "left", "id": "customer", "protected": ["region"]} | stated
    project = Project.create(folder, data=table, **asked)
    edit(project, "time_limit = 60.0", f'time_limit = "{GENEROUS}"')
    edit(project, "latency_ms = 50.0", "latency_ms = 10000.0")
    edit(project, "group_gap = 0.2", "group_gap = 1.0")
    return project


def released_copy(framed: Path, root: Path) -> Path:
    """Build and deploy a copy of a framed project."""
    shutil.copytree(framed, root)
    project = Project(root)
    with pytest.MonkeyPatch.context() as patch:
        short_plan(patch)
        project.build()
    assert project.deploy().held
    project._operations.close()
    return root


def edit(project: Project, old: str, new: str, *, contract: bool = False) -> None:
    """Edit the brief, or the contract, as a person does."""
    path = project.folder.contract if contract else project.folder.brief
    text = path.read_text()
    assert old in text, text
    path.write_text(text.replace(old, new, 1))


def records(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows as a caller sends them: JSON, without the target."""
    return json.loads(json.dumps(rows.drop("left", strict=False).to_dicts(), default=str))


def ask(project: Project, asked: list[dict[str, Any]]) -> list[str]:
    """Have the current release answer records as its server does, and return the predictions' identifiers."""
    operations = project._operations
    release = operations.current_release()
    package = Package.open(project.folder.state / release.package)
    body = json.dumps({"records": asked}).encode()
    _, observations = Service(package, operations, release.id).predict(body)
    operations.append_observations(observations)
    return [each.id for each in observations]


def answer(project: Project, identifiers: list[str], labels: list[Any]) -> None:
    """Feed labels back."""
    project.feedback(pl.DataFrame({"id": identifiers, "label": labels}))


def live(project: Project, rows: pl.DataFrame) -> list[str]:
    """Send rows and feed all their labels back."""
    identifiers = ask(project, records(rows))
    answer(project, identifiers, rows["left"].to_list())
    return identifiers
