"""Snapshots: the same data has the same name, and what has a name never changes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwright.data import open_snapshot, take_snapshot
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
    assert content_hash(TABLE) == "eb3bc80ad98ecd54ded6b351a41ee07f313d6c8d10dce73f23863850b151b773"


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
