"""Who vouches for a package: an Ed25519 signature of its manifest, which has the hash of each other file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from modelwright.errors import PackageError
from modelwright.store import write_atomic

SIGNATURE = "signature.json"

_PURPOSE = b"modelwright package manifest 1\n"  # a signature made for something else says nothing here


class Signature(msgspec.Struct, forbid_unknown_fields=True):
    """What ``signature.json`` holds.

    Attributes
    ----------
    key : str
        Public key of the signer, 32 bytes in hexadecimal.
    signature : str
        64 bytes in hexadecimal.
    """

    key: str
    signature: str


def new_signing_key(path: Path) -> str:
    """Write a new private key to a file that only its owner may read, and return the public key.

    Raises
    ------
    PackageError
        If the file is there already.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    plain = serialization.NoEncryption()
    text = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise PackageError(
            f"{path} is there already; a key is never overwritten, so name another file"
        ) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
    return key.public_key().public_bytes_raw().hex()


def sign_package(folder: Path, manifest: bytes, key: Path) -> str:
    """Sign a package and return the public key.

    Parameters
    ----------
    folder : Path
        The package.
    manifest : bytes
        Its ``manifest.json``.
    key : Path
        A private Ed25519 key, PEM.

    Raises
    ------
    PackageError
        If the key cannot be read.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(key.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise PackageError(f"{key} cannot be read as a private key: {error}") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise PackageError(f"{key} is no Ed25519 key; `modelwright sign --new-key FILE` makes one")
    public = private.public_key().public_bytes_raw().hex()
    made = Signature(public, private.sign(_PURPOSE + manifest).hex())
    write_atomic(folder / SIGNATURE, msgspec.json.encode(made) + b"\n")
    return public


def require_signature(manifest: bytes, signature: bytes | None, trusted: Sequence[str]) -> None:
    """Refuse a package that none of the trusted signers vouches for.

    Parameters
    ----------
    manifest : bytes
        Its ``manifest.json``.
    signature : bytes or None
        Its ``signature.json``.
    trusted : sequence of str
        Public keys, in hexadecimal.

    Raises
    ------
    PackageError
        If it is not signed, by somebody else, or was changed since.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if signature is None:
        raise PackageError(
            "the package is not signed, but a signature is required; `modelwright sign` signs it"
        )
    try:
        stated = msgspec.json.decode(signature, type=Signature)
        if stated.key not in trusted:
            raise PackageError(
                f"the package is signed by {stated.key[:64]}, which is none of the keys that are trusted"
            )
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(stated.key))
        public.verify(bytes.fromhex(stated.signature), _PURPOSE + manifest)
    except (msgspec.DecodeError, ValueError) as error:
        raise PackageError(f"{SIGNATURE} is not as Modelwright writes it") from error
    except InvalidSignature as error:
        raise PackageError(
            "the manifest was changed after the package was signed; build or fetch it again"
        ) from error
