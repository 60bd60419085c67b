"""Files that only the holder of a key can read, and that nobody can change unnoticed.

An encrypted file is a header, then chunks of AES-256-GCM, each with its tag::

    8 bytes   b"MWENC001"
    16 bytes  which key
    32 bytes  salt, from which the key of this file is derived (HKDF-SHA256)
    chunks    of 1 MiB, the last of them shorter or empty

The nonce of a chunk is its number, and whether it is the last: chunks can't be left out, doubled or put in
another order (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár 2015). The header is
authenticated with each chunk, and with the last one the file's name, so a file can't stand in for another.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from modelwright.errors import PrivacyError, StoreError
from modelwright.store.files import PRIVATE_FILE, atomic_file

VARIABLE = "MODELWRIGHT_DATA_KEY"
MAGIC = b"MWENC001"
CHUNK = 2**20
_KEY_BYTES, _ID_BYTES, _SALT_BYTES, _TAG_BYTES = 32, 16, 32, 16
_HEADER_BYTES = len(MAGIC) + _ID_BYTES + _SALT_BYTES
_MAKE_ONE = "make one with `openssl rand -base64 32` and keep it where you keep passwords"


def is_encrypted(path: Path) -> bool:
    """Say whether a file begins as an encrypted one does."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def has_newest_key(path: Path) -> bool:
    """Say whether an encrypted file was encrypted with the first of the keys."""
    with path.open("rb") as file:
        return file.read(_HEADER_BYTES)[len(MAGIC) :][:_ID_BYTES] == _identity(_keys()[0])


@contextmanager
def encrypted_file(path: Path, *, mode: int = PRIVATE_FILE) -> Iterator[EncryptedFile]:
    """Hand out a file to write to; what is written is encrypted, and appears when the block ends well.

    Parameters
    ----------
    path : Path
        Where the file shall be. Its name without the ending is authenticated too, unless `called` is set to
        another before the block ends.
    mode : int, default 0o600
        Permissions, less the process's umask.

    Raises
    ------
    PrivacyError
        If there is no key.
    """
    key = _keys()[0]
    with atomic_file(path, mode=mode | 0o200) as temporary:
        with temporary.open("wb") as file:
            sealed = EncryptedFile(file, key, path.stem)
            yield sealed
            sealed.close()
        temporary.chmod(temporary.stat().st_mode & mode)


def read_encrypted(path: Path) -> bytes:
    """Return what was written to an encrypted file.

    Raises
    ------
    PrivacyError
        If the key is lacking, or is another.
    StoreError
        If the file was changed, cut off, or stands in for another.
    """
    from cryptography.exceptions import InvalidTag

    plain = bytearray()
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
        cipher = _cipher(_key_of(header, path), header)
        number, chunk, following = 0, file.read(CHUNK + _TAG_BYTES), b""
        while True:
            following = file.read(CHUNK + _TAG_BYTES)
            about = header if following else header + path.stem.encode()
            try:
                plain += cipher.decrypt(_nonce(number, last=not following), chunk, about)
            except InvalidTag as error:
                raise StoreError(
                    f"{path} was changed after it was written, or is not what its name says"
                ) from error
            if not following:
                return bytes(plain)
            number, chunk = number + 1, following


class EncryptedFile(io.RawIOBase):
    """Encrypts what is written to it, a chunk at a time.

    Attributes
    ----------
    called : str
        The name, without its ending, by which the file will be read.
    """

    def __init__(self, file: BinaryIO, key: bytes, name: str) -> None:
        super().__init__()
        salt = os.urandom(_SALT_BYTES)
        header = MAGIC + _identity(key) + salt
        self._file, self._cipher, self._header = file, _cipher(key, header), header
        self.called = name
        self._waiting = bytearray()
        self._number = self._written = 0
        file.write(header)

    def writable(self) -> bool:
        """Say that it can be written."""
        return True

    def tell(self) -> int:
        """Return how many bytes were written."""
        return self._written

    def write(self, content: Any) -> int:
        """Take bytes, and encrypt the chunks that they fill."""
        view = memoryview(content).cast("B")
        self._waiting += view
        self._written += len(view)
        while len(self._waiting) > CHUNK:  # the last chunk is known as such at the end only
            self._emit(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(view)

    def close(self) -> None:
        """Encrypt what is left, as the last chunk."""
        if not self.closed:
            self._emit(bytes(self._waiting), last=True)
            self._waiting.clear()
        super().close()

    def _emit(self, chunk: bytes, *, last: bool) -> None:
        about = self._header + self.called.encode() if last else self._header
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), chunk, about))
        self._number += 1


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _cipher(key: bytes, header: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derived = HKDF(SHA256(), _KEY_BYTES, salt=header[-_SALT_BYTES:], info=b"modelwright file").derive(key)
    return AESGCM(derived)


def _key_of(header: bytes, path: Path) -> bytes:
    if len(header) < _HEADER_BYTES or not header.startswith(MAGIC):
        raise StoreError(f"{path} was changed after it was written, or is not what its name says")
    wanted = header[len(MAGIC) :][:_ID_BYTES]
    for key in _keys():
        if hmac.compare_digest(_identity(key), wanted):
            return key
    raise PrivacyError(
        f"{path} was encrypted with another key than {VARIABLE} holds; set the earlier key, or add it after "
        "the new one with a comma between them"
    )


def _identity(key: bytes) -> bytes:
    return hmac.new(key, b"modelwright: which data key this is", hashlib.sha256).digest()[:_ID_BYTES]


def _keys() -> list[bytes]:
    """Return the keys of the environment: the first encrypts, all decrypt."""
    stated = os.environ.get(VARIABLE, "")
    if not stated:
        raise PrivacyError(
            f"data is encrypted, but {VARIABLE} is not set; set it in the environment ({_MAKE_ONE})"
        )
    keys = []
    for text in stated.split(","):
        try:
            key = base64.b64decode(text.strip(), validate=True)
        except binascii.Error:
            key = b""
        if len(key) != _KEY_BYTES:
            raise PrivacyError(
                f"{VARIABLE} must be {_KEY_BYTES} bytes in base64 (keys apart by commas); {_MAKE_ONE}"
            )
        keys.append(key)
    return keys
