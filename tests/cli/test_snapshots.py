"""``snapshots`` and ``--query`` on the command line."""

from __future__ import annotations

import sqlite3

import pytest

from modelwright.data import take_snapshot
from tests.lifecycle.test_reading import age
from tests.lifecycle.worlds import customers


def test_snapshots_are_listed_and_pruned(call, released):
    root = released.folder.root
    spare = take_snapshot(customers(20, seed=8), released.folder.snapshots, "other.csv")
    age(released)

    assert spare.hash[:12] in call("snapshots", "--project", root).out
    assert len(call("snapshots", "--project", root, "--json").json["snapshots"]) >= 2
    rehearsed = call("snapshots", "prune", "--project", root)
    assert "1 snapshot of" in rehearsed.out
    assert "would be removed" in rehearsed.out
    assert max(map(len, rehearsed.out.splitlines())) <= 80
    assert call("snapshots", "prune", "--yes", "--project", root, "--json").json["removed"]
    assert "Every snapshot is needed" in call("snapshots", "prune", "--project", root).out


@pytest.mark.filterwarnings("default::modelwright.errors.SourceWarning")
def test_broken_rows_are_said_by_commands_without_findings(call, released, tmp_path):
    rows = customers(40, seed=9).drop("left")
    rows.write_csv(tmp_path / "rows.csv")
    with (tmp_path / "rows.csv").open("a") as file:
        file.write("1,2\n")
    said = call("score", tmp_path / "rows.csv", "-o", tmp_path / "out.csv", "-p", released.folder.root)

    assert (said.code, said.out.split()[0]) == (0, "40")
    assert "warning: 1 row of" in said.err
    assert "quarantine" in said.err.replace("\n", "")


def test_a_query_is_asked_on_the_command_line(call, tmp_path):
    with sqlite3.connect(tmp_path / "t.db") as connection:
        connection.execute("CREATE TABLE t (i, odd)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", [(row, row % 2) for row in range(1, 41)])
    connection.close()
    url = f"sqlite:///{tmp_path / 't.db'}"

    said = call("profile", url, "--query", "SELECT * FROM t WHERE i > 10", "--json")
    assert said.json["rows"] == 30
    assert call("audit", f"{url}#t", "--target", "odd", "--json").code in {0, 1}
    assert "names no table" in call("profile", url).err
