"""Projects whose state is made up through the store's doors: no data, no builds."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from modelwright.problem import Brief
from modelwright.store import Operations, Release, Tracking, write_json
from modelwright.workday import Registry, today
from tests.cli.conftest import call

__all__ = ["call"]

BRIEF = {
    "problem": {
        "name": "churn", "request": "Tell us who is about to leave.", "stakeholder": "retention team",
        "target": "left", "task": "binary", "positive": "yes", "metric": "roc_auc",
    },
    "costs": {"currency": "EUR", "false_positive": 5, "false_negative": 100},
}  # fmt: skip


@dataclass
class World:
    """A project and the stores behind it."""

    root: Path
    operations: Operations
    tracking: Tracking
    registry: Registry

    def day(self, **asked):
        """Look at the day."""
        return today(registry=self.registry, **asked)

    def words(self, **asked) -> list[str]:
        """Return what there is to deal with, in order."""
        return [item.words for item in self.day(**asked).items]

    def run(self, name: str, status: str = "FINISHED", by: str = "", **metrics: float) -> str:
        """Put a run into the tracking store."""
        tags = {"mlflow.user": by} if by else {}
        run = self.tracking.start(name, tags=tags)
        self.tracking.log(run, metrics=metrics)
        self.tracking.finish(run, status)
        return run

    def release(self, run: str = "run-1") -> Release:
        """Put a run into production."""
        return self.operations.add_release(run=run, package=f"runs/{run}/package", version=1, verdict={})

    def alarm(self, words: str = "the loss is 0.31, where 0.20 was promised"):
        """Raise an alarm on what is in production."""
        release = self.operations.current_release() or self.release()
        return self.operations.add_alarm(
            release=release.id,
            promise="performance",
            column=None,
            evidence={"words": words, "code": "MW-M001"},
        )

    def begin_build(self, run: str, name: str = "20261127-090000", fits: int = 3) -> Path:
        """Leave a build behind that did not finish."""
        place = self.root / ".modelwright" / "runs" / run
        write_json(place / "start.json", {"run": run, "name": name})
        for fit in range(fits):
            write_json(place / "checkpoint" / f"lightgbm-abc-fold{fit}.json", {})
        return place


def write_brief(root: Path, **changed) -> None:
    """Write a brief as `modelwright new` does."""
    stated = {section: dict(keys) for section, keys in BRIEF.items()}
    stated["problem"] |= changed
    root.mkdir(parents=True, exist_ok=True)
    (root / "modelwright.toml").write_text(Brief.from_dict(stated).to_toml())


@pytest.fixture(scope="session")
def empty_once(tmp_path_factory) -> Path:
    """A project whose databases were made, with nothing in them."""
    root = tmp_path_factory.mktemp("empty") / "churn"
    write_brief(root)
    state = root / ".modelwright"
    Operations(f"sqlite:///{state / 'operations.db'}").close()
    assert Tracking(f"sqlite:///{state / 'mlflow.db'}", state / "artifacts", "churn").runs() == []
    return root


@pytest.fixture
def registry(tmp_path, monkeypatch) -> Registry:
    """A person who knows no project yet."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return Registry()


@pytest.fixture
def worlds(empty_once, tmp_path, registry) -> Iterator[Callable[..., World]]:
    """Make projects, each known to the person."""
    made: list[World] = []

    def make(name: str = "churn") -> World:
        root = Path(shutil.copytree(empty_once, tmp_path / "projects" / name))
        state = root / ".modelwright"
        registry.add(str(root))
        made.append(
            World(
                root,
                Operations(f"sqlite:///{state / 'operations.db'}"),
                Tracking(f"sqlite:///{state / 'mlflow.db'}", state / "artifacts", "churn"),
                registry,
            )
        )
        return made[-1]

    yield make
    for world in made:
        world.operations.close()


@pytest.fixture
def world(worlds) -> World:
    """One project."""
    return worlds()


def utc(*when: int) -> datetime:
    """A time."""
    return datetime(*when, tzinfo=UTC)
