"""What every test may ask for, and how Hypothesis searches."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator

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
