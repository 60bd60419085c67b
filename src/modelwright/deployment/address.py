"""Where a server listens."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from modelwright.errors import ReleaseError


@dataclass(frozen=True)
class Address:
    """Where a server listens, and whether what passes is encrypted.

    Attributes
    ----------
    host : str, default "127.0.0.1"
        Only this machine may ask, unless another address is given.
    port : int, default 8000
        0 means any free port.
    socket : Path or None
        A Unix socket in the place of host and port; only the user who serves may open it.
    tls_certificate, tls_key : Path or None
        PEM files; the key may be in the certificate's file.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    socket: Path | None = None
    tls_certificate: Path | None = None
    tls_key: Path | None = None

    def __post_init__(self) -> None:
        if self.tls_key is not None and self.tls_certificate is None:
            raise ReleaseError("a TLS key alone encrypts nothing; give the certificate too")
        if self.socket is not None and self.tls_certificate is not None:
            raise ReleaseError("a Unix socket does not leave the machine and needs no TLS; choose one")
