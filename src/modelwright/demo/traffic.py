"""The demo's callers: a server in a process of its own, rows sent over HTTP, labels that come later."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from modelwright.errors import ReleaseError


@contextmanager
def serving(project: Path) -> Iterator[str]:
    """Serve a project's release on a free loopback port, and stop it in the end.

    Yields
    ------
    str
        The server's URL.
    """
    command = [
        sys.executable,
        "-m",
        "modelwright",
        "serve",
        "--project",
        str(project),
        "--port",
        "0",
        "--json",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:  # noqa: S603
        try:
            yield _url(server)
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=30)


def post(url: str, body: dict[str, Any]) -> dict[str, Any]:
    """Send JSON to the demo's own server and return its answer."""
    data = json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
        answer: dict[str, Any] = json.load(response)
    return answer


def _url(server: subprocess.Popen[str]) -> str:
    line = server.stdout.readline() if server.stdout else ""
    if not line:
        _, said = server.communicate(timeout=30)
        raise ReleaseError(f"the server did not start: {said.strip()}")
    return str(json.loads(line)["url"])
