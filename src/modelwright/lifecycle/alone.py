"""One process builds a run at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from modelwright.errors import RunError
from modelwright.store import make_private_file


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Hold a run's folder for this process; the operating system lets go of it, however the process ends.

    The lock says which process of which machine holds it, so that others can ask it to stop.

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
    with (place / "lock").open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunError(
                f"run {place.name[:8]} is being built by another process just now; wait for it, or stop it"
            ) from error
        file.truncate()
        file.write(f"{os.getpid()} {os.uname().nodename}")
        file.flush()
        yield
