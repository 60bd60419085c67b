"""Projects that were carried to some stage once, and copies of them to go on with."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from modelwright.project import Project
from tests.lifecycle.worlds import create, customers, released_copy, short_plan


@pytest.fixture(autouse=True, scope="package")
def _quick_builds(quick_builds):
    with quick_builds():
        yield


@pytest.fixture(autouse=True)
def _two_candidates(monkeypatch):
    short_plan(monkeypatch)


@pytest.fixture(scope="session")
def source(tmp_path_factory) -> Path:
    """The customers as a file."""
    path = tmp_path_factory.mktemp("source") / "customers.csv"
    customers().write_csv(path)
    return path


@pytest.fixture(scope="session")
def framed_once(tmp_path_factory, source, quick_builds) -> Path:
    with quick_builds():
        project = create(tmp_path_factory.mktemp("framed") / "churn", data=source)
    return project.folder.root


@pytest.fixture(scope="session")
def released_once(tmp_path_factory, framed_once, quick_builds) -> Path:
    with quick_builds():
        return released_copy(framed_once, tmp_path_factory.mktemp("released") / "churn")


@pytest.fixture
def opened() -> Callable[[Path], Project]:
    """Open projects and close their databases in the end."""
    projects: list[Project] = []

    def get(root: Path) -> Project:
        projects.append(Project(root))
        return projects[-1]

    yield get
    for project in projects:
        if "_operations" in vars(project):
            project._operations.close()


@pytest.fixture
def framed(framed_once, tmp_path, opened) -> Project:
    """A project that was framed, for this test alone."""
    return opened(Path(shutil.copytree(framed_once, tmp_path / "framed" / "churn")))


@pytest.fixture
def released(released_once, tmp_path, opened) -> Project:
    """A project with one release, for this test alone."""
    return opened(Path(shutil.copytree(released_once, tmp_path / "released" / "churn")))
