"""A server in its own process, as tests and the load measurement start it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVE = """
import sys
from pathlib import Path
from modelwright.deployment import Package, serve
from modelwright.store import Operations

with Operations(sys.argv[2]) as operations:
    serve(
        Package.open(Path(sys.argv[1])), "release-1", operations, port=0,
        on_ready=lambda url: print(url, flush=True),
    )
print("stopped", flush=True)
"""


@contextmanager
def served(package: Path, url: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Start a server and hand out its process and its port once it is ready."""
    command = [sys.executable, "-c", SERVE, str(package), url]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        said = process.stdout.readline().strip()
        assert said.startswith("http://127.0.0.1:"), said + process.stderr.read()
        yield process, int(said.rpartition(":")[2])
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()
