"""What a project reads: broken rows are put aside, databases are asked, snapshots are kept or pruned."""

from __future__ import annotations

import base64
import json
import os
import sqlite3
import time

import pytest

from modelwright.data import list_snapshots, take_snapshot
from modelwright.errors import BriefError, SourceError
from modelwright.project import Project
from tests.lifecycle.worlds import customers


def age(project: Project) -> None:
    """Let every snapshot be two hours old."""
    for path in project.folder.snapshots.iterdir():
        os.utime(path, (time.time() - 7200,) * 2)


@pytest.fixture
def broken(tmp_path):
    """A file of customers with two broken rows at its end."""
    path = tmp_path / "customers.csv"
    customers(200, seed=3).write_csv(path)
    with path.open("a") as file:
        file.write("1,2\nx\n")
    return path


def test_new_and_check_say_which_rows_they_put_aside_and_where(broken, tmp_path):
    project = Project.create(tmp_path / "project", data=broken, target="left")
    said = project.framed.findings[0]
    kept = project.folder.quarantine / "new.jsonl"

    assert (said.code, said.count) == ("MW-S001", 2)
    assert str(kept) in said.message
    assert [json.loads(line)["line"] for line in kept.read_text().splitlines()] == [202, 203]

    checked = project.check()
    (finding,) = [finding for finding in checked.findings if finding.code == "MW-S001"]
    assert checked.rows == 200
    (there,) = [path for path in project.folder.quarantine.iterdir() if path != kept]
    assert str(there) in finding.message


def test_broken_rows_of_encrypted_data_are_not_kept_as_they_came(broken, tmp_path, monkeypatch):
    monkeypatch.setenv("MODELWRIGHT_DATA_KEY", base64.b64encode(bytes(range(32))).decode())
    project = Project.create(tmp_path / "project", data=broken, target="left", encrypt=True)
    project.check()

    rows = [
        json.loads(line)
        for path in project.folder.quarantine.iterdir()
        for line in path.read_text().splitlines()
    ]
    assert [(row["line"], "text" in row) for row in rows] == [(202, False), (203, False)] * 2


def test_a_build_reads_its_snapshot_and_says_what_was_put_aside(broken, tmp_path, short_plan):
    project = Project.create(tmp_path / "project", data=broken, target="left")
    built = project.build(time_limit=5)

    assert [finding.code for finding in built.reading] == ["MW-S001"]
    (kept,) = project.snapshots().snapshots
    assert (kept.rows, kept.source, kept.runs) == (200, str(broken), (built.run,))


@pytest.fixture
def short_plan(monkeypatch):
    from tests.lifecycle.worlds import short_plan

    short_plan(monkeypatch)


@pytest.fixture
def database(tmp_path):
    """The URL of a SQLite file with a table of customers."""
    rows = customers(200, seed=3)
    path = tmp_path / "crm.db"
    with sqlite3.connect(path) as connection:
        names = ", ".join(f'"{name}"' for name in rows.columns)
        connection.execute(f"CREATE TABLE customers ({names})")
        marks = ", ".join("?" * rows.width)
        connection.executemany(f"INSERT INTO customers VALUES ({marks})", rows.cast(str).rows())
    connection.close()
    return f"sqlite:///{path}"


def test_a_query_is_kept_in_the_brief_and_beside_the_snapshot(database, tmp_path):
    query = "SELECT * FROM customers LIMIT 150"
    project = Project.create(tmp_path / "project", data=database, target="left", query=query)

    assert project.brief.data.query == query
    assert project.check().rows == 150
    assert project.check(database, query="SELECT * FROM customers").rows == 200
    assert project.check(query="SELECT * FROM customers LIMIT 10").rows == 10
    assert [(each.source, each.query) for each in project.snapshots().snapshots] == [(database, query)]


def test_a_password_does_not_get_into_a_project(tmp_path, broken, monkeypatch):
    project = Project.create(tmp_path / "project", data=broken, target="left")
    brief = project.folder.brief
    stated = brief.read_text()
    brief.write_text(stated.replace(str(broken), "postgresql://ada:secret@host/db#people"))
    with pytest.raises(BriefError, match=r"ada:\*\*\*@host") as caught:
        project.check()
    assert "secret" not in str(caught.value)

    brief.write_text(stated.replace(str(broken), "postgresql://ada:${CRM_PASSWORD}@127.0.0.1:1/db#people"))
    monkeypatch.setenv("CRM_PASSWORD", "secret")
    with pytest.raises(SourceError, match=r"ada:\$\{CRM_PASSWORD\}@") as refused:
        project.check()
    assert "secret" not in str(refused.value)


def test_only_snapshots_that_nothing_needs_are_pruned(released):
    needed = [each.hash for each in released.snapshots().snapshots if each.runs]
    spare = take_snapshot(customers(20, seed=8), released.folder.snapshots, "other.csv")
    (released.folder.snapshots / "taking-0.parquet").write_bytes(b"cut off")

    assert released.prune_snapshots(remove=True).snapshots == ()
    age(released)
    rehearsed = released.prune_snapshots()
    assert [each.hash for each in rehearsed.snapshots] == [spare.hash]
    assert not rehearsed.removed
    assert spare.path.exists()

    assert released.prune_snapshots(remove=True).removed
    left = [each.hash for each in list_snapshots(released.folder.snapshots)]
    assert sorted(left) == sorted(needed)
    assert sorted(path.suffix for path in released.folder.snapshots.iterdir()) == sorted(
        [".json", ".parquet"] * len(needed)
    )


def test_the_snapshot_of_a_table_handed_over_is_needed(tmp_path):
    project = Project.create(tmp_path / "project", data=customers(200, seed=3), target="left")
    age(project)

    assert project.prune_snapshots(remove=True).snapshots == ()
    assert project.check().held
