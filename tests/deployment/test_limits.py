"""What is too much is refused at once and in words; nothing that is sent breaks the server."""

from __future__ import annotations

import asyncio
import random
import warnings

import pytest

from modelwright.deployment.server import Service, build_app
from modelwright.deployment.server import app as app_module
from modelwright.deployment.server import limits as limits_module
from modelwright.deployment.server.limits import Limited, Rate

from .conftest import people, records
from .mangling import mangled

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient` is deprecated")
    from starlette.testclient import TestClient


def test_a_caller_has_so_many_a_second_and_may_save_as_many():
    rate = Rate(2.0)
    assert [rate.wait("a", 0.0) for _ in range(3)] == [0.0, 0.0, 0.5]
    assert rate.wait("b", 0.0) == 0.0, "others have their own"
    assert rate.wait("a", 0.5) == 0.0
    assert rate.wait("a", 0.5) > 0
    assert [rate.wait("a", 100.0) == 0.0 for _ in range(3)] == [True, True, False]


def test_only_so_many_callers_are_remembered(monkeypatch):
    monkeypatch.setattr(limits_module, "_MOST_CALLERS", 5)
    rate = Rate(1.0)
    for caller in range(50):
        rate.wait(str(caller), float(caller))
    assert len(rate._left) <= 5


def test_too_fast_a_caller_is_told_when_to_come_again(packaged, operations):
    with TestClient(build_app(Service(packaged("binary"), operations, "r"), per_second=3)) as client:
        statuses = [client.get("/release").status_code for _ in range(6)]
        assert statuses[:3] == [404, 404, 404]
        assert statuses[-1] == 429
        refused = client.get("/release")
        assert refused.headers["retry-after"] == "1"
        assert client.get("/health").status_code == 200


def test_what_comes_while_too_many_are_under_way_is_refused_at_once(monkeypatch):
    monkeypatch.setattr(limits_module, "MOST_AT_ONCE", 2)
    going, sent = asyncio.Event(), []

    async def app(scope, receive, send):
        await going.wait()

    async def send(message):
        sent.append(message)

    async def ask():
        limited = Limited(app)
        scope = {"type": "http", "path": "/predict", "headers": [], "client": ("127.0.0.1", 1)}
        waiting = [asyncio.create_task(limited(scope, None, send)) for _ in range(2)]
        await asyncio.sleep(0)
        await limited(scope, None, send)
        assert sent[0]["status"] == 503
        going.set()
        await asyncio.gather(*waiting)
        sent.clear()
        await limited(scope, None, send)
        assert sent == []

    asyncio.run(ask())


def test_a_body_that_takes_too_long_is_refused(packaged, operations, monkeypatch):
    monkeypatch.setattr(app_module, "BODY_SECONDS", 0.05)

    async def ask():
        app, sent = build_app(Service(packaged("binary"), operations, "r")), []

        async def receive():
            await asyncio.sleep(5)

        async def send(message):
            sent.append(message)

        headers = [(b"content-type", b"application/json")]
        scope = {
            "type": "http", "path": "/predict", "raw_path": b"/predict", "method": "POST", "headers": headers,
            "query_string": b"", "http_version": "1.1", "scheme": "http", "server": ("x", 1),
            "client": ("127.0.0.1", 1), "root_path": "",
        }  # fmt: skip
        await app(scope, receive, send)
        return sent[0]["status"]

    assert asyncio.run(ask()) == 408


# ---- whatever is sent


PATHS = ["/predict", "/predict", "/feedback", "/predict?interval=0.9", "/predict?explain=1&x=%00"]


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_nothing_that_is_sent_is_a_fault_of_the_server_or_shows_up_elsewhere(packaged, operations, task):
    rng, rows = random.Random(0), records(people(20, seed=9), packaged(task).contract, 20)
    with TestClient(
        build_app(Service(packaged(task), operations, "r")), raise_server_exceptions=False
    ) as client:
        for _ in range(250):
            path = rng.choice(PATHS)
            kind = rng.choice(["application/json"] * 8 + ["text/plain", ""])
            body = mangled(rng, rows)
            answer = client.post(path, content=body, headers={"content-type": kind})
            assert answer.status_code < 500, (path, kind, body[:200], answer.text)
            assert "Traceback" not in answer.text
            answer.json()
        assert client.get("/ready").json()["ready"]
