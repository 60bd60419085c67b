"""The contract changes only in the open: compared, accepted by somebody, and recorded."""

from __future__ import annotations

import getpass
import io
import sys

import polars as pl
import pytest

from modelwright.errors import ContractError, SourceError
from tests.lifecycle.worlds import customers, edit


def newer(**changed: pl.Expr) -> pl.DataFrame:
    return customers(300, seed=5).with_columns(**changed)


NEW_PLAN = pl.when(pl.int_range(pl.len()) % 3 == 0).then(pl.lit("student")).otherwise("plan")


def test_data_like_the_old_shows_nothing_that_breaks(released):
    found = released.contract_diff(newer())

    assert found.rows == 300
    assert found.released is not None
    assert found.breaks is False
    assert {each.code for each in found.changes} <= {"MW-D204"}


def test_what_the_released_model_refuses_is_said(released):
    found = released.contract_diff(newer(age=pl.when(pl.int_range(pl.len()) < 9).then(None).otherwise("age")))
    (change,) = (each for each in found.changes if each.column == "age")

    assert (change.code, change.act, change.count, change.breaks) == ("MW-D206", "edit", 9, True)
    assert found.breaks is True


def test_what_the_contract_alone_refuses_does_not_break_the_released_model(released):
    edit(released, "[columns.plan]\n", "[columns.plan]\n# Kim: plans are agreed with sales\n", contract=True)
    edit(released, 'unseen = "accept"', 'unseen = "refuse"', contract=True)
    found = released.contract_diff(newer(plan=NEW_PLAN))
    (change,) = (each for each in found.changes if each.column == "plan")

    assert (change.code, change.breaks) == ("MW-D205", False)


def test_accepting_edits_the_contract_keeps_comments_and_is_recorded(released):
    edit(released, "[columns.plan]\n", "[columns.plan]\n# Kim: plans are agreed with sales\n", contract=True)
    table = newer(plan=NEW_PLAN, visits=pl.int_range(pl.len()) % 7)
    before = released.contract
    accepted = released.contract_accept(table, only=["plan", "visits"])
    text = released.folder.contract.read_text()
    (entry,) = released.contract_history()

    assert released.contract.column("plan").categories == (*before.column("plan").categories, "student")
    assert released.contract.column("visits").kind == "number"
    assert "# Kim: plans are agreed with sales" in text
    assert {each.column for each in accepted.changes} == {"plan", "visits"}
    assert accepted.build is True
    assert accepted.breaks is False
    assert "modelwright build" in accepted.words
    assert accepted.ledger == entry.id
    assert entry.body["by"] == accepted.by == getpass.getuser()
    assert entry.body["rows"] == 300
    assert [(each["code"], each["column"]) for each in entry.body["changes"]] == [
        ("MW-D205", "plan"),
        ("MW-D201", "visits"),
    ]


def test_data_holds_to_the_contract_that_accepted_it(released):
    table = newer(plan=NEW_PLAN, age=pl.col("age") * 3)
    released.contract_accept(table, by="Kim")

    assert released.check(table).findings == ()
    assert [event.body["by"] for event in released.contract_history()] == ["Kim"]


def test_the_model_in_production_keeps_the_contract_it_was_built_with(released):
    _, package = released._current()
    released.contract_accept(newer(plan=NEW_PLAN))
    _, afterwards = released._current()

    assert afterwards.contract == package.contract
    assert "student" not in package.contract.column("plan").categories


def test_the_next_build_takes_the_accepted_change_in(framed):
    table = newer(plan=NEW_PLAN, visits=pl.int_range(pl.len()) % 7)
    framed.contract_accept(table)
    table.write_parquet(framed.folder.root / "newer.parquet")
    text = framed.folder.brief.read_text()
    source = next(line for line in text.splitlines() if line.startswith("source = "))
    framed.folder.brief.write_text(text.replace(source, 'source = "newer.parquet"'))
    built = framed.build()

    assert built.tried == 2


def test_nothing_to_accept_is_no_entry(framed):
    text = framed.folder.contract.read_text()
    accepted = framed.contract_accept(customers())

    assert (accepted.changes, accepted.ledger) == ((), None)
    assert framed.folder.contract.read_text() == text
    assert framed.contract_history() == []


def test_a_column_that_shows_nothing_new_cannot_be_accepted(framed):
    with pytest.raises(ContractError, match="column 'age' shows nothing new"):
        framed.contract_accept(customers(), only=["age"])


def test_a_change_that_the_brief_forbids_is_taken_back(framed):
    text = framed.folder.contract.read_text()

    with pytest.raises(Exception, match="there is no column 'region'"):
        framed.contract_accept(customers().drop("region"))

    assert framed.folder.contract.read_text() == text
    assert framed.contract_history() == []


def test_the_ledger_holds_no_value_of_a_sensitive_column(framed):
    framed.contract_accept(newer(region=pl.lit("hush")))

    assert "hush" not in str([event.body for event in framed.contract_history()])


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "csv.gz"])
def test_a_stream_is_checked_like_a_file(framed, monkeypatch, tmp_path, form):
    table = newer(age=pl.lit("old")).drop("joined")
    stream = io.BytesIO()
    if form == "jsonl":
        table.write_ndjson(stream)
    elif form == "parquet":
        table.write_parquet(stream)
    else:
        table.write_csv(stream)
    content = stream.getvalue()
    if form == "csv.gz":
        import gzip

        content = gzip.compress(content)
    path = tmp_path / f"rows.{form}"
    path.write_bytes(content)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    by_stream, by_file = framed.check("-"), framed.check(path)

    assert by_stream.source == "standard input"
    assert (by_stream.rows, by_stream.held) == (300, False)
    assert by_stream.findings == by_file.findings


def test_an_empty_stream_says_what_to_pipe(framed, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\n")))

    with pytest.raises(SourceError, match="standard input is empty; pipe CSV"):
        framed.check("-")


def test_rows_that_were_put_aside_are_among_the_findings(framed, tmp_path):
    path = tmp_path / "broken.csv"
    rows = customers(50, seed=3)
    lines = rows.write_csv().splitlines()
    lines[10] += ",one,two,three"
    path.write_text("\n".join(lines) + "\n")
    checked = framed.check(path)

    assert checked.rows == 49
    assert any(each.code.startswith("MW-S") and "put aside" in each.message for each in checked.findings)
