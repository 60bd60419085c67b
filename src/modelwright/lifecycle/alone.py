"""One process builds a run at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from modelwright.errors import RunError
from modelwright.store import make_private_file


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Hold a run's folder for this process; the operating system lets go of it, however the process ends.

    Parameters
    ----------
    place : Path
        The run's folder.

    Raises
    ------
    RunError
        If another process holds it.
    """
    make_private_file(place / "lock")
    with (place / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunError(
                f"run {place.name[:8]} is being built by another process just now; wait for it, or stop it"
            ) from error
        yield
