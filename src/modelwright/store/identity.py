"""Identifiers that sort by the time they were made, and the name of who works here."""

from __future__ import annotations

import secrets
import time


def ident(prefix: str) -> str:
    """Make an identifier: prefix, nanoseconds since 1970 and 64 random bits, in hexadecimal.

    Sorting identifiers of one prefix as text sorts them by time, as UUID version 7 (RFC 9562) does.

    Parameters
    ----------
    prefix : str
        What it names, such as ``release``.

    Examples
    --------
    >>> ident("release")  # doctest: +SKIP
    'release_1879f3c2a61b0c4e9d21c6a0f3b7e518'
    """
    return f"{prefix}_{time.time_ns():016x}{secrets.token_hex(8)}"


def current_user() -> str:
    """Return the name of the user of this machine."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may have no user of its number
        return "unknown"
