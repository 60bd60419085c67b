"""Files that are either whole or not there: a kill at any instant leaves the previous state."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from modelwright.errors import StoreError

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


def make_private_folder(path: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner alone."""
    if path.is_dir():
        return
    make_private_folder(path.parent)
    path.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)


def make_private_file(path: Path) -> None:
    """Make an empty file for its owner alone, where there is none, and the folders above it."""
    make_private_folder(path.parent)
    # One that is there is not even opened: closing it would take away the locks that SQLite holds on it.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))


def make_private(path: Path) -> None:
    """Take a file, or a folder and all in it, from everyone but its owner.

    Parameters
    ----------
    path : Path
        What others wrote, in ways that ask nobody for permissions. Nothing happens where there is none.
    """
    for found in [path, *path.rglob("*")] if path.exists() else []:
        if not found.is_symlink():
            mode = found.stat().st_mode
            found.chmod(mode & PRIVATE_FOLDER)


@contextmanager
def atomic_file(path: Path, *, mode: int = PRIVATE_FILE) -> Iterator[Path]:
    """Hand out a temporary name; what was written there becomes ``path`` when the block ends well.

    Parameters
    ----------
    path : Path
        Where the file shall be; its folder is made. An existing file is replaced in one step.
    mode : int, default 0o600
        Permissions, less the process's umask; by default its owner's alone.

    Yields
    ------
    Path
        An empty file beside ``path``, to be written under this name; removed if the block raises.
    """
    make_private_folder(path.parent)
    temporary = _beside(path)
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode))
    try:
        yield temporary
        _flush(temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _flush(path.parent)


def write_atomic(path: Path, data: bytes | str, *, mode: int = PRIVATE_FILE) -> None:
    """Write a file whole, durably, or not at all.

    Parameters
    ----------
    path : Path
        Where the file shall be; its folder is made.
    data : bytes or str
        Content; text is written as UTF-8.
    mode : int, default 0o600
        Permissions, less the process's umask; by default its owner's alone.
    """
    with atomic_file(path, mode=mode) as temporary:
        temporary.write_bytes(data.encode() if isinstance(data, str) else data)


@contextmanager
def atomic_folder(path: Path, *, private: bool = True) -> Iterator[Path]:
    """Hand out a temporary folder that becomes ``path`` when the block ends well.

    Parameters
    ----------
    path : Path
        Where the folder shall be. What is kept as a folder never changes, so it must not exist yet.
    private : bool, default True
        Whether the folder and all in it is its owner's alone; the process's umask says otherwise.

    Yields
    ------
    Path
        An empty folder beside ``path``, to be filled; removed if the block raises.

    Raises
    ------
    StoreError
        If there is something at ``path`` already.
    """
    if path.exists():
        raise StoreError(f"{path}: exists already and is never overwritten; choose another name")
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _beside(path)
    temporary.mkdir(mode=PRIVATE_FOLDER if private else 0o777)
    try:
        yield temporary
        if private:
            make_private(temporary)
        for found in sorted(temporary.rglob("*")):
            _flush(found)
        _flush(temporary)
        temporary.rename(path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    _flush(path.parent)


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises
    ------
    StoreError
        If the file is missing or is not JSON.
    """
    try:
        return msgspec.json.decode(path.read_bytes())
    except FileNotFoundError as error:
        raise StoreError(f"{path}: there is no such file") from error
    except msgspec.DecodeError as error:
        raise StoreError(f"{path}: not valid JSON: {error}") from error


def write_json(path: Path, content: Any) -> None:
    """Write JSON for people and programs: indented, keys in the order given, whole or not at all."""
    write_atomic(path, msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")


def sha256_file(path: Path) -> str:
    """Return the SHA-256 of a file's content as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
