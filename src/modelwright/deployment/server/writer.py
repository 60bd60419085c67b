"""Keep predictions durably before they are acknowledged, many requests to one transaction."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Sequence
from queue import Empty, SimpleQueue

from modelwright.deployment.server.messages import Refusal
from modelwright.store import Observation, Operations

_log = logging.getLogger(__name__)

MOST_WAITING = 50_000

_Kept = asyncio.Future[None]


class ObservationWriter:
    """One thread that writes whatever has come in since its last transaction (group commit).

    A commit costs one sync of the disk however many rows it holds, so requests that come while one commit is
    under way share the next. Each is answered only after its rows are on disk.

    Parameters
    ----------
    operations : Operations
        Where they are kept.
    """

    def __init__(self, operations: Operations) -> None:
        self._operations = operations
        self._queue: SimpleQueue[tuple[Sequence[Observation], _Kept] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="observation-writer", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.waiting = 0
        self.failed_at: float | None = None

    def start(self) -> None:
        """Begin to write; call from the event loop that will ask."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def stop(self) -> None:
        """Write what is waiting, then end."""
        self._queue.put(None)
        self._thread.join()

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    async def keep(self, observations: Sequence[Observation]) -> None:
        """Return when the observations are durable.

        Raises
        ------
        Refusal
            503 where they cannot be kept, or too many are waiting.
        """
        if self.waiting + len(observations) > MOST_WAITING or self._loop is None:
            raise Refusal(503, "too many predictions are waiting to be kept; try again in a moment")
        kept: _Kept = self._loop.create_future()
        self.waiting += len(observations)
        self._queue.put((observations, kept))
        await kept

    def _run(self) -> None:
        going = True
        while going:
            batch = [self._queue.get()]
            try:
                while True:
                    batch.append(self._queue.get_nowait())
            except Empty:
                pass
            asked = [each for each in batch if each is not None]
            going = len(asked) == len(batch)
            if asked:
                self._write(asked)

    def _write(self, asked: list[tuple[Sequence[Observation], _Kept]]) -> None:
        refusal: Refusal | None = None
        try:
            self._operations.append_observations([each for observations, _ in asked for each in observations])
            self.failed_at = None
        except Exception:  # noqa: BLE001 - whatever it is, the requests must be answered and the thread go on
            _log.exception("predictions could not be kept")
            self.failed_at = time.monotonic()
            refusal = Refusal(503, "the prediction could not be kept, so it is not given; try again")
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._answer, asked, refusal)

    def _answer(self, asked: list[tuple[Sequence[Observation], _Kept]], refusal: Refusal | None) -> None:
        for observations, kept in asked:
            self.waiting -= len(observations)
            if kept.done():  # its client is gone
                continue
            if refusal is None:
                kept.set_result(None)
            else:
                kept.set_exception(Refusal(refusal.status, *refusal.details))
