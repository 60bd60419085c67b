"""A running server follows releases under load: no request is dropped, refused or answered by a mixture."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection

import pytest

from modelwright.deployment import Standing
from modelwright.deployment.server import Follower, Service

from .conftest import people, records

SERVE = """
import sys
from pathlib import Path
from modelwright.deployment import Package, Standing, serve
from modelwright.store import Operations

class Production:
    def standing(self):
        return Standing(Path(sys.argv[3]).read_text(), sys.argv[1])
    def visit(self, guards):
        raise AssertionError("there is no trial")

with Operations(sys.argv[2]) as operations:
    serve(
        Package.open(Path(sys.argv[1])), "release-0", operations, port=0, production=Production(),
        on_ready=lambda url: print(url, flush=True),
    )
"""
SWAPS = 2


def keep_asking(port, body, answered, stop):
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    while not stop.is_set():
        connection.request("POST", "/predict", body, {"content-type": "application/json"})
        response = connection.getresponse()
        answered.append((response.status, json.loads(response.read()).get("release")))
    connection.close()


def test_releases_are_swapped_under_load_without_a_dropped_request(packaged, tmp_path):
    package, current = packaged("binary"), tmp_path / "current"
    current.write_text("release-0")
    body = json.dumps({"records": records(people(2, seed=9), package.contract, 2)})
    command = [sys.executable, "-c", SERVE, package.folder, f"sqlite:///{tmp_path / 'o.db'}", current]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        port = int(process.stdout.readline().rpartition(":")[2])
        answered: list[tuple[int, str]] = []
        stop = threading.Event()
        given = (port, body, answered, stop)
        clients = [threading.Thread(target=keep_asking, args=given) for _ in range(2)]
        for client in clients:
            client.start()
        for swap in range(1, SWAPS + 1):
            current.write_text(f"release-{swap}")
            end = time.monotonic() + 60
            while answered[-1:] != [(200, f"release-{swap}")] and time.monotonic() < end:
                time.sleep(0.05)
        stop.set()
        for client in clients:
            client.join()
        process.terminate()
        assert process.wait(30) == 0
    assert {status for status, _ in answered} == {200}
    assert {release for _, release in answered} == {f"release-{swap}" for swap in range(SWAPS + 1)}


class Broken:
    def standing(self):
        return Standing("release-2", "/nowhere")

    def visit(self, guards):
        raise AssertionError


def test_a_release_that_cannot_be_opened_leaves_the_one_that_answers(packaged, operations, caplog):
    service = Service(packaged("binary"), operations, "release-1")
    follower = Follower(service, Broken())
    for _ in range(3):
        follower._try(visit=True)
    assert service.release == "release-1"
    assert "there is no package here" in follower.fault
    assert len(caplog.records) == 1, "said once, not every second"


@pytest.mark.parametrize("after", ["release-1", "release-2"])
def test_only_what_changed_is_made_ready_again(packaged, operations, after):
    service = Service(packaged("binary"), operations, "release-1")
    before = service.champion

    class Now(Broken):
        def standing(self):
            return Standing(after, str(packaged("binary").folder))

    Follower(service, Now()).follow()
    assert (service.champion is before) == (after == "release-1")
