"""``modelwright profile``: a table for people, a page, one document for programs."""

from __future__ import annotations

from tests.pages.reading import assert_loads_nothing


def test_a_file_is_profiled_without_a_project(call, source, tmp_path):
    page = tmp_path / "page.html"

    said = call("profile", source, "--target", "left", "-o", page)

    assert said.code == 0
    assert "left" in said.out
    assert "Written:" in said.out
    assert max(map(len, said.out.splitlines()[:10])) <= 80
    assert_loads_nothing(page.read_text())


def test_a_program_reads_one_document(call, source):
    found = call("profile", source, "--json").json

    assert {column["name"] for column in found["columns"]} >= {"left"}
    assert found["rows"] > 0


def test_a_column_that_is_not_there_is_said_in_one_line(call, source):
    said = call("profile", source, "--target", "lefd", "--json")

    assert said.code == 1
    assert said.json["error"]["type"] == "DataError"
    assert "left" in said.json["error"]["message"]


def test_a_hidden_column_is_not_shown(call, source):
    found = call("profile", source, "--hide", "left", "--json").json
    (left,) = [column for column in found["columns"] if column["name"] == "left"]

    assert left["hidden"]
    assert left["top"] == []
