"""Snapshots: the same data has the same name, and what has a name never changes."""

from __future__ import annotations

import base64
import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwright.data import Batches, batches, list_snapshots, open_snapshot, read, take_snapshot
from modelwright.data.content_hash import content_hash
from modelwright.errors import DataError
from tests.data.strategies import tables

TABLE = pl.DataFrame({"a": [1, None, 3], "b": ["x", "", None]})


@settings(max_examples=30)
@given(table=tables(), rows=st.integers(1, 10))
def test_the_hash_does_not_see_how_a_table_is_stored(
    table: pl.DataFrame, rows: int, tmp_path_factory: Any
) -> None:
    path = tmp_path_factory.mktemp("hash") / "t.parquet"
    table.write_parquet(path, row_group_size=rows, compression="uncompressed")
    parts = [table[start : start + rows] for start in range(0, len(table), rows)]
    ipc = path.with_suffix(".arrow")
    table.write_ipc(ipc)

    assert content_hash(pl.read_parquet(path)) == content_hash(table)
    assert content_hash(pl.concat(parts, rechunk=False)) == content_hash(table)
    assert content_hash(pl.read_ipc(ipc)) == content_hash(table)
    assert take_snapshot(Batches(table.schema, parts), path.parent / "kept", "drawn").hash == content_hash(
        table
    )


@given(table=tables(), data=st.data())
def test_the_hash_sees_every_difference(table: pl.DataFrame, data: st.DataObject) -> None:
    other = data.draw(tables())

    assert (content_hash(table) == content_hash(other)) == (
        table.schema == other.schema and table.equals(other, null_equal=True) and signs(table) == signs(other)
    )


def signs(table: pl.DataFrame) -> list[Any]:
    """Return the texts of all numbers: minus zero equals zero, but is not the same."""
    return [column.cast(pl.String).to_list() for column in table]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": [1, 2]}, {"a": [2, 1]}),
        ({"a": [1, 2]}, {"b": [1, 2]}),
        ({"a": [1, 2]}, {"a": [1.0, 2.0]}),
        ({"a": [0, 1]}, {"a": [None, 1]}),
        ({"a": ["", "x"]}, {"a": [None, "x"]}),
        ({"a": ["ab", "c"]}, {"a": ["a", "bc"]}),
        ({"a": [1], "b": [2]}, {"b": [2], "a": [1]}),
        ({"a": [[1], [2]]}, {"a": [[1, 2], []]}),
        ({"a": [[], [1]]}, {"a": [None, [1]]}),
        ({"a": [{"x": 1}]}, {"a": [{"y": 1}]}),
        ({"a": [dt.timedelta(1)]}, {"a": [dt.timedelta(2)]}),
        ({"a": [b"x"]}, {"a": [b"y"]}),
        ({"a": []}, {"a": [], "b": []}),
    ],
)
def test_small_differences_are_seen(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert content_hash(pl.DataFrame(one)) != content_hash(pl.DataFrame(other))
    assert content_hash(pl.DataFrame(one)) == content_hash(pl.DataFrame(one))


def test_categories_count_by_their_text() -> None:
    one = pl.Series("a", ["x", "y"], dtype=pl.Categorical)
    other = pl.Series("a", ["x", "y"], dtype=pl.Enum(["y", "x"]))

    assert content_hash(one.to_frame()) == content_hash(other.to_frame())


def test_what_lies_beneath_a_null_does_not_count() -> None:
    one = pl.Series("a", [1, 2]).set(pl.Series([True, False]), None)
    other = pl.Series("a", [7, 2]).set(pl.Series([True, False]), None)

    assert content_hash(one.to_frame()) == content_hash(other.to_frame())


def test_the_hash_is_the_same_for_ever() -> None:
    # A change of this hash would orphan every snapshot and vault that exists.
    assert content_hash(TABLE) == "776bd4b8c01f7a05f964927ad487147a62879c19fb01791a49bb1a84f85b9551"


def test_a_snapshot_is_taken_once_and_found_by_its_hash(tmp_path: Path) -> None:
    taken = take_snapshot(TABLE, tmp_path, "people.csv")
    again = take_snapshot(TABLE.clone(), tmp_path, "copy.csv")

    assert again == taken == open_snapshot(tmp_path, taken.hash)
    assert (taken.rows, taken.columns, taken.source) == (3, 2, "people.csv")
    assert taken.read().equals(TABLE)
    assert taken.path.stat().st_mode & 0o222 == 0


@given(table=tables())
def test_what_is_read_is_what_was_taken(table: pl.DataFrame, tmp_path_factory: Any) -> None:
    found = take_snapshot(table, tmp_path_factory.mktemp("snapshots"), "drawn").read()

    assert found.schema == table.schema
    assert found.equals(table, null_equal=True)


def test_a_changed_snapshot_is_noticed(tmp_path: Path) -> None:
    taken = take_snapshot(TABLE, tmp_path, "people.csv")
    taken.path.chmod(0o644)
    TABLE.with_columns(a=pl.lit(9)).write_parquet(taken.path)

    with pytest.raises(DataError, match="was changed after it was written"):
        taken.read()
    taken.path.write_bytes(b"rubbish")
    with pytest.raises(DataError, match="cannot be read"):
        taken.read()
    taken.path.unlink()
    with pytest.raises(DataError, match="cannot be read"):
        taken.read()


def test_an_unknown_snapshot_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no snapshot 0123456789ab"):
        open_snapshot(tmp_path, "0123456789abcdef")


def test_lists_survive(tmp_path: Path) -> None:
    table = pl.DataFrame({"pixels": [[1, 2], [], None], "s": [{"x": 1}, None, {"x": None}]})

    assert take_snapshot(table, tmp_path, "images").read().equals(table)


@given(table=tables(), rows=st.integers(1, 10))
def test_what_is_written_read_kept_and_read_again_is_equal(
    table: pl.DataFrame, rows: int, tmp_path_factory: Any
) -> None:
    folder = tmp_path_factory.mktemp("again")
    table.write_parquet(folder / "t.parquet", row_group_size=7)
    first = read(folder / "t.parquet")
    kept = take_snapshot(batches(folder / "t.parquet", rows=rows), folder / "snapshots", "t.parquet")

    for found in (kept.read(), kept.batches(rows).whole(), read(kept.path)):
        assert found.schema == first.schema == table.schema
        assert found.equals(first, null_equal=True)
    assert kept.hash == content_hash(first)
    assert list_snapshots(folder / "snapshots") == [kept]


def test_equal_data_has_an_equal_hash_wherever_it_comes_from(tmp_path: Path) -> None:
    import duckdb

    table = pl.DataFrame({"a": [1, None, 3], "b": ["x", "y", None]})
    table.write_csv(tmp_path / "t.csv")
    table.write_ndjson(tmp_path / "t.jsonl")
    table.write_parquet(tmp_path / "t.parquet", row_group_size=1)
    frames = (table.to_arrow(), table.to_pandas().astype({"a": "Int64"}), duckdb.from_arrow(table.to_arrow()))

    hashes = {content_hash(read(tmp_path / name)) for name in ("t.csv", "t.jsonl", "t.parquet")}
    assert hashes | {content_hash(read(each)) for each in frames} == {content_hash(table)}


def test_a_snapshot_says_where_it_came_from_without_a_password(tmp_path: Path) -> None:
    taken = take_snapshot(TABLE, tmp_path, "postgresql://ada:secret@host/db", query="SELECT 1")

    assert (taken.source, taken.query) == ("postgresql://ada:***@host/db", "SELECT 1")
    assert "secret" not in (tmp_path / f"{taken.hash}.json").read_text()
    assert [path.name for path in tmp_path.glob("taking-*")] == []


def test_parts_of_a_changed_snapshot_end_in_an_error(tmp_path: Path) -> None:
    taken = take_snapshot(TABLE, tmp_path, "people.csv")
    taken.path.chmod(0o644)
    TABLE.with_columns(b=pl.lit("z")).write_parquet(taken.path)

    handed_out = []
    with pytest.raises(DataError, match="was changed after it was written"):
        handed_out.extend(taken.batches(rows=1))
    assert len(handed_out) == TABLE.height - 1


def test_an_encrypted_snapshot_is_read_in_parts_and_verified(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("MODELWRIGHT_DATA_KEY", base64.b64encode(bytes(range(32))).decode())
    table = pl.DataFrame({"a": range(10), "b": [f"t{row}" for row in range(10)]})

    kept = take_snapshot(table, tmp_path, "t", encrypt=True)
    parts = list(kept.batches(rows=4))

    assert b"t1" not in kept.path.read_bytes()
    assert [part.height for part in parts] == [4, 4, 2]
    assert pl.concat(parts).equals(table)


def test_a_snapshot_of_another_version_says_so(tmp_path: Path) -> None:
    taken = take_snapshot(TABLE, tmp_path, "people.csv")
    about = tmp_path / f"{taken.hash}.json"
    about.write_text(about.read_text().replace('"format": 2', '"format": 1'))

    with pytest.raises(DataError, match="another version of Modelwright"):
        open_snapshot(tmp_path, taken.hash)
