"""Run the server until it is told to stop."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from modelwright.deployment.package import Package
from modelwright.deployment.server.app import build_app
from modelwright.deployment.server.follower import Production
from modelwright.deployment.server.service import Service
from modelwright.errors import ReleaseError
from modelwright.store import Operations

_DRAIN_SECONDS = 30


def run_server(
    package: Package,
    release: str,
    operations: Operations,
    *,
    host: str,
    port: int,
    on_ready: Callable[[str], None] | None,
    production: Production | None = None,
) -> None:
    """Serve until told to stop; see `modelwright.deployment.serve`."""
    service = Service(package, operations, release)
    with _bound(host, port) as bound:
        url = _url(host, bound.getsockname()[1])
        config = uvicorn.Config(
            build_app(service, production),
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            timeout_graceful_shutdown=_DRAIN_SECONDS,
        )
        with _quiet_signals():
            _Server(config, lambda: on_ready(url) if on_ready else None).run(sockets=[bound])


class _Server(uvicorn.Server):
    """A uvicorn server that says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small answers at once (TCP_NODELAY) only where the protocol is named.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, port))
        except OSError as error:
            raise ReleaseError(
                f"the server cannot listen on {host} port {port}: {error.strerror}; choose another port"
            ) from error
        yield bound


def _url(host: str, port: int) -> str:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{reachable}:{port}"


@contextmanager
def _quiet_signals() -> Iterator[None]:
    """Let SIGTERM and SIGINT end the server alone: uvicorn raises them again once it has drained."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.signal(each, lambda *_: None) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
