"""What the server counts, for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Measures:
    """Counters of one server.

    Parameters
    ----------
    paths : frozenset of str
        The server's own paths; requests for others are counted as ``other``.
    about : callable
        Returns what is served: labels of ``modelwright_release_info``.
    waiting : callable
        Returns how many predictions wait to be kept.
    """

    def __init__(
        self, paths: frozenset[str], about: Callable[[], dict[str, str]], waiting: Callable[[], float]
    ) -> None:
        self._paths = paths
        self._about = about
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "modelwright_requests",
            "Requests, by path and status.",
            ["path", "status"],
            registry=self._registry,
        )
        self._errors = Counter(
            "modelwright_errors", "Requests answered with 4xx or 5xx.", ["path"], registry=self._registry
        )
        self._seconds = Histogram(
            "modelwright_request_seconds",
            "Time from the first byte of a request to the last of its answer.",
            ["path"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self.rows = Counter("modelwright_rows", "Rows scored and kept.", registry=self._registry)
        self.labels = Counter("modelwright_labels", "Labels taken.", registry=self._registry)
        self._info = Gauge(
            "modelwright_release_info", "What is served.", list(about()), registry=self._registry
        )
        Gauge(
            "modelwright_waiting_rows", "Predictions that wait to be kept.", registry=self._registry
        ).set_function(waiting)
        ProcessCollector(registry=self._registry)

    def record(self, path: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        known = path if path in self._paths else "other"
        self._requests.labels(known, str(status)).inc()
        self._seconds.labels(known).observe(seconds)
        if status >= 400:
            self._errors.labels(known).inc()

    def text(self) -> bytes:
        """Return all counters in Prometheus' text format."""
        self._info.clear()
        self._info.labels(**self._about()).set(1)
        return generate_latest(self._registry)


class Measured:
    """ASGI wrapper that counts and times every request.

    Parameters
    ----------
    app : ASGI application
    measures : Measures
    """

    def __init__(self, app: ASGIApp, measures: Measures) -> None:
        self._app = app
        self._measures = measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, noting its status."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        status = 500

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note)
        finally:
            self._measures.record(scope["path"], status, time.perf_counter() - start)
