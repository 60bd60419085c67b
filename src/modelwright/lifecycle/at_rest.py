"""Snapshots and held-out rows that are encrypted at rest, and with the newest key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from modelwright.errors import BriefError
from modelwright.lifecycle.folder import Folder
from modelwright.problem import Brief
from modelwright.store import encrypted_file, has_newest_key, is_encrypted, read_encrypted


@dataclass(frozen=True)
class Encrypted:
    """What was encrypted.

    Attributes
    ----------
    encrypted : int
        Files that were not encrypted before.
    renewed : int
        Files that were encrypted with an earlier key.
    kept : int
        Files that were encrypted with the newest key already.
    """

    encrypted: int
    renewed: int
    kept: int


def encrypt(folder: Folder, brief: Brief) -> Encrypted:
    """Encrypt the snapshots and held-out rows that are not yet, or not with the newest key.

    Each file is replaced in one step; a kill leaves every file readable, with the earlier keys or the newest.

    Raises
    ------
    BriefError
        If the brief does not ask for it.
    PrivacyError
        If a key is lacking.
    """
    if not brief.data.encrypt:
        raise BriefError(
            f"{folder.brief}: data.encrypt is false, so what is kept next would not be "
            "encrypted; set it to true first"
        )
    counts = {"encrypted": 0, "renewed": 0, "kept": 0}
    for path in sorted([*folder.snapshots.glob("*.parquet"), *folder.vault.glob("*.parquet")]):
        counts[_bring_up_to_date(path)] += 1
    return Encrypted(**counts)


def _bring_up_to_date(path: Path) -> str:
    was_encrypted = is_encrypted(path)
    if was_encrypted and has_newest_key(path):
        return "kept"
    content = read_encrypted(path) if was_encrypted else path.read_bytes()
    with encrypted_file(path, mode=path.stat().st_mode & 0o700) as file:
        file.write(content)
    return "renewed" if was_encrypted else "encrypted"
