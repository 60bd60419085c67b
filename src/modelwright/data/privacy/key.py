"""The key by which values are hashed: from the environment, and never written anywhere."""

from __future__ import annotations

import hashlib
import hmac
import os

from modelwright.errors import PrivacyError

VARIABLE = "MODELWRIGHT_PRIVACY_KEY"
SHORTEST = 32
_MAKE_ONE = "make one with `openssl rand -hex 32` and keep it where you keep passwords"


def privacy_key(columns: list[str]) -> bytes:
    """Return the key.

    Parameters
    ----------
    columns : list of str
        What is hashed with it, for the message.

    Raises
    ------
    PrivacyError
        If there is none, or it is too short to be a secret.
    """
    key = os.environ.get(VARIABLE, "")
    named = ", ".join(f"'{name}'" for name in columns)
    if not key:
        raise PrivacyError(
            f"{named} must be hashed with a key, but {VARIABLE} is not set; set it in the environment "
            f"({_MAKE_ONE}), or choose another treatment"
        )
    if len(key) < SHORTEST:
        raise PrivacyError(
            f"{VARIABLE} has {len(key)} characters, which can be guessed; it needs {SHORTEST} or more: "
            f"{_MAKE_ONE}"
        )
    return key.encode()


def fingerprint(key: bytes) -> str:
    """Return what tells one key from another, and from which the key can't be told."""
    return hmac.new(key, b"modelwright: which privacy key this is", hashlib.sha256).hexdigest()[:32]


def check_key(key: bytes, expected: str) -> None:
    """Refuse a key other than the one that a contract was made with.

    Raises
    ------
    PrivacyError
        If it is another.
    """
    if expected and not hmac.compare_digest(fingerprint(key), expected):
        raise PrivacyError(
            f"{VARIABLE} is not the key that this contract's values were hashed with, so no value would be "
            "known again; set the earlier key, or, to change it for good, remove privacy_key from "
            "contract.toml and build again"
        )
