"""``contract`` on the command line: what is new, taking it in, and the contract for other tools."""

from __future__ import annotations

import ast
import json

import polars as pl
import pytest

from modelwright.data import Change
from tests.lifecycle.worlds import customers


@pytest.fixture
def newer(tmp_path):
    """A file in which a plan, a column and missing ages are new."""
    path = tmp_path / "newer.csv"
    row = pl.int_range(pl.len())
    customers(300, seed=5).with_columns(
        plan=pl.when(row % 3 == 0).then(pl.lit("student")).otherwise("plan"),
        age=pl.when(row < 9).then(None).otherwise("age"),
        visits=row % 7,
    ).write_csv(path)
    return path


def test_what_is_new_is_taken_in_and_listed(call, framed, newer):
    root = framed.folder.root
    shown = call("contract", "diff", newer, "-p", root)
    only = ["--only", "plan", "--only", "visits"]
    accepted = call("contract", "accept", newer, *only, "--by", "Kim", "-p", root)
    listed = call("contract", "history", "-p", root)

    assert shown.code == accepted.code == listed.code == 0
    assert "edit  MW-D206  age: 9 of 300 values are missing" in shown.out
    assert "add   MW-D201  visits: a new number column" in shown.out
    assert "Next: modelwright contract accept" in shown.out
    assert "MW-D206" in accepted.out.partition("Left as it was")[2]
    assert "accepted by Kim" in accepted.out
    assert "Kim  MW-D205  plan    edit" in listed.out
    assert "Kim  MW-D201  visits  add" in listed.out
    for said in (shown, accepted, listed):
        assert [line for line in said.out.splitlines() if len(line) > 80 and "/" not in line] == []


def test_each_answer_is_one_json_document(call, framed, newer):
    root = framed.folder.root
    found = call("contract", "diff", newer, "-p", root, "--json").json
    accepted = call("contract", "accept", newer, "-p", root, "--json").json
    entries = call("contract", "history", "-p", root, "--json").json["accepted"]
    exported = call("contract", "export", "--to", "pandera", "-p", root, "--json").json

    assert (found["released"], found["breaks"]) == (None, False)
    assert set(found["changes"][0]) == set(Change.model_fields)
    assert accepted["ledger"] == entries[0]["id"]
    assert exported["to"] == "pandera"
    assert "DataFrameSchema" in exported["text"]


def test_the_contract_is_written_for_other_tools(call, framed_once, tmp_path):
    path = tmp_path / "customers_schema.py"
    written = call("contract", "export", "--to", "pandera", "-o", path, "-p", framed_once)
    printed = call("contract", "export", "--to", "json-schema", "-p", framed_once)
    unknown = call("contract", "export", "--to", "panderas", "-p", framed_once)

    assert "written for pandera" in written.out
    assert ast.parse(path.read_text())
    assert "age" in json.loads(printed.out)["properties"]
    assert unknown.code == 1
    assert "did you mean 'pandera'?" in unknown.err


def test_nothing_accepted_yet_is_said(call, framed):
    assert call("contract", "history", "-p", framed.folder.root).out == "Nothing was accepted yet.\n"


@pytest.mark.parametrize("command", ["diff", "accept", "history", "export"])
def test_help_fits_80_columns(call, command):
    said = call("contract", command, "--help")

    assert said.code == 0
    assert [line for line in said.out.splitlines() if len(line) > 80] == []
