"""``modelwright audit``: a table for people, one document for programs, an exit code for pipelines."""

from __future__ import annotations

import polars as pl
import pytest

from tests.lifecycle.worlds import customers


@pytest.fixture
def leaky(tmp_path):
    path = tmp_path / "leaky.csv"
    customers(300).with_columns(again=pl.col("left")).write_csv(path)
    return path


def test_a_table_is_audited_without_a_project(call, leaky):
    said = call("audit", leaky, "--target", "left", "--json")
    (finding,) = [each for each in said.json["findings"] if each["strength"] >= 0.5]

    assert said.code == 1
    assert set(finding) >= {"code", "columns", "strength", "evidence", "advice"}
    assert (finding["code"], finding["columns"]) == ("MW-L001", ["again"])


def test_people_read_a_table_of_eighty_columns(call, leaky):
    said = call("audit", leaky, "--target", "left")

    assert "again" in said.out
    assert "1 column may give it away" in said.out
    assert max(map(len, said.out.splitlines())) <= 80


def test_a_clean_table_ends_with_zero(call, source):
    said = call("audit", source, "--target", "left")

    assert said.code == 0
    assert "no column gives it away" in said.out


@pytest.mark.parametrize("words", [("--target", "left"), ("leaky.csv", "--time", "day")])
def test_what_is_asked_must_be_whole(call, words):
    assert call("audit", *words).code != 0


def test_a_project_says_its_own_target(call, released_once):
    assert call("audit", "--project", released_once).code == 0


def test_the_vault_s_ledger_is_shown_and_a_change_noticed(call, released):
    said = call("vault", "--project", released.folder.root)
    assert (said.code, "1 look;" in said.out, "evaluation" in said.out) == (0, True, True)
    assert call("vault", "--project", released.folder.root, "--json").json["vaults"][0]["whole"] is True

    (path,) = released.folder.vault.glob("*.parquet")
    path.write_bytes(b"")
    assert call("vault", "--project", released.folder.root).code == 1
