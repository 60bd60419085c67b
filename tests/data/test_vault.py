"""The vault: sealed rows, and a ledger of every look at them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from modelwright.data import Column, Contract, Vault, open_vault, seal
from modelwright.errors import VaultError
from modelwright.store import Operations

ROWS = pl.DataFrame({"a": [1, 2], "target": ["yes", "no"]})
CONTRACT = Contract(
    columns=(
        Column(name="a", kind="number"),
        Column(name="target", kind="category", role="target", categories=("no", "yes")),
    )
)
SNAPSHOT = "5" * 64


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return seal(ROWS, tmp_path, SNAPSHOT, CONTRACT)


@pytest.fixture
def operations(tmp_path: Path) -> Operations:
    return Operations(f"sqlite:///{tmp_path / 'operations.db'}")


def test_only_the_owner_can_read_sealed_rows(vault: Vault) -> None:
    assert vault.path.stat().st_mode & 0o777 == 0o600


def test_features_have_no_target_and_are_no_look(vault: Vault, operations: Operations) -> None:
    assert vault.features().equals(ROWS.drop("target"))
    assert vault.looks(operations) == 0


def test_every_look_is_recorded(vault: Vault, operations: Operations) -> None:
    assert vault.open(operations, "run-1", "evaluation").equals(ROWS)
    assert vault.open(operations, "run-2", "evaluation").equals(ROWS)
    assert vault.looks(operations) == 2


def test_other_rows_of_the_same_snapshot_share_the_ledger(
    vault: Vault, operations: Operations, tmp_path: Path
) -> None:
    other = seal(ROWS.reverse(), tmp_path, SNAPSHOT, CONTRACT)
    vault.open(operations, "run-1", "evaluation")

    assert other.name != vault.name
    assert other.looks(operations) == 1


def test_rows_are_sealed_once_and_found_by_name(vault: Vault, tmp_path: Path) -> None:
    assert seal(ROWS, tmp_path, SNAPSHOT, CONTRACT) == vault == open_vault(tmp_path, vault.name)


def test_changed_rows_are_noticed_and_no_look_is_counted(vault: Vault, operations: Operations) -> None:
    ROWS.reverse().write_parquet(vault.path)

    with pytest.raises(VaultError, match="was changed after it was written"):
        vault.open(operations, "run-1", "evaluation")
    with pytest.raises(VaultError, match="was changed after it was written"):
        vault.features()
    assert vault.looks(operations) == 0


@pytest.mark.parametrize("name", ["absent", "../vault", "/etc/passwd"])
def test_an_unknown_vault_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(VaultError, match="there is no vault"):
        open_vault(tmp_path, name)


def test_nothing_cannot_be_sealed(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="no rows are held out"):
        seal(ROWS.clear(), tmp_path, SNAPSHOT, CONTRACT)
