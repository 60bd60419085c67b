"""Send a server of ours requests that are wrong or odd, and see that it neither faults, hangs nor grows.

    PYTHONPATH=. python benchmarks/serving/fuzz.py PACKAGE [REQUESTS]

The package's server runs in a process of its own; each answer must come within ten seconds and be no 5xx.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections import Counter
from http.client import HTTPConnection
from pathlib import Path

from tests.deployment.mangling import mangled
from tests.deployment.serving import served

from modelwright.data import json_schema
from modelwright.deployment import Package

PATHS = (
    ["/predict"] * 6 + ["/feedback"] * 2 + ["/predict?interval=0.9", "/predict?abstain_below=2", "/nowhere"]
)


def memory(process: int) -> float:
    """Return the memory that a process holds, in MiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def main(package: Path, requests: int = 100_000) -> None:
    rng = random.Random(0)
    rows = json_schema(Package.open(package).contract).get("examples") or [{}]
    statuses: Counter[int] = Counter()
    held, slowest, began = [], 0.0, time.perf_counter()
    with (
        tempfile.TemporaryDirectory() as folder,
        served(package, f"sqlite:///{folder}/o.db") as (process, port),
    ):
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        for number in range(requests):
            if number % (requests // 10) == 0:
                held.append(memory(process.pid))
            kind = rng.choice(["application/json"] * 9 + ["text/plain"])
            start = time.perf_counter()
            connection.request("POST", rng.choice(PATHS), mangled(rng, rows), {"content-type": kind})
            answer = connection.getresponse()
            json.loads(answer.read())
            slowest = max(slowest, time.perf_counter() - start)
            statuses[answer.status] += 1
            assert answer.status < 500, answer.status
        held.append(memory(process.pid))
    seconds = time.perf_counter() - began
    print(
        f"{requests} requests in {seconds:.0f} s: {dict(sorted(statuses.items()))}; slowest {slowest:.2f} s"
    )
    print("memory, MiB:", " ".join(f"{each:.0f}" for each in held))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
