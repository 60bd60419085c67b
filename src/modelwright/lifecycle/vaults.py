"""The vault and its ledger: which rows are sealed, and who has looked at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from modelwright import data
from modelwright.errors import VaultError
from modelwright.evaluation import error_at_look
from modelwright.lifecycle.folder import Folder
from modelwright.store import Operations

LEVEL = 0.95


@dataclass(frozen=True)
class LookedAt:
    """One look at sealed rows.

    Attributes
    ----------
    at : datetime
    run : str
        For which the rows were read.
    reason : str
    snapshot : str
        Whose sealed rows were read.
    """

    at: datetime
    run: str
    reason: str
    snapshot: str


@dataclass(frozen=True)
class SealedRows:
    """One vault.

    Attributes
    ----------
    name : str
    snapshot : str
        Hash of the snapshot that the rows are from.
    rows : int
    whole : bool
        Whether the rows are there, and unchanged.
    looks : tuple of LookedAt
        Those that count for these rows, oldest first.
    next_confidence : float
        At which each interval of the next look would be drawn, so that all looks together hold at 95 %.
    """

    name: str
    snapshot: str
    rows: int
    whole: bool
    looks: tuple[LookedAt, ...]
    next_confidence: float


@dataclass(frozen=True)
class Vaults:
    """Every vault of a project.

    Attributes
    ----------
    vaults : tuple of SealedRows
        The oldest first.
    """

    vaults: tuple[SealedRows, ...]


def list_vaults(folder: Folder, operations: Operations) -> Vaults:
    """List the sealed rows of a project and the looks at them; this is no look."""
    return Vaults(tuple(_sealed(vault, operations) for vault in data.vaults(folder.vault)))


def _sealed(vault: data.Vault, operations: Operations) -> SealedRows:
    looks = tuple(
        LookedAt(look.at, look.run, look.reason, look.snapshot) for look in vault.ledger(operations)
    )
    return SealedRows(
        name=vault.name,
        snapshot=vault.snapshot,
        rows=vault.rows,
        whole=_is_whole(vault),
        looks=looks,
        next_confidence=1 - error_at_look(LEVEL, len(looks) + 1),
    )


def _is_whole(vault: data.Vault) -> bool:
    try:
        vault.features()
    except VaultError:
        return False
    return True
