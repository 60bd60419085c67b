"""The server: paths, limits and answers."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from modelwright.deployment.asking import NOTHING_MORE
from modelwright.deployment.server.access import Guarded, Keyring
from modelwright.deployment.server.follower import Follower, Production
from modelwright.deployment.server.limits import Limited
from modelwright.deployment.server.measures import Measured, Measures
from modelwright.deployment.server.messages import Detail, Refusal
from modelwright.deployment.server.more import asked_by
from modelwright.deployment.server.openapi import openapi
from modelwright.deployment.server.page import page, page_policy
from modelwright.deployment.server.service import Service
from modelwright.deployment.server.writer import ObservationWriter
from modelwright.errors import StoreError

_log = logging.getLogger(__name__)

LARGEST_BODY = 10 * 2**20
BODY_SECONDS = 30.0

_SMALL_BODY = 2**14  # below this, handing the work to another thread takes longer than the work
_RECENT_SECONDS = 5.0
_PATHS = frozenset(
    {"/predict", "/feedback", "/health", "/ready", "/release", "/metrics", "/openapi.json", "/docs"}
)
_encoder = msgspec.json.Encoder()

_Endpoint = Callable[[Request], Awaitable[Response]]


def build_app(service: Service, production: Production | None = None, per_second: float = 0.0) -> Starlette:
    """Make the ASGI application that serves what is in production.

    Parameters
    ----------
    service : Service
    production : Production, optional
        What the service follows while it runs; without one it keeps what it was given.
    per_second : float, default 0.0
        Requests a second of one caller; 0 sets no limit.
    """
    writer = ObservationWriter(service.operations)
    measures = Measures(_PATHS, lambda: _about(service), lambda: writer.waiting)
    follower = None if production is None else Follower(service, production)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        writer.start()
        if follower is not None:
            await run_in_threadpool(follower.follow)
            follower.start()
        yield
        if follower is not None:
            await run_in_threadpool(follower.stop)
        await run_in_threadpool(writer.stop)

    endpoints = Endpoints(service, writer, measures, follower)
    return Starlette(
        routes=endpoints.routes(),
        middleware=[
            Middleware(Measured, measures=measures),
            Middleware(Guarded, keyring=Keyring(service.operations)),
            Middleware(Limited, per_second=per_second),
        ],
        exception_handlers={
            Refusal: _refused,
            HTTPException: _refused_by_route,
            ClientDisconnect: _gone,
            Exception: _failed,
        },
        lifespan=lifespan,
    )


class Endpoints:
    """One method per path.

    Parameters
    ----------
    service : Service
    writer : ObservationWriter
    measures : Measures
    follower : Follower or None
    """

    def __init__(
        self,
        service: Service,
        writer: ObservationWriter,
        measures: Measures,
        follower: Follower | None = None,
    ) -> None:
        self._service = service
        self._writer = writer
        self._measures = measures
        self._follower = follower
        self._described: tuple[str, bytes] = ("", b"")

    def routes(self) -> list[Route]:
        """Return the server's paths."""
        return [
            Route("/predict", self.predict, methods=["POST"]),
            Route("/feedback", self.feedback, methods=["POST"]),
            Route("/health", self.health, methods=["GET"]),
            Route("/ready", self.ready, methods=["GET"]),
            Route("/release", self.release, methods=["GET"]),
            Route("/metrics", self.metrics, methods=["GET"]),
            Route("/openapi.json", self.openapi, methods=["GET"]),
            Route("/docs", self.docs, methods=["GET"]),
        ]

    async def predict(self, request: Request) -> Response:
        """Score rows, keep them, then answer."""
        body = await read_body(request)
        asked = asked_by(request.query_params) if request.scope["query_string"] else NOTHING_MORE
        if len(body) <= _SMALL_BODY and not asked.explain:
            answer, observations = self._service.predict(body, asked)
        else:
            answer, observations = await run_in_threadpool(self._service.predict, body, asked)
        await self._writer.keep(observations)
        self._measures.rows.inc(len(observations))
        return json_response(answer)

    async def feedback(self, request: Request) -> Response:
        """Keep labels, then answer."""
        body = await read_body(request)
        try:
            answer = await run_in_threadpool(self._service.feedback, body)
        except StoreError as error:
            _log.exception("labels could not be kept")
            raise Refusal(503, "the labels could not be kept; try again") from error
        self._measures.labels.inc(answer.accepted)
        return json_response(answer)

    async def health(self, _: Request) -> Response:
        """Say that the process runs."""
        return json_response({"status": "ok"})

    async def ready(self, request: Request) -> Response:
        """Say whether requests can be answered, and if not, why; the why only to those who have a key."""
        reasons = await self._reasons()
        if not request.scope.get("state", {}).get("known", True):
            return json_response({"ready": not reasons}, 503 if reasons else 200)
        content: dict[str, Any] = {"ready": not reasons, "release": self._service.release, "reasons": reasons}
        if self._follower is not None and self._follower.fault is not None:
            content["warnings"] = [self._follower.fault]
        return json_response(content, 503 if reasons else 200)

    async def release(self, _: Request) -> Response:
        """Say what is served and why it was released: the gate's verdict."""
        return json_response(await run_in_threadpool(self._service.about))

    async def metrics(self, _: Request) -> Response:
        """Give the counters in Prometheus' format."""
        return Response(self._measures.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    async def openapi(self, _: Request) -> Response:
        """Describe the paths, in OpenAPI 3.1."""
        release, described = self._described
        if release != self._service.release:
            described = _encoder.encode(openapi(self._service))
            self._described = (self._service.release, described)
        return Response(described, media_type="application/json")

    async def docs(self, _: Request) -> Response:
        """Show the description as a page, with a form to try it."""
        return Response(page(), media_type="text/html", headers={"content-security-policy": page_policy()})

    async def _reasons(self) -> list[str]:
        reasons = []
        if not self._writer.alive:
            reasons.append("the writer of predictions does not run")
        if self._writer.failed_at is not None and time.monotonic() - self._writer.failed_at < _RECENT_SECONDS:
            reasons.append("the last predictions could not be kept")
        try:
            await run_in_threadpool(self._service.operations.check_writable)
        except StoreError:
            reasons.append("the operations database cannot be written")
        return reasons


async def read_body(request: Request) -> bytes:
    """Return the body of a JSON request.

    Raises
    ------
    Refusal
        415 where it isn't JSON, 413 where it is too large, 408 where it takes too long.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refusal(415, "the body must be JSON: send content-type: application/json")
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > LARGEST_BODY:
        raise _too_large()
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > LARGEST_BODY:
                    raise _too_large()
                parts.append(part)
    except TimeoutError as error:
        raise Refusal(408, f"the body did not come within {BODY_SECONDS:g} s; send it in one go") from error
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _about(service: Service) -> dict[str, str]:
    manifest = service.package.manifest
    return {
        "release": service.release,
        "challenger": "" if service.trial is None else service.trial.release,
        "name": manifest.name,
        "run": manifest.run,
        "snapshot": manifest.snapshot,
    }


def json_response(content: Any, status: int = 200) -> Response:
    """Answer with JSON."""
    return Response(_encoder.encode(content), status, media_type="application/json")


def _too_large() -> Refusal:
    return Refusal(413, f"the body is too large; at most {LARGEST_BODY} bytes are read, so send fewer rows")


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101 - by registration
    response = json_response({"detail": error.details}, error.status)
    if error.status == 503:
        response.headers["retry-after"] = "1"
    return response


async def _refused_by_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - by registration
    known = ", ".join(sorted(_PATHS))
    words = {
        404: f"there is nothing at this path; the paths are {known}",
        405: f"{request.method} is not allowed here; see /docs",
    }
    detail = Detail(None, None, words.get(error.status_code, "the request cannot be answered"))
    response = json_response({"detail": [detail]}, error.status_code)
    response.headers.update(error.headers or {})
    return response


async def _gone(_: Request, __: Exception) -> Response:
    """Answer nobody: the client left before its request was complete."""
    return Response(status_code=400)


async def _failed(_: Request, __: Exception) -> Response:
    """Answer without a trace of what went wrong; uvicorn writes that to the server's log."""
    detail = Detail(None, None, "the server failed to answer; the fault is in its log")
    return json_response({"detail": [detail]}, 500)
