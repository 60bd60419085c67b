"""The server is killed under load at random moments; every acknowledged prediction must be in the store."""

from __future__ import annotations

import json
import random
import signal
import threading
import time
from http.client import HTTPConnection, HTTPException

import pytest

from modelwright.store import Operations

from .conftest import people, records
from .serving import served

CLIENTS = 4


@pytest.fixture(scope="module")
def body(packaged):
    return json.dumps({"records": records(people(3, seed=9), packaged("binary").contract, 3)})


def ask(port: int, body: str) -> list[str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/predict", body, {"content-type": "application/json"})
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return [each["id"] for each in answer["predictions"]]


def keep_asking(port: int, body: str, acknowledged: list[str], started: threading.Event) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        while True:
            connection.request("POST", "/predict", body, {"content-type": "application/json"})
            response = connection.getresponse()
            answer = response.read()
            if response.status == 200:
                acknowledged += [each["id"] for each in json.loads(answer)["predictions"]]
                started.set()
    except (HTTPException, OSError, ValueError):
        pass  # the server is gone
    finally:
        connection.close()


def test_every_acknowledged_prediction_survives_kills_at_random_moments(packaged, body, tmp_path):
    url = f"sqlite:///{tmp_path / 'operations.db'}"
    moments = random.Random(1)
    acknowledged: list[str] = []
    for _ in range(5):
        with served(packaged("binary").folder, url) as (process, port):
            started = threading.Event()
            given = (port, body, acknowledged, started)
            clients = [threading.Thread(target=keep_asking, args=given) for _ in range(CLIENTS)]
            for client in clients:
                client.start()
            assert started.wait(30)
            time.sleep(moments.uniform(0.0, 0.3))
            process.send_signal(signal.SIGKILL)
            for client in clients:
                client.join()
        with Operations(url) as operations:
            kept = set(operations.observations()["id"].to_list())
        assert set(acknowledged) <= kept
        assert len(kept) % 3 == 0, "half a request was kept"
    assert len(acknowledged) >= 5 * 3


def test_a_server_told_to_stop_answers_what_it_has_begun(packaged, body, tmp_path):
    url = f"sqlite:///{tmp_path / 'operations.db'}"
    with served(packaged("binary").folder, url) as (process, port):
        ask(port, body)
        slow = HTTPConnection("127.0.0.1", port, timeout=30)
        slow.putrequest("POST", "/predict")
        slow.putheader("content-type", "application/json")
        slow.putheader("content-length", str(len(body)))
        slow.endheaders(body[:20].encode())
        time.sleep(0.2)  # the server has begun to read
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        slow.send(body[20:].encode())
        answered = json.loads(slow.getresponse().read())["predictions"]
        slow.close()
        assert process.wait(timeout=30) == 0
        assert process.stdout.read() == "stopped\n"
        assert process.stderr.read() == ""
    with Operations(url) as operations:
        assert operations.observation(answered[-1]["id"]) is not None


def test_a_port_in_use_is_said(packaged, tmp_path):
    from modelwright.deployment import serve
    from modelwright.errors import ReleaseError

    url = f"sqlite:///{tmp_path / 'operations.db'}"
    package = packaged("binary")
    with served(package.folder, url) as (_, port), Operations(url) as operations:
        expected = pytest.raises(ReleaseError, match=f"cannot listen on 127.0.0.1 port {port}")
        with expected:
            serve(package, "release-2", operations, port=port)
