"""What every test may ask for, and how Hypothesis searches."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

from tests.postgresql import programs, server

IN_CI = os.environ.get("CI", "") not in {"", "0", "false"}

# The commands that tests type are noted in a list of their own, never in that of a person.
os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp(prefix="modelwright-tests-")

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if IN_CI else "here")


def absent(what: str) -> None:
    """Skip a test whose optional service is absent; in CI its absence is a failure.

    Parameters
    ----------
    what : str
        What is absent, and how to get it.
    """
    if IN_CI:
        pytest.fail(f"CI must have {what}")
    pytest.skip(f"needs {what}")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of a Chromium for looking at pages."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    absent("Chromium (Debian: apt-get install chromium)")
    raise AssertionError


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Yield the URL of a real PostgreSQL server, in which other tests may have tables too."""
    at = programs()
    if at is None:
        absent("PostgreSQL (Debian: apt-get install postgresql)")
        raise AssertionError
    with server(at) as url:
        yield url


@pytest.fixture(scope="session")
def empty_tracking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an MLflow store without runs; MLflow takes seconds to make one, and to copy it takes none."""
    from modelwright.store import Tracking

    path = tmp_path_factory.mktemp("tracking") / "mlflow.db"
    assert Tracking(f"sqlite:///{path}", path.parent / "artifacts", "empty").runs() == []
    return path


@pytest.fixture(scope="session")
def quick_builds(empty_tracking: Path) -> Callable[[], AbstractContextManager[None]]:
    """Return what lets builds of this process begin with a copied store and leave charts out of reports.

    Both are tested for real elsewhere: in `tests/store`, `tests/evaluation`, and by commands in processes of
    their own.
    """
    from modelwright.pages import charts
    from modelwright.store import tracking

    make_store = tracking._make_folder

    def copied(uri: str) -> None:
        make_store(uri)
        path = Path(uri.removeprefix("sqlite:///"))
        if uri.startswith("sqlite:///") and path.stat().st_size == 0:
            path.write_bytes(empty_tracking.read_bytes())

    @contextmanager
    def quick() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tracking, "_make_folder", copied)
            patch.setattr(charts, "_svg", lambda _: "<svg></svg>")
            yield

    return quick
