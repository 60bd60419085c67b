"""Packages that are vouched for, repeated to the byte, kept from earlier versions, or made to do harm."""

from __future__ import annotations

import json
import pickle
import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from modelwright.data import conform, matrices
from modelwright.deployment import Package, Scorer, new_signing_key
from modelwright.errors import PackageError

from .conftest import people
from .test_package import refused, restate

STORED = sorted((Path(__file__).parent / "stored_packages").iterdir())


@pytest.fixture
def folder(packaged, tmp_path):
    return Path(shutil.copytree(packaged("binary").folder, tmp_path / "package"))


# ---- signatures


@pytest.fixture
def signed(folder, tmp_path):
    public = new_signing_key(tmp_path / "key.pem")
    assert Package.open(folder).sign(tmp_path / "key.pem") == public
    return folder, public


def test_a_signed_package_opens_where_its_signer_is_trusted(signed):
    folder, public = signed
    assert Package.open(folder, ("0" * 64, public)).manifest == Package.open(folder).manifest


def test_an_unsigned_package_is_refused_where_a_signature_is_required(folder):
    with pytest.raises(PackageError, match="is not signed"):
        Package.open(folder, ("0" * 64,))


def test_another_signer_is_refused(signed):
    with pytest.raises(PackageError, match="none of the keys that are trusted"):
        Package.open(signed[0], ("0" * 64,))


def test_whoever_changes_a_signed_package_is_found_out_however_careful(signed):
    folder, public = signed
    restate(folder, "card.html", b"<p>another card</p>")
    assert Package.open(folder), "the hashes are right, as a careful attacker makes them"
    with pytest.raises(PackageError, match="changed after the package was signed"):
        Package.open(folder, (public,))


@pytest.mark.parametrize("content", [b"", b"{}", b'{"key": "zz", "signature": ""}', b"\x80\x04."])
def test_a_signature_that_is_none(signed, content):
    folder, public = signed
    (folder / "signature.json").write_bytes(content)
    with pytest.raises(PackageError):
        Package.open(folder, (public, "zz"))


def test_a_signature_of_something_else_says_nothing(signed, packaged, tmp_path):
    folder, public = signed
    other = Path(shutil.copytree(packaged("regression").folder, tmp_path / "other"))
    shutil.copy(folder / "signature.json", other)
    with pytest.raises(PackageError, match="changed after"):
        Package.open(other, (public,))


def test_a_key_is_private_and_never_overwritten(tmp_path, folder):
    new_signing_key(tmp_path / "key.pem")
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600
    with pytest.raises(PackageError, match="is there already"):
        new_signing_key(tmp_path / "key.pem")
    (tmp_path / "text").write_text("no key")
    with pytest.raises(PackageError, match="cannot be read as a private key"):
        Package.open(folder).sign(tmp_path / "text")


# ---- the same to the byte


def test_two_packages_of_one_run_are_the_same_to_the_byte(trained, packaged, tmp_path):
    first = packaged("binary")
    again = trained("binary").write(tmp_path / "again", measured=first.manifest.measured)
    for path in first.folder.iterdir():
        assert path.read_bytes() == (again.folder / path.name).read_bytes(), path.name


# ---- earlier versions


@pytest.mark.parametrize("stored", STORED, ids=lambda path: path.name)
def test_a_package_of_an_earlier_version_answers_as_it_did(stored):
    package = Package.open(stored / "package")
    rows = people(50, seed=11)
    scores = Scorer(package).score(matrices(package.contract, conform(package.contract, rows)))
    then = json.loads((stored / "answers.json").read_text())
    assert list(scores.predictions) == then["predictions"]
    np.testing.assert_allclose(scores.probabilities, then["probabilities"], atol=1e-6)


# ---- made to do harm


class Harm:
    def __reduce__(self):
        return (Path("/tmp/modelwright-was-here").touch, ())


def archive() -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("archive/data.pkl", pickle.dumps(Harm()))
    return content.getvalue()


@pytest.mark.parametrize("disguise", [pickle.dumps(Harm()), pickle.dumps(Harm(), 0), archive()])
@pytest.mark.parametrize("name", ["model.onnx", "contract.json", "MLmodel", "manifest.json"])
def test_a_pickle_in_disguise_is_refused_and_never_read(folder, name, disguise):
    if name == "manifest.json":
        (folder / name).write_bytes(disguise)
    else:
        restate(folder, name, disguise)
    refused(folder, "model.onnx|contract.json|MLmodel|manifest.json")
    assert not Path("/tmp/modelwright-was-here").exists()
