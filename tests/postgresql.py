"""A PostgreSQL server of our own, in a temporary folder, for as long as the tests last."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "modelwright"
SECONDS = 60.0


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, if it is installed."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    on_path = shutil.which("initdb")
    folders = [*reversed(debian), *([Path(on_path).resolve().parent] if on_path else [])]
    return next(
        (each for each in folders if (each / "initdb").exists() and (each / "postgres").exists()), None
    )


@contextmanager
def server(at: Path) -> Iterator[str]:
    """Start a server and yield the URL of its database, ``postgresql://…``; it trusts whoever connects here.

    Parameters
    ----------
    at : Path
        The folder of PostgreSQL's programs.
    """
    # A socket's path may have 107 bytes, so the folder is not below pytest's.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    owner = _owner()
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    port = _free_port()
    asked = {"cwd": folder, "user": owner.pw_uid if owner else None, "group": owner.pw_gid if owner else None}
    asked["extra_groups"] = [] if owner else None
    made = ["-D", "data", "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run([at / "initdb", *made], check=True, capture_output=True, **asked)
    quick = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "listen_addresses=127.0.0.1"]
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [at / "postgres", "-D", "data", "-p", str(port), "-k", str(folder), *quick],
            stdout=log,
            stderr=log,
            **asked,
        )
    try:
        _wait(port, running, folder / "log")
        yield f"postgresql://{USER}@127.0.0.1:{port}/postgres"
    finally:
        running.terminate()
        running.wait(SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> pwd.struct_passwd | None:
    """Return as whom the server runs: PostgreSQL refuses to be root."""
    if os.geteuid():
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait(port: int, running: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and running.poll() is None:
        if "ready to accept connections" in log.read_text(errors="replace"):
            with socket.create_connection(("127.0.0.1", port), timeout=SECONDS):
                return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
