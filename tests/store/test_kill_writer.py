"""A writer is killed at random moments; what it had been told is kept must be there."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading

from modelwright.store import Operations

WRITER = """
import sys
from datetime import UTC, datetime
from modelwright.store import Observation, Operations, ident

operations = Operations(sys.argv[1])
while True:
    now = datetime.now(UTC)
    batch = [Observation(ident("prediction"), now, "r", {"a": n}, "yes", {"yes": 1.0}, 1.0) for n in range(5)]
    operations.append_observations(batch)
    sys.stdout.write("".join(each.id + "\\n" for each in batch))
    sys.stdout.flush()
"""


def test_every_acknowledged_observation_survives_kills_at_random_moments(tmp_path):
    url = f"sqlite:///{tmp_path / 'operations.db'}"
    moments = random.Random(0)
    acknowledged: list[str] = []
    for _ in range(8):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, text=True)
        acknowledged.append(writer.stdout.readline().strip())  # it is at work
        timer = threading.Timer(moments.uniform(0.0, 0.25), writer.send_signal, [signal.SIGKILL])
        timer.start()
        # A line cut by the kill was written whole to the pipe or not at all: lines are shorter than PIPE_BUF.
        acknowledged += writer.stdout.read().split()
        assert writer.wait() == -signal.SIGKILL
        timer.join()
        writer.stdout.close()
        with Operations(url) as operations:
            kept = operations.observations()["id"].to_list()
        assert set(acknowledged) <= set(kept)
        assert len(kept) % 5 == 0, "half a transaction was kept"
    assert len(acknowledged) > 100
