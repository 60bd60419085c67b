"""Who answers whom: by a stable key, so that a caller keeps the model that answered before."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

_encoder = msgspec.json.Encoder(order="sorted", enc_hook=str)
_SCALE = 2**64


def for_challenger(
    release: str, share: float, key: str, records: Sequence[dict[str, Any]]
) -> tuple[bool, ...]:
    """Say which records the challenger answers.

    Parameters
    ----------
    release : str
        The challenger's; each trial chooses other keys.
    share : float
        Of the keys, for the challenger.
    key : str
        Column whose value decides; where it is empty, or a record lacks it, the whole record decides.
    records : sequence of dict
    """
    return tuple(_position(release, record, key) < share for record in records)


def _position(release: str, record: dict[str, Any], key: str) -> float:
    """Return where between 0 and 1 a record's key lies."""
    value = record.get(key) if key else None
    text = _encoder.encode(record) if value is None else str(value).encode()
    digest = hashlib.blake2b(text, digest_size=8, key=release.encode()[:64]).digest()
    return int.from_bytes(digest, "big") / _SCALE
