"""Immutable copies of the data, named by the hash of their content."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from modelwright.data.content_hash import content_hash
from modelwright.errors import DataError
from modelwright.store import atomic_file, read_json, write_json


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
        Where the table came from when it was first seen.
    at : str
        When that was; ISO 8601, UTC.
    """

    hash: str
    path: Path
    rows: int
    columns: int
    source: str
    at: str

    def read(self) -> pl.DataFrame:
        """Read the table.

        Raises
        ------
        DataError
            If the file is no longer what the snapshot's name says.
        """
        return read_verified(self.path, self.hash, DataError)


def take_snapshot(frame: pl.DataFrame, folder: Path, source: str) -> Snapshot:
    """Keep a table for good; a table that is kept already is not written again.

    Parameters
    ----------
    frame : polars.DataFrame
    folder : Path
        Of all snapshots.
    source : str
        Where the table comes from.
    """
    hash_ = content_hash(frame)
    about = folder / f"{hash_}.json"
    if not about.exists():
        path = folder / f"{hash_}.parquet"
        write_parquet(frame, path, mode=0o444)
        taken = Snapshot(
            hash_, path, frame.height, frame.width, source, datetime.now(UTC).isoformat(timespec="seconds")
        )
        # Last, so that a kill in between leaves no snapshot rather than half of one.
        write_json(about, {key: value for key, value in asdict(taken).items() if key != "path"})
    return open_snapshot(folder, hash_)


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
        If there is none of that hash.
    """
    about = folder / f"{hash}.json"
    if not about.is_file():
        raise DataError(f"there is no snapshot {hash[:12]} in {folder}; build again from the source")
    return Snapshot(path=folder / f"{hash}.parquet", **read_json(about))


def write_parquet(frame: pl.DataFrame, path: Path, mode: int) -> None:
    """Write a table whole or not at all."""
    with atomic_file(path, mode=mode | 0o200) as temporary:
        frame.write_parquet(temporary, compression="zstd")
        temporary.chmod(temporary.stat().st_mode & mode)  # within the umask


def read_verified(path: Path, hash: str, error: type[Exception]) -> pl.DataFrame:  # noqa: A002 - what it is
    """Read a table and check that it is what it was."""
    try:
        frame = pl.read_parquet(path, glob=False)
    except (FileNotFoundError, pl.exceptions.PolarsError) as cause:
        raise error(f"{path} cannot be read ({cause}); restore it from a backup, or build again") from cause
    if content_hash(frame) != hash:
        raise error(f"{path} was changed after it was written; restore it from a backup, or build again")
    return frame
