"""Immutable copies of the data, named by the hash of their content."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, cast

import polars as pl

from modelwright.data.content_hash import ContentHash, content_hash
from modelwright.data.reading import ROWS, Batches, batches
from modelwright.errors import DataError, StoreError
from modelwright.problem import masked
from modelwright.store import (
    EncryptedFile,
    atomic_file,
    encrypted_file,
    is_encrypted,
    read_encrypted,
    read_json,
    write_json,
)

FORMAT = 2
"""Of the hash and of what stands beside a snapshot."""
STAGED = "taking-"


@dataclass(frozen=True)
class Snapshot:
    """An immutable copy of a table.

    Attributes
    ----------
    hash : str
        Of the content; 64 hexadecimal digits.
    path : Path
        The Parquet file.
    rows, columns : int
    source : str
        Where the table came from when it was first seen, without passwords.
    at : str
        When that was; ISO 8601, UTC.
    query : str
        The SQL whose rows the table is; empty where it is no query's.
    """

    hash: str
    path: Path
    rows: int
    columns: int
    source: str
    at: str
    query: str = ""

    def read(self) -> pl.DataFrame:
        """Read the table.

        Raises
        ------
        DataError
            If the file is no longer what the snapshot's name says.
        """
        return read_verified(self.path, self.hash, DataError)

    def batches(self, rows: int = ROWS) -> Batches:
        """Read the table in parts; the last one is handed out only if all are what they were.

        Parameters
        ----------
        rows : int, default 65,536
            Most rows of a part.

        Raises
        ------
        DataError
            At the end, if the file is no longer what the snapshot's name says.
        """
        parts = batches(self.read() if is_encrypted(self.path) else self.path, rows=rows)
        return Batches(parts.schema, _verified(parts, self), parts.notes)


def take_snapshot(
    table: pl.DataFrame | Batches, folder: Path, source: str, *, query: str = "", encrypt: bool = False
) -> Snapshot:
    """Keep a table for good; a table that is kept already is not kept twice.

    Parameters
    ----------
    table : polars.DataFrame or Batches
        Whole, or in parts; of these, one is held at a time.
    folder : Path
        Of all snapshots.
    source : str
        Where the table comes from; passwords in it are masked.
    query : str, optional
        The SQL whose rows the table is.
    encrypt : bool, default False
        Whether it is kept encrypted, with the key of the environment.

    Raises
    ------
    PrivacyError
        If it is to be encrypted and there is no key.
    """
    parts = Batches(table.schema, table.iter_slices(ROWS)) if isinstance(table, pl.DataFrame) else table
    hashed, rows = ContentHash(parts.schema), 0
    # The name is known at the end only; a kill before leaves a file that pruning takes away.
    staged = folder / f"{STAGED}{secrets.token_hex(8)}.parquet"
    with encrypted_file(staged) if encrypt else atomic_file(staged) as file:
        with _parquet(file, parts.schema) as write:
            for part in parts:
                hashed.add(part)
                rows += part.height
                write(part)
        hash_ = hashed.hexdigest()
        if isinstance(file, EncryptedFile):
            file.called = hash_
    about, path = folder / f"{hash_}.json", folder / f"{hash_}.parquet"
    if about.exists():
        staged.unlink()
        about.touch()  # it is wanted again, so it is not to be pruned now
        return open_snapshot(folder, hash_)
    staged.chmod(0o400)
    staged.replace(path)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    taken = Snapshot(hash_, path, rows, len(parts.schema), masked(source), at, query)
    # Last, so that a kill in between leaves no snapshot rather than half of one.
    write_json(
        about, {key: value for key, value in asdict(taken).items() if key != "path"} | {"format": FORMAT}
    )
    return taken


def open_snapshot(folder: Path, hash: str) -> Snapshot:  # noqa: A002 - what it is
    """Find a snapshot.

    Parameters
    ----------
    folder : Path
        Of all snapshots.
    hash : str
        Of its content.

    Raises
    ------
    DataError
        If there is none of that hash, or an earlier Modelwright took it.
    """
    about = folder / f"{hash}.json"
    if not about.is_file():
        raise DataError(f"there is no snapshot {hash[:12]} in {folder}; build again from the source")
    said = read_json(about)
    if said.pop("format", 1) != FORMAT:
        raise DataError(
            f"snapshot {hash[:12]} in {folder} was taken by another version of Modelwright; build again from "
            "the source"
        )
    return Snapshot(path=folder / f"{hash}.parquet", **said)


def list_snapshots(folder: Path) -> list[Snapshot]:
    """Return all snapshots of a folder, newest first."""
    found = [open_snapshot(folder, path.stem) for path in folder.glob("*.json")]
    return sorted(found, key=lambda each: (each.at, each.hash), reverse=True)


def remove_snapshot(snapshot: Snapshot) -> None:
    """Remove a snapshot for good."""
    # What says that there is one goes first: a kill in between leaves a file that nothing names.
    snapshot.path.with_suffix(".json").unlink(missing_ok=True)
    snapshot.path.unlink(missing_ok=True)


def write_parquet(frame: pl.DataFrame, path: Path, mode: int, *, encrypt: bool = False) -> None:
    """Write a table whole or not at all."""
    if encrypt:
        with encrypted_file(path, mode=mode) as file:
            frame.write_parquet(cast("IO[bytes]", file), compression="zstd")
        return
    with atomic_file(path, mode=mode | 0o200) as temporary:
        frame.write_parquet(temporary, compression="zstd")
        temporary.chmod(temporary.stat().st_mode & mode)  # within the umask


def read_verified(path: Path, hash: str, error: type[Exception]) -> pl.DataFrame:  # noqa: A002 - what it is
    """Read a table and check that it is what it was."""
    try:
        frame = pl.read_parquet(read_encrypted(path) if is_encrypted(path) else path, glob=False)
    except (FileNotFoundError, StoreError, pl.exceptions.PolarsError) as cause:
        raise error(f"{path} cannot be read ({cause}); restore it from a backup, or build again") from cause
    if content_hash(frame) != hash:
        raise error(f"{path} was changed after it was written; restore it from a backup, or build again")
    return frame


def _verified(parts: Batches, snapshot: Snapshot) -> Iterator[pl.DataFrame]:
    hashed = ContentHash(parts.schema)
    held: pl.DataFrame | None = None
    for part in parts:
        hashed.add(part)
        if held is not None:
            yield held
        held = part
    if hashed.hexdigest() != snapshot.hash:
        raise DataError(
            f"{snapshot.path} was changed after it was written; restore it from a backup, or build again"
        )
    if held is not None:
        yield held


@contextmanager
def _parquet(file: Path | EncryptedFile, schema: pl.Schema) -> Iterator[Callable[[pl.DataFrame], None]]:
    """Write Parquet part by part."""
    from pyarrow.parquet import ParquetWriter

    with ParquetWriter(file, pl.DataFrame(schema=schema).to_arrow().schema, compression="zstd") as writer:
        yield lambda part: writer.write_table(part.to_arrow())
