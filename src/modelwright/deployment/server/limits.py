"""How much a server takes on: so many requests at once, and so many a second from one caller."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import msgspec

from modelwright.deployment.server.messages import Detail
from modelwright.store import key_identity

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

MOST_AT_ONCE = 1_000
"""Requests that are under way; more would wait longer than their callers do."""

_MOST_CALLERS = 10_000  # whose rate is remembered
_ALWAYS = frozenset({"/health", "/ready", "/metrics"})  # what is asked of a server that is too busy
_encoder = msgspec.json.Encoder()


class Rate:
    """A bucket of permits for each caller, which fills up again by the clock.

    Parameters
    ----------
    per_second : float
        Permits a second, and the most that a caller may save up (at least one).
    """

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._most = max(per_second, 1.0)
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, caller: str, now: float) -> float:
        """Take a permit, or return after how many seconds there is one."""
        left, at = self._left.pop(caller, (self._most, now))
        left = min(left + (now - at) * self._per_second, self._most)
        if len(self._left) >= _MOST_CALLERS:
            self._left.pop(next(iter(self._left)))  # who has not asked for longest has a full bucket again
        self._left[caller] = (left - 1 if left >= 1 else left, now)
        return 0.0 if left >= 1 else (1 - left) / self._per_second


class Limited:
    """ASGI wrapper that refuses, at once and in words, what would make all others wait.

    Parameters
    ----------
    app : ASGI application
    per_second : float
        Requests a second of one caller: a key, or without one an address; 0 sets no limit.
    """

    def __init__(self, app: ASGIApp, per_second: float = 0.0) -> None:
        self._app = app
        self._rate = Rate(per_second) if per_second else None
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on where there is room for it."""
        if scope["type"] != "http" or scope["path"] in _ALWAYS:
            await self._app(scope, receive, send)
            return
        wait = 0.0 if self._rate is None else self._rate.wait(_caller(scope), time.monotonic())
        if wait:
            await _refuse(send, 429, "too many requests from this caller", math.ceil(wait))
        elif self._under_way >= MOST_AT_ONCE:
            await _refuse(send, 503, "too many requests are under way; try again in a moment", 1)
        else:
            self._under_way += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._under_way -= 1


def _caller(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"authorization":
            identity = key_identity(value.decode("latin-1").partition(" ")[2].strip())
            if identity:
                return f"key {identity[:32]}"
    client = scope.get("client")
    return client[0] if client else ""


async def _refuse(send: Send, status: int, words: str, seconds: int) -> None:
    body = _encoder.encode({"detail": [Detail(None, None, words)]})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", str(seconds).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
