"""Run the server until it is told to stop."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from modelwright.deployment.address import Address
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
    address: Address,
    on_ready: Callable[[str], None] | None,
    production: Production | None = None,
    per_second: float = 0.0,
) -> None:
    """Serve until told to stop; see `modelwright.deployment.serve`."""
    service = Service(package, operations, release)
    with _bound(address) as bound:
        url = _url(address, bound)
        config = uvicorn.Config(
            build_app(service, production, per_second),
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            timeout_graceful_shutdown=_DRAIN_SECONDS,
            ssl_certfile=address.tls_certificate,
            ssl_keyfile=address.tls_key,
        )
        if address.tls_certificate is not None:
            _load_tls(config, address)
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


def _load_tls(config: uvicorn.Config, address: Address) -> None:
    """Read the certificate now, so that what is wrong with it is said in words."""
    try:
        config.load()
    except OSError as error:
        raise ReleaseError(
            f"TLS cannot be set up from {address.tls_certificate} and {address.tls_key or 'the same file'}: "
            f"{error.strerror or error}; give a PEM certificate and its key"
        ) from error


@contextmanager
def _bound(address: Address) -> Iterator[socket.socket]:
    if address.socket is not None:
        with _bound_socket(address.socket) as bound:
            yield bound
        return
    host, port = address.host, address.port
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


@contextmanager
def _bound_socket(path: Path) -> Iterator[socket.socket]:
    """Bind a Unix socket that only this user may open; one that a killed server left is replaced."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as bound:
        try:
            if path.is_socket() and not _answers(path):
                path.unlink()
            before = os.umask(0o177)
            try:
                bound.bind(str(path))
            finally:
                os.umask(before)
        except OSError as error:
            raise ReleaseError(f"the server cannot listen on {path}: {error.strerror or error}") from error
        try:
            yield bound
        finally:
            path.unlink(missing_ok=True)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as other:
        try:
            other.connect(str(path))
        except ConnectionRefusedError:
            return False
    return True


def _url(address: Address, bound: socket.socket) -> str:
    if address.socket is not None:
        return f"unix://{address.socket.resolve()}"
    host = address.host
    reachable = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"{'https' if address.tls_certificate else 'http'}://{reachable}:{bound.getsockname()[1]}"


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
