"""Serve a package over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from modelwright.deployment.address import Address
from modelwright.deployment.package import Package
from modelwright.store import Operations

if TYPE_CHECKING:
    from modelwright.deployment.server import Production


def serve(
    package: Package,
    release: str,
    operations: Operations,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    address: Address | None = None,
    on_ready: Callable[[str], None] | None = None,
    production: Production | None = None,
    per_second: float = 0.0,
) -> None:
    """Serve a package until SIGTERM or SIGINT; requests under way are answered first.

    Parameters
    ----------
    package : Package
    release : str
        Identifier that the answers carry.
    operations : Operations
        Where every prediction is kept before it is answered.
    host : str, default "127.0.0.1"
        Only this machine may ask, unless another address is given.
    port : int, default 8000
        0 means any free port.
    address : Address, optional
        In the place of both: a Unix socket, or an address with TLS.
    on_ready : callable, optional
        Called with the URL once requests are answered.
    production : Production, optional
        What the server follows while it runs; without one it keeps the package that it was given.
    per_second : float, default 0.0
        Requests a second that one caller may send; 0 sets no limit.

    Raises
    ------
    ReleaseError
        If the address cannot be bound.
    """
    from modelwright.deployment.server import run_server

    run_server(
        package,
        release,
        operations,
        address=address or Address(host, port),
        on_ready=on_ready,
        production=production,
        per_second=per_second,
    )
