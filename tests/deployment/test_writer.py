from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime

import pytest

from modelwright.deployment.server import writer as writer_module
from modelwright.deployment.server.messages import Refusal
from modelwright.deployment.server.writer import ObservationWriter
from modelwright.store import Observation, ident


def observed() -> Observation:
    return Observation(ident("prediction"), datetime.now(UTC), "r", {}, "yes", {"yes": 1.0}, 1.0)


class Store:
    """Keeps what it is given, when it is let."""

    def __init__(self) -> None:
        self.transactions: list[list[Observation]] = []
        self.entered = threading.Event()
        self.gate = threading.Semaphore(0)
        self.broken = False

    def append_observations(self, observations) -> None:
        self.entered.set()
        assert self.gate.acquire(timeout=30)
        if self.broken:
            raise OSError("disk full")
        self.transactions.append(list(observations))


async def together(writer: ObservationWriter, store: Store, requests: int) -> list[object]:
    """Ask for one request, then many more while it is being written."""
    writer.start()
    first = asyncio.create_task(writer.keep([observed()]))
    assert await asyncio.to_thread(store.entered.wait, 30)
    others = [asyncio.create_task(writer.keep([observed(), observed()])) for _ in range(requests)]
    await asyncio.sleep(0)
    assert not any(each.done() for each in (first, *others)), "nothing is acknowledged before it is kept"
    store.gate.release(10)
    answers = await asyncio.gather(first, *others, return_exceptions=True)
    writer.stop()
    return answers


def test_requests_that_wait_share_one_transaction():
    store = Store()
    writer = ObservationWriter(store)
    answers = asyncio.run(together(writer, store, 50))
    assert answers == [None] * 51
    assert [len(each) for each in store.transactions] == [1, 100]
    assert writer.waiting == 0


def test_what_cannot_be_kept_is_refused_and_the_writer_goes_on():
    store = Store()
    store.broken = True
    writer = ObservationWriter(store)
    answers = asyncio.run(together(writer, store, 3))
    assert [each.status for each in answers] == [503] * 4
    assert writer.failed_at is not None
    assert writer.waiting == 0


def test_too_many_waiting_rows_are_refused(monkeypatch):
    monkeypatch.setattr(writer_module, "MOST_WAITING", 3)

    async def ask() -> None:
        store = Store()
        writer = ObservationWriter(store)
        writer.start()
        kept = asyncio.create_task(writer.keep([observed()] * 3))
        await asyncio.sleep(0)
        with pytest.raises(Refusal):
            await writer.keep([observed()])
        store.gate.release()
        await kept
        writer.stop()

    asyncio.run(ask())


def test_a_client_that_left_does_not_stop_the_others():
    async def ask() -> None:
        store = Store()
        writer = ObservationWriter(store)
        writer.start()
        gone = asyncio.create_task(writer.keep([observed()]))
        stays = asyncio.create_task(writer.keep([observed()]))
        await asyncio.sleep(0.01)
        gone.cancel()
        store.gate.release(2)
        await stays
        writer.stop()
        assert sum(len(each) for each in store.transactions) == 2

    asyncio.run(ask())


def test_stopping_writes_what_waits():
    async def ask() -> Store:
        store = Store()
        writer = ObservationWriter(store)
        writer.start()
        tasks = [asyncio.create_task(writer.keep([observed()])) for _ in range(5)]
        await asyncio.sleep(0)
        store.gate.release(5)
        await asyncio.to_thread(writer.stop)
        await asyncio.gather(*tasks)
        return store

    assert sum(len(each) for each in asyncio.run(ask()).transactions) == 5
