"""The leak audit in a project: on demand, before a build, and as a gate where a person asks for one."""

from __future__ import annotations

import polars as pl
import pytest

from modelwright.errors import LeakError
from modelwright.lifecycle import audit
from tests.lifecycle.worlds import create, customers


@pytest.fixture
def leaky(tmp_path, opened):
    table = customers(400)
    left = table["left"] == "yes"
    told = table.with_columns(closing_note=pl.Series([("moved" if gone else None) for gone in left]))
    return opened(create(tmp_path / "leaky", data=told).folder.root)


def test_an_audit_needs_no_project():
    table = customers(300)
    found = audit(table.with_columns(again=pl.col("left")), "left", {})

    assert found.accused == ("again",)


def test_a_project_is_audited_as_its_brief_says(leaky):
    assert leaky.audit().accused == ("closing_note",)

    text = leaky.folder.brief.read_text().replace("ignore = []", 'ignore = ["closing_note"]')
    leaky.folder.brief.write_text(text)

    assert leaky.audit().clean


def test_a_strict_build_is_refused_before_anything_is_written(leaky):
    with pytest.raises(LeakError, match=r"MW-L00. closing_note.*columns.ignore"):
        leaky.build(strict=True)

    assert leaky.runs() == []
    assert not list(leaky.folder.vault.glob("*"))


def test_a_build_keeps_what_was_found_and_its_report_shows_it(leaky):
    built = leaky.build()

    assert (leaky.folder.run(built.run) / "audit.json").exists()
    page = leaky.folder.run(built.run).joinpath("report.html").read_text()
    assert "MW-L00" in page
    assert "closing_note" in page


def test_a_clean_table_is_built_strictly(framed):
    assert framed.build(strict=True).run
