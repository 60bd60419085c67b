"""The vault: held-out rows, sealed when the data is split, and the ledger of looks at them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from modelwright.data.cleaning import LEAST_DISTINCT
from modelwright.data.content_hash import content_hash
from modelwright.data.contract import Contract
from modelwright.data.snapshot import read_verified, write_parquet
from modelwright.errors import VaultError
from modelwright.store import Look, Operations, read_json, write_json

_SECRET = 0o600
SEEN_SHARE = 1 / 3
"""From this share of its rows on, a vault has been seen where another one was looked at. Rows that are dealt
anew by chance share a fifth, which leaves figures all but independent."""


@dataclass(frozen=True)
class Vault:
    """Sealed rows of a snapshot.

    Attributes
    ----------
    name : str
        What `open_vault` takes.
    path : Path
        The Parquet file, readable by its owner alone.
    snapshot : str
        Hash of the snapshot that the rows are from. Looks are counted for it, whichever rows were sealed:
        what was learned from one choice of rows is known when the next is judged. Looks at other snapshots
        count too where their vault holds a third of these rows.
    hash : str
        Of the sealed rows.
    rows : int
    target : str
        Name of the column that only `open` shows.
    """

    name: str
    path: Path
    snapshot: str
    hash: str
    rows: int
    target: str

    def features(self) -> pl.DataFrame:
        """Read the rows without their target, which is not a look.

        Raises
        ------
        VaultError
            If the rows are missing or were changed.
        """
        return self._read().drop(self.target)

    def open(self, operations: Operations, run: str, reason: str) -> pl.DataFrame:
        """Record a look, then read the rows with their target.

        Parameters
        ----------
        operations : Operations
            Holds the ledger.
        run : str
            For which the rows are read.
        reason : str
            Why.

        Raises
        ------
        VaultError
            If the rows are missing or were changed; then no look is recorded.
        """
        rows = self._read()
        operations.record_look(self.snapshot, run, reason)
        return rows

    def looks(self, operations: Operations) -> int:
        """Count the looks at these rows so far, also those under another snapshot; see `ledger`."""
        return len(self.ledger(operations))

    def ledger(self, operations: Operations) -> list[Look]:
        """List the looks that count for these rows, oldest first.

        They are the looks at the vaults of the same snapshot, and at those of other snapshots that hold at
        least a third of these rows: a changed source is another snapshot, but rows that were seen stay seen.
        """
        related = [other.snapshot for other in self._others() if self._shares(other)]
        looks = [look for snapshot in {self.snapshot, *related} for look in operations.look_ledger(snapshot)]
        return sorted(looks, key=lambda look: look.at)

    def _others(self) -> list[Vault]:
        return [other for other in vaults(self.path.parent) if other.snapshot != self.snapshot]

    def _shares(self, other: Vault) -> bool:
        """Whether another vault holds a third of these rows, as far as the columns of both can tell."""
        try:
            mine, theirs = self.features(), other.features()
        except VaultError:
            return True  # it cannot be shown that its rows are others
        names = [name for name in mine.columns if name in theirs.columns]
        if not names:
            return False
        counts = [_counted(rows.select(names)) for rows in (mine, theirs)]
        if counts[0].height < LEAST_DISTINCT * len(mine):
            return False
        both = counts[0].join(counts[1], on="row", suffix="_there")
        shared = both.select(pl.min_horizontal("len", "len_there").sum()).item() or 0
        return bool(shared >= SEEN_SHARE * len(mine))

    def _read(self) -> pl.DataFrame:
        return read_verified(self.path, self.hash, VaultError)


def _counted(rows: pl.DataFrame) -> pl.DataFrame:
    """Return each distinct row's hash and how often it is there, however the values were typed."""
    told = rows.select(
        pl.all().exclude(pl.List, pl.Array, pl.Struct, pl.Binary, pl.Object).cast(pl.String, strict=False)
    )
    return pl.DataFrame({"row": told.hash_rows(seed=0)}).group_by("row").len()


def vaults(folder: Path) -> list[Vault]:
    """Find all sealed rows, the oldest first; this is no look.

    Parameters
    ----------
    folder : Path
        Of all vaults.
    """
    about = sorted(folder.glob("*.json"), key=lambda path: (path.stat().st_mtime_ns, path.name))
    return [open_vault(folder, path.stem) for path in about]


def seal(
    frame: pl.DataFrame, folder: Path, snapshot_hash: str, contract: Contract, *, encrypt: bool = False
) -> Vault:
    """Put held-out rows away; rows that are sealed already are not written again.

    Parameters
    ----------
    frame : polars.DataFrame
        The rows, with their target.
    folder : Path
        Of all vaults.
    snapshot_hash : str
        The snapshot that the rows are from.
    contract : Contract
        Names the target.
    encrypt : bool, default False
        Whether the rows are kept encrypted, with the key of the environment.

    Raises
    ------
    PrivacyError
        If they are to be encrypted and there is no key.
    VaultError
        If there are no rows.
    """
    if not frame.height:
        raise VaultError("no rows are held out; the data needs at least a handful of rows with a target")
    hash_ = content_hash(frame)
    name = f"{snapshot_hash[:16]}-{hash_[:16]}"
    path = folder / f"{name}.parquet"
    if not (folder / f"{name}.json").exists():
        write_parquet(frame, path, mode=_SECRET, encrypt=encrypt)
        sealed = Vault(name, path, snapshot_hash, hash_, frame.height, contract.target.name)
        write_json(
            folder / f"{name}.json", {key: each for key, each in asdict(sealed).items() if key != "path"}
        )
    return open_vault(folder, name)


def open_vault(folder: Path, name: str) -> Vault:
    """Find sealed rows, without a look at them.

    Parameters
    ----------
    folder : Path
        Of all vaults.
    name : str
        As `Vault.name` has it.

    Raises
    ------
    VaultError
        If there are none of that name.
    """
    about = folder / f"{name}.json"
    if Path(name).name != name or not about.is_file():
        raise VaultError(f"there is no vault '{name}' in {folder}; build again to seal new rows")
    return Vault(path=folder / f"{name}.parquet", **read_json(about))
