"""Pretrained teachers: what is said where they are absent, and what students learn from them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from modelwright.algorithms import FitJob, Forest, algorithm_named, chosen
from modelwright.errors import ModelwrightError, PretrainedError
from modelwright.problem import Task
from modelwright.testing.algorithms import (
    check_few_rows,
    check_keeps_the_deadline,
    check_large_targets,
    check_repeats_itself,
    check_target_that_never_changes,
)
from tests.algorithms.jobs import real_job

NAMES = {"tabpfn": "TabPFN", "tabicl": "TabICL"}
ASKED = {
    "tabpfn": {"model_path", "n_estimators", "random_state", "ignore_pretraining_limits"},
    "tabicl": {"model_path", "allow_auto_download", "n_estimators", "random_state", "n_jobs"},
}


def stand_in(package: str) -> ModuleType:
    """Return a module with the package's two classes: smooth models instead of a transformer."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsRegressor

    module = ModuleType(package)
    module.__spec__ = ModuleSpec(package, None)

    def made(base: type) -> type:
        class Model(base):  # type: ignore[misc]
            def __init__(self, **given: Any) -> None:
                assert set(given) == ASKED[package]
                assert Path(given["model_path"]).exists()
                assert given.get("allow_auto_download", False) is False
                super().__init__()

            def fit(self, X: Any, y: Any) -> Any:
                self.n_neighbors = min(5, len(X))
                return super().fit(np.nan_to_num(X), y)

            def predict(self, X: Any) -> Any:
                return super().predict(np.nan_to_num(X))

            def predict_proba(self, X: Any) -> Any:
                with np.errstate(invalid="ignore"):  # once seen, of a product that was repeated without it
                    return super().predict_proba(np.nan_to_num(X))

        return Model

    setattr(module, f"{NAMES[package]}Classifier", made(LogisticRegression))
    setattr(module, f"{NAMES[package]}Regressor", made(KNeighborsRegressor))
    return module


@pytest.fixture
def weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Path]:
    """Put a stand-in for a package and its weights in place."""

    def put(package: str) -> Path:
        monkeypatch.setitem(sys.modules, package, stand_in(package))
        for kind in ("classifier", "regressor"):
            (tmp_path / f"{package}-{kind}-v2.ckpt").touch()
        monkeypatch.setenv(f"MODELWRIGHT_{package.upper()}_WEIGHTS", str(tmp_path))
        return tmp_path

    return put


@pytest.mark.parametrize("name", NAMES)
def test_an_absent_package_is_said_at_once_with_what_to_do(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setattr("importlib.util.find_spec", lambda package: None)
    with pytest.raises(PretrainedError, match=f"not installed; run pip install {name}"):
        chosen([name], Task.BINARY)
    with pytest.raises(ModelwrightError):
        algorithm_named(name).fit(real_job(Task.BINARY))


@pytest.mark.parametrize("name", NAMES)
def test_absent_weights_are_said_at_once_with_what_to_do(
    name: str, weights: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = weights(name)
    (folder / f"{name}-regressor-v3.ckpt").touch()
    (folder / f"{name}-classifier-v2.ckpt").unlink()
    with pytest.raises(PretrainedError, match="there is none"):
        chosen([name], Task.MULTICLASS)
    with pytest.raises(PretrainedError, match=f"there is {name}-regressor-v2.ckpt, {name}-regressor-v3.ckpt"):
        chosen([name], Task.REGRESSION)
    monkeypatch.delenv(f"MODELWRIGHT_{name.upper()}_WEIGHTS")
    with pytest.raises(PretrainedError, match=r"never downloaded.*MODELWRIGHT_TAB\w+_WEIGHTS"):
        chosen([name], Task.BINARY)


@pytest.mark.parametrize(("name", "task"), [*(("tabicl", task) for task in Task), ("tabpfn", Task.BINARY)])
def test_a_student_is_trees_that_come_near_their_teacher(
    name: str, task: Task, weights: Callable[[str], Path]
) -> None:
    weights(name)
    asked = iter(range(150))
    job = real_job(task, deadline=lambda: float(next(asked, None) is not None))
    learner = algorithm_named(name).fit(job)
    assert isinstance(learner.portable(), Forest)
    student = job.metric.loss(job.y_valid, learner.portable().predict(job.X_valid))
    assert student < job.metric.loss(job.y_valid, algorithm_named("rule").fit(job).predict(job.X_valid))


def test_no_more_rows_are_read_than_allowed(weights: Callable[[str], Path]) -> None:
    weights("tabicl")
    read: list[int] = []
    kind = sys.modules["tabicl"].TabICLRegressor
    fit = kind.fit
    kind.fit = lambda self, X, y: (read.append(len(X)), fit(self, X, y))[1]
    job = real_job(Task.REGRESSION, parameters={"rows": 90})
    algorithm_named("tabicl").fit(job)
    assert read == [60, 60, 60, 90]


TOLD = (
    check_few_rows,
    check_keeps_the_deadline,
    check_large_targets,
    check_repeats_itself,
    check_target_that_never_changes,
)


@pytest.mark.parametrize("check", TOLD, ids=lambda check: check.__name__)
def test_a_student_conforms(check: Callable[[Any], None], weights: Callable[[str], Path]) -> None:
    weights("tabicl")
    check(algorithm_named("tabicl"))


def test_a_job_with_nothing_to_learn_asks_for_no_weights() -> None:
    job: FitJob = real_job(Task.BINARY)
    flat = real_job(Task.BINARY, y=np.ones_like(job.y))
    assert (algorithm_named("tabpfn").fit(flat).predict(job.X_valid).argmax(axis=1) == 1).all()
