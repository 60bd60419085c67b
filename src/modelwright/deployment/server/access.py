"""Who may ask what: API keys, and headers that keep browsers from doing harm."""

from __future__ import annotations

import hmac
import logging
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from modelwright.deployment.server.messages import Detail
from modelwright.errors import StoreError
from modelwright.store import ApiKey, Operations, Scope, key_hash, key_identity

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Send
    from starlette.types import Scope as Asked

_log = logging.getLogger(__name__)

_FRESH_SECONDS = 1.0
_OPEN = frozenset({"/health", "/ready"})
_NEEDED: dict[str, Scope] = {"/predict": "predict", "/feedback": "feedback", "/metrics": "admin"}
_POLICY = b"default-src 'none'; frame-ancestors 'none'"
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", _POLICY),
)
_encoder = msgspec.json.Encoder()


class Keyring:
    """The keys in force, read anew every second, so that they are changed without a restart.

    Where the database can't be read, those last read stay in force.

    Parameters
    ----------
    operations : Operations
    """

    def __init__(self, operations: Operations) -> None:
        self._operations = operations
        self._keys: dict[str, ApiKey] = {each.id: each for each in operations.list_keys()}
        self._read = time.monotonic()

    @property
    def is_locked(self) -> bool:
        """Whether a key is needed at all: as soon as there ever was one."""
        self._refresh()
        return bool(self._keys)

    def scopes(self, given: str | None) -> tuple[Scope, ...] | None:
        """Return what a key opens, or None where it is none in force."""
        self._refresh()
        known = self._keys.get(key_identity(given or "") or "")
        # The comparison takes the same time whether there is such a key or not.
        fits = hmac.compare_digest(key_hash(given or ""), known.hash if known else "0" * 64)
        return known.scopes if known and fits and known.holds(datetime.now(UTC)) else None

    def _refresh(self) -> None:
        if time.monotonic() - self._read < _FRESH_SECONDS:
            return
        self._read = time.monotonic()
        try:
            self._keys = {each.id: each for each in self._operations.list_keys()}
        except StoreError:
            _log.warning("keys could not be read; those last read stay in force", exc_info=True)


class Guarded:
    """ASGI wrapper that lets in whoever has a key for the path, and adds headers to every answer.

    Whoever has none learns nothing: not which paths there are, nor what a row looks like.

    Parameters
    ----------
    app : ASGI application
    keyring : Keyring
    """

    def __init__(self, app: ASGIApp, keyring: Keyring) -> None:
        self._app = app
        self._keyring = keyring

    async def __call__(self, scope: Asked, receive: Receive, send: Send) -> None:
        """Pass the request on where it may be."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                present = {name for name, _ in headers}
                headers.extend(each for each in _HEADERS if each[0] not in present)
            await send(message)

        if not self._keyring.is_locked:
            await self._app(scope, receive, with_headers)
            return
        scopes = self._keyring.scopes(_given(scope))
        # Whoever may ask about readiness without a key learns whether, but not why not.
        scope.setdefault("state", {})["known"] = scopes is not None
        path = scope["path"]
        needed = _NEEDED.get(path)
        if path in _OPEN or (scopes and (needed is None or needed in scopes or "admin" in scopes)):
            await self._app(scope, receive, with_headers)
        elif scopes is None:
            await _refuse(with_headers, 401, "a key is needed: send authorization: Bearer KEY")
        else:
            await _refuse(with_headers, 403, f"this key does not open {path}; it needs the scope {needed}")


def _given(scope: Asked) -> str | None:
    for name, value in scope["headers"]:
        if name == b"authorization":
            kind, _, key = value.decode("latin-1").partition(" ")
            return key.strip() if kind.lower() == "bearer" else None
    return None


async def _refuse(send: Send, status: int, words: str) -> None:
    body = _encoder.encode({"detail": [Detail(None, None, words)]})
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
