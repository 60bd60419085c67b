"""A project whose data is encrypted works like any other, for the holder of the key."""

from __future__ import annotations

import base64

import polars as pl
import pytest

from modelwright.data import open_snapshot
from modelwright.errors import BriefError, DataError, PrivacyError, VaultError
from modelwright.project import Project
from modelwright.store import is_encrypted
from tests.lifecycle.worlds import create, customers, edit

FIRST, SECOND = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))


@pytest.fixture(autouse=True)
def _key(monkeypatch) -> None:
    monkeypatch.setenv("MODELWRIGHT_DATA_KEY", FIRST)


def files_of(project: Project) -> list:
    return sorted([*project.folder.snapshots.glob("*.parquet"), *project.folder.vault.glob("*.parquet")])


def test_a_build_keeps_snapshot_and_vault_encrypted_and_reads_them_again(
    tmp_path, monkeypatch, opened
) -> None:
    # Handed over in Python, so that the brief's source is the encrypted snapshot itself.
    project = opened(create(tmp_path / "churn", data=customers(400), encrypt=True).folder.root)

    project.build()

    kept = files_of(project)
    assert [is_encrypted(path) for path in kept] == [True, True]
    assert project.check().held
    assert project.encrypt().kept == 2

    monkeypatch.setenv("MODELWRIGHT_DATA_KEY", f"{SECOND},{FIRST}")
    assert project.encrypt().renewed == 2
    monkeypatch.setenv("MODELWRIGHT_DATA_KEY", SECOND)
    assert project.check().held

    monkeypatch.delenv("MODELWRIGHT_DATA_KEY")
    with pytest.raises(PrivacyError, match="MODELWRIGHT_DATA_KEY is not set"):
        project.check()


def test_what_was_kept_before_is_encrypted_on_demand_and_tampering_is_noticed(framed: Project) -> None:
    (snapshot,) = files_of(framed)
    before = pl.read_parquet(snapshot)
    with pytest.raises(BriefError, match=r"data\.encrypt is false"):
        framed.encrypt()
    edit(framed, "encrypt = false", "encrypt = true")

    assert framed.encrypt().encrypted == 1

    assert open_snapshot(framed.folder.snapshots, snapshot.stem).read().equals(before)
    content = snapshot.read_bytes()
    snapshot.chmod(0o600)
    snapshot.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(DataError, match="changed after it was written"):
        open_snapshot(framed.folder.snapshots, snapshot.stem).read()


def test_a_vault_that_was_tampered_with_is_not_opened(tmp_path) -> None:
    from modelwright.data import Contract, seal
    from modelwright.store import Operations
    from tests.lifecycle.worlds import create as framed_project

    contract: Contract = framed_project(tmp_path / "churn", data=customers(200)).contract
    vault = seal(customers(50), tmp_path / "vault", "0" * 64, contract, encrypt=True)
    assert vault.features().height == 50
    vault.path.write_bytes(vault.path.read_bytes()[:-40])

    with (
        Operations("sqlite://") as operations,
        pytest.raises(VaultError, match="changed after it was written"),
    ):
        vault.open(operations, "run", "why")
