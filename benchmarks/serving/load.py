"""Requests a second and latency of a package's server, one row a request, predictions kept durably.

    PYTHONPATH=. python benchmarks/serving/load.py PACKAGE [SECONDS]

At 1, 8 and 32 requests at a time from one process of its own, then at half of the peak; with the server's own
CPU time a request, which says more than the rate where the machine has other work.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from tests.deployment.serving import served

from modelwright.data import json_schema
from modelwright.deployment import Package


async def ask(port: int, request: bytes, until: float, taken: list[float], pause: float = 0.0) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < until:
        start = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        await reader.readexactly(length)
        spent = time.perf_counter() - start
        taken.append(spent)
        if pause > spent:
            await asyncio.sleep(pause - spent)
    writer.close()


def cpu(process: int) -> float:
    """Return the CPU seconds that a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(
    process: int, port: int, request: bytes, clients: int, seconds: float, pause: float = 0.0
) -> float:
    async def all_of_them() -> list[float]:
        taken: list[float] = []
        until = time.perf_counter() + seconds
        await asyncio.gather(*(ask(port, request, until, taken, pause) for _ in range(clients)))
        return taken

    before = cpu(process)
    taken = np.array(asyncio.run(all_of_them())) * 1000
    p50, p99 = np.quantile(taken, [0.5, 0.99])
    rate = len(taken) / seconds
    print(f"{clients:3d} at a time{' at half of the peak' if pause else ''}: "
          f"{rate:7.0f}/s, median {p50:.2f} ms, 99th percentile {p99:.2f} ms, "
          f"{(cpu(process) - before) / len(taken) * 1000:.3f} ms of CPU")  # fmt: skip
    return rate


def main(package: Path, seconds: float = 5.0) -> None:
    rows = json_schema(Package.open(package).contract)["examples"]
    body = json.dumps({"records": [rows[0]]}).encode()
    lines = [
        "POST /predict HTTP/1.1",
        "host: x",
        "content-type: application/json",
        f"content-length: {len(body)}",
    ]
    request = "\r\n".join([*lines, "", ""]).encode() + body
    with (
        tempfile.TemporaryDirectory() as folder,
        served(package, f"sqlite:///{folder}/o.db") as (process, port),
    ):
        measure(process.pid, port, request, 4, 1.0)
        rates = {clients: measure(process.pid, port, request, clients, seconds) for clients in (1, 8, 32)}
        measure(process.pid, port, request, 8, seconds, pause=8 / (max(rates.values()) / 2))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 5.0)
