"""The deployable folder: data only, and every file as its manifest says."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from pydantic import ValidationError

from modelwright.data import Contract
from modelwright.deployment.inspection import inspect_graph
from modelwright.deployment.manifest import FORMAT, FileEntry, Manifest
from modelwright.deployment.signing import SIGNATURE, require_signature, sign_package
from modelwright.errors import ContractError, PackageError

MANIFEST = "manifest.json"
GRAPH = "model.onnx"
CONTRACT = "contract.json"
CARD = "card.html"
MLMODEL = "MLmodel"
EXPLANATION = "explanation.json"
UNCERTAINTY = "uncertainty.json"
LOADER = "modelwright.deployment.pyfunc"

LARGEST_FILE = 2**30
LARGEST_MANIFEST = 2**22

_REQUIRED = (GRAPH, CONTRACT, CARD, MLMODEL)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_DATA = (".json", ".html", ".toml", ".md")
# MLflow writes this beside a package that it hands out from its registry; we never read it.
_IGNORED = {"registered_model_meta"}


@dataclass(frozen=True)
class Package:
    """A package that was checked when it was opened, and is held in memory since.

    Attributes
    ----------
    folder : Path
        Where it was opened.
    manifest : Manifest
    contract : Contract
    content : mapping of str to bytes
        Its files.
    """

    folder: Path
    manifest: Manifest
    contract: Contract
    content: Mapping[str, bytes] = field(repr=False, compare=False)

    def sign(self, key: Path) -> str:
        """Sign the package with a private key, and return the public one."""
        return sign_package(self.folder, _read(self.folder, MANIFEST, LARGEST_MANIFEST), key)

    @property
    def graph(self) -> bytes:
        """The ONNX graph."""
        return self.content[GRAPH]

    @classmethod
    def open(cls, folder: Path, signed_by: Sequence[str] = ()) -> Package:
        """Open a package; nothing in it is run.

        Parameters
        ----------
        folder : Path
            As `write_package` made it.
        signed_by : sequence of str, optional
            Public keys, one of which must have signed it; without any, no signature is asked for.

        Raises
        ------
        PackageError
            If a file is missing, changed, too large, unexpected or not a plain file, if the graph reads
            other files or uses foreign operators, if the parts do not belong together, or if none of the keys
            has signed it.
        """
        if not folder.is_dir():
            raise PackageError(f"{folder}: there is no package here")
        stated = _read(folder, MANIFEST, LARGEST_MANIFEST)
        if signed_by:
            signature = _read(folder, SIGNATURE, LARGEST_MANIFEST) if (folder / SIGNATURE).exists() else None
            require_signature(stated, signature, signed_by)
        manifest = _parse_manifest(stated)
        content = {name: _read_entry(folder, name, entry) for name, entry in manifest.files.items()}
        _nothing_else(folder, manifest)
        contract = _read_contract(content[CONTRACT], manifest)
        _loads_only_our_code(content[MLMODEL])
        inspect_graph(content[GRAPH], contract)
        return cls(folder, manifest, contract, content)


def is_allowed_name(name: str) -> bool:
    """Say whether a package may have a file of this name: plain, and data by its ending."""
    return name in _REQUIRED or (
        _NAME.fullmatch(name) is not None and name.endswith(_DATA) and name not in {MANIFEST, SIGNATURE}
    )


def _parse_manifest(content: bytes) -> Manifest:
    try:
        stated = msgspec.json.decode(content)
    except msgspec.DecodeError as error:
        raise PackageError(f"{MANIFEST} is not valid JSON; build the package again") from error
    version = stated.get("format") if isinstance(stated, dict) else None
    if version != FORMAT:
        raise PackageError(
            f"the package has format {version!r}, but this Modelwright reads {FORMAT}; build it again, "
            "or install the Modelwright that wrote it"
        )
    try:
        manifest = Manifest.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise PackageError(f"{MANIFEST}: {where}: {first['msg']}") from error
    _names_are_plain(manifest)
    return manifest


def _names_are_plain(manifest: Manifest) -> None:
    for name in manifest.files:
        if not is_allowed_name(name):
            raise PackageError(f"{MANIFEST} names {name!r}, which a package may not have")
    for name in _REQUIRED:
        if name not in manifest.files:
            raise PackageError(f"{MANIFEST} does not name {name}; the package is incomplete")


def _read_entry(folder: Path, name: str, entry: FileEntry) -> bytes:
    content = _read(folder, name, LARGEST_FILE, expected=entry.bytes)
    if hashlib.sha256(content).hexdigest() != entry.sha256:
        raise PackageError(f"{name} was changed after the package was written; build or fetch it again")
    return content


def _read(folder: Path, name: str, largest: int, expected: int | None = None) -> bytes:
    """Read a plain file, without following a link and without reading more than is allowed."""
    try:
        descriptor = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError as error:
        raise PackageError(f"{name} is missing from {folder}; build or fetch the package again") from error
    except OSError as error:
        raise PackageError(f"{name} cannot be read as a plain file: {error.strerror}") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise PackageError(f"{name} is not a plain file")
        if status.st_size > largest:
            raise PackageError(f"{name} has {status.st_size} bytes; at most {largest} are read")
        if expected is not None and status.st_size != expected:
            raise PackageError(f"{name} has {status.st_size} bytes, but the manifest says {expected}")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(largest + 1)
    finally:
        os.close(descriptor)


def _nothing_else(folder: Path, manifest: Manifest) -> None:
    extra = {each.name for each in folder.iterdir()} - {MANIFEST, SIGNATURE, *manifest.files} - _IGNORED
    if extra:
        raise PackageError(f"{folder} holds {sorted(extra)}, which the manifest does not name")


def _read_contract(content: bytes, manifest: Manifest) -> Contract:
    try:
        contract = Contract.from_dict(msgspec.json.decode(content))
    except (msgspec.DecodeError, ContractError) as error:
        raise PackageError(f"{CONTRACT} cannot be read: {error}") from error
    if contract.hash != manifest.contract or tuple(contract.classes) != manifest.classes:
        raise PackageError(f"{CONTRACT} is not the contract that {MANIFEST} names")
    return contract


def _loads_only_our_code(content: bytes) -> None:
    """Refuse an MLmodel that would have MLflow import anything but our loader."""
    try:
        flavors = msgspec.json.decode(content)["flavors"]
        known = set(flavors) == {"python_function"} and flavors["python_function"]["loader_module"] == LOADER
        known = known and not {"code", "env", "data"} & set(flavors["python_function"])
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise PackageError(f"{MLMODEL} is not as Modelwright writes it") from error
    if not known:
        raise PackageError(f"{MLMODEL} would load code from elsewhere, which is not allowed")
