"""The vault: sealed rows, and a ledger of every look at them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from modelwright.data import Column, Contract, Vault, open_vault, seal, vaults
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


def many(first: int, last: int, **more: object) -> pl.DataFrame:
    numbers = pl.int_range(first, last, eager=True)
    frame = pl.DataFrame(
        {"a": numbers * 1.5, "target": ["yes" if at % 3 else "no" for at in range(first, last)]}
    )
    return frame.with_columns(**{name: pl.lit(value) for name, value in more.items()})


@pytest.mark.parametrize(
    ("rows", "looks"),
    [
        (many(0, 100), 1),
        (many(0, 100, added="later"), 1),
        (many(0, 100).with_columns(pl.col("a").cast(pl.String)), 1),
        (many(60, 160), 1),
        (many(85, 185), 0),
        (many(500, 600), 0),
    ],
    ids=["the same", "one more column", "typed otherwise", "two in five", "one in seven", "others"],
)
def test_looks_at_the_same_rows_count_under_another_snapshot_too(
    tmp_path: Path, operations: Operations, rows: pl.DataFrame, looks: int
) -> None:
    first = seal(many(0, 100), tmp_path, "1" * 64, CONTRACT)
    first.open(operations, "run-1", "evaluation")
    second = seal(rows, tmp_path, "2" * 64, CONTRACT)

    assert second.looks(operations) == looks
    second.open(operations, "run-2", "evaluation")
    assert [look.run for look in second.ledger(operations)] == ["run-1", "run-2"][1 - looks :]
    assert first.looks(operations) == 1 + looks, "what is seen later counts as well"


def test_rows_that_cannot_be_told_apart_are_not_taken_for_the_same(
    tmp_path: Path, operations: Operations
) -> None:
    few = pl.DataFrame({"a": [1, 2] * 50, "target": ["yes", "no"] * 50})
    seal(few, tmp_path, "1" * 64, CONTRACT).open(operations, "run-1", "evaluation")

    assert seal(few.head(98), tmp_path, "2" * 64, CONTRACT).looks(operations) == 0


def test_rows_that_were_changed_are_taken_for_seen(tmp_path: Path, operations: Operations) -> None:
    first = seal(many(0, 100), tmp_path, "1" * 64, CONTRACT)
    first.open(operations, "run-1", "evaluation")
    many(300, 400).write_parquet(first.path)

    assert seal(many(500, 600), tmp_path, "2" * 64, CONTRACT).looks(operations) == 1


def test_all_vaults_are_found_without_a_look(vault: Vault, operations: Operations, tmp_path: Path) -> None:
    assert vaults(tmp_path) == [vault]
    assert vault.ledger(operations) == []


def test_one_place_alone_opens_the_vault() -> None:
    import modelwright

    source = Path(modelwright.__file__).parent
    opening = [path for path in source.rglob("*.py") if "vault.open(" in path.read_text()]

    assert [str(path.relative_to(source)) for path in opening] == ["lifecycle/judging.py"]
