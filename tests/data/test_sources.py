"""Any table in, one kind of frame out; what cannot be read says what to do."""

from __future__ import annotations

import datetime as dt
import gzip
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data import batches, is_table, read
from modelwright.errors import SourceError
from tests.data.strategies import tables

TABLE = pl.DataFrame({"a": [1, 2, None], "b": ["x", None, "ü"], "c": [0.5, None, 2.0]})


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_csv_parquet_and_json_lines_give_the_same_table(tmp_path: Path) -> None:
    TABLE.write_csv(tmp_path / "t.csv")
    TABLE.write_parquet(tmp_path / "t.parquet")
    TABLE.write_ndjson(tmp_path / "t.jsonl")
    write(tmp_path / "t.CSV.gz", gzip.compress((tmp_path / "t.csv").read_bytes()))

    for name in ("t.csv", "t.CSV.gz", "t.parquet", "t.jsonl"):
        assert read(tmp_path / name).equals(TABLE), name
    assert read(str(tmp_path / "t.csv")).equals(TABLE)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path: Path, separator: str) -> None:
    text = f'a{separator}"b;,|\t"{separator}c\n1{separator}x{separator}2\n'

    assert read(write(tmp_path / "t.csv", text)).to_dicts() == [{"a": 1, "b;,|\t": "x", "c": 2}]


def test_a_type_is_decided_by_all_rows(tmp_path: Path) -> None:
    rows = "\n".join([*(str(row) for row in range(5000)), "n.a."])

    assert read(write(tmp_path / "t.csv", f"a\n{rows}\n"))["a"].dtype == pl.String


def test_codes_with_leading_zeros_stay_text(tmp_path: Path) -> None:
    found = read(write(tmp_path / "t.csv", "zip,n,f\n01234,0,0.5\n12345,10,00.5\n"))

    assert found.to_dict(as_series=False) == {"zip": ["01234", "12345"], "n": [0, 10], "f": [0.5, 0.5]}


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    assert read(write(tmp_path / "t.csv", "\ufeffa,b\n1,2\n")).columns == ["a", "b"]


def test_quoted_cells_may_have_line_ends(tmp_path: Path) -> None:
    assert read(write(tmp_path / "t.csv", 'a,b\n"x\ny",1\n'))["a"].to_list() == ["x\ny"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.csv", "", "is empty"),
        ("t.csv", "a,b,a\n1,2,3\n", "the header names 'a' twice"),
        ("t.csv.gz", b"\x1f\x8bbroken", "the compressed file is damaged"),
        ("t.parquet", "no parquet", "not a Parquet file"),
        ("t.jsonl", "", "is empty"),
        ("t.jsonl", "[1, 2]\n{", "not JSON lines"),
        ("t.xlsx", "", "can't be read as a workbook"),
        ("t.sas7bdat", "", r"known are \.csv"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, content: str | bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        read(write(tmp_path / name, content))


def test_paths_that_are_no_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no such file"):
        read(tmp_path / "absent.csv")
    with pytest.raises(SourceError, match="is a folder without files of a known format"):
        read(tmp_path)
    with pytest.raises(SourceError, match="no file is named so"):
        read(tmp_path / "*.csv")
    with pytest.raises(SourceError, match="no source has URLs that begin so"):
        read("gopher://host/t.csv")
    with pytest.raises(SourceError, match="names no known format"):
        read("https://127.0.0.1/t.sas7bdat")


def test_pandas_polars_arrow_and_duckdb_give_the_same_table() -> None:
    import duckdb

    relation = duckdb.from_arrow(TABLE.to_arrow())

    for table in (TABLE, TABLE.lazy(), TABLE.to_pandas(), TABLE.to_arrow(), relation):
        assert is_table(table)
        assert read(table).cast({"a": pl.Int64}).equals(TABLE), type(table)


@given(table=tables())
def test_a_polars_table_is_only_freed_of_nan(table: pl.DataFrame) -> None:
    found = read(table)

    assert found.schema == table.schema
    assert found.equals(table.with_columns(pl.selectors.float().fill_nan(None)))


def test_pandas_columns_keep_what_they_say() -> None:
    import numpy as np
    import pandas as pd

    table = pd.DataFrame(
        {
            "float": [1.0, np.nan],
            "whole": pd.array([1, None], dtype="Int64"),
            "mixed": pd.Series([1, "x"], dtype=object),
            "truth": pd.Series([True, None], dtype=object),
            "decimal": pd.Series([Decimal("1.5"), None], dtype=object),
            "day": pd.Series([dt.date(2020, 1, 1), None], dtype=object),
            "time": pd.to_datetime(["2020-01-01", None]),
            "level": pd.Categorical(["u", None]),
            "text": ["a", None],
            "mixed missing": pd.Series([1.0, None], dtype=object),
        }
    )
    found = read(table.set_axis([5, 5]))

    assert found.row(0) == (
        1.0,
        1,
        "1",
        True,
        Decimal("1.5"),
        dt.date(2020, 1, 1),
        dt.datetime(2020, 1, 1),  # noqa: DTZ001
        "u",
        "a",
        1.0,
    )
    assert found.row(1) == (None, None, "x", *([None] * 7))


def test_numbers_as_names_of_columns_become_text() -> None:
    import pandas as pd

    assert read(pd.DataFrame([[1, 2]])).columns == ["0", "1"]


@pytest.mark.parametrize("source", [3, [1, 2], {"a": [1]}, None])
def test_what_is_no_table_is_refused(source: Any) -> None:
    assert not is_table(source)
    with pytest.raises(SourceError, match="is no table"):
        read(source)


def test_two_columns_of_one_name_are_refused() -> None:
    import pandas as pd

    with pytest.raises(SourceError, match="twice"):
        read(pd.DataFrame([[1, 2]], columns=["a", "a"]))


def test_a_table_without_columns_is_refused() -> None:
    with pytest.raises(SourceError, match="has no columns"):
        read(pl.DataFrame())


@given(cells=st.lists(st.none() | st.text("ab ,;\"'\n\r", min_size=1, max_size=5), min_size=1, max_size=5))
def test_any_text_survives_csv(cells: list[str | None], tmp_path_factory: Any) -> None:
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    table = pl.DataFrame({"a": pl.Series(cells, dtype=pl.String), "b": range(len(cells))})
    table.write_csv(path)

    assert read(path)["a"].cast(pl.String).to_list() == cells


@pytest.mark.parametrize("rows", [1, 2, 3, 100])
def test_batches_have_one_schema_and_are_the_whole(tmp_path: Path, rows: int) -> None:
    TABLE.write_csv(tmp_path / "t.csv")

    found = batches(tmp_path / "t.csv", rows=rows)
    parts = list(found)

    assert {part.schema == TABLE.schema for part in parts} == {found.schema == TABLE.schema} == {True}
    assert max(len(part) for part in parts) <= rows
    assert pl.concat(parts).equals(TABLE)
