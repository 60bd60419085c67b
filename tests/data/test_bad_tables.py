"""What goes wrong in real files: each ends in a clear error or in the treatment that the reference states."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from modelwright.data import batches, read
from modelwright.errors import SourceError

Write = Callable[[pl.DataFrame, Path], object]
WRITERS: dict[str, Write] = {
    ".csv": pl.DataFrame.write_csv,
    ".parquet": pl.DataFrame.write_parquet,
    ".jsonl": pl.DataFrame.write_ndjson,
    ".xlsx": lambda table, path: table.write_excel(path),
}
ODD_NAMES = ['say "hi"', "two\nlines", "🚀 emoji", "comma, dot.", "'; DROP TABLE x; --", " blank "]


@pytest.mark.parametrize("ending", WRITERS)
def test_an_empty_file_says_so(ending: str, tmp_path: Path) -> None:
    (tmp_path / f"t{ending}").write_bytes(b"")

    with pytest.raises(SourceError, match=r"is empty|can't be read|can be read"):
        read(tmp_path / f"t{ending}")


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx"])
def test_a_header_alone_is_a_table_without_rows(ending: str, tmp_path: Path) -> None:
    WRITERS[ending](pl.DataFrame(schema={"a": pl.String, "b": pl.String}), tmp_path / f"t{ending}")
    found = batches(tmp_path / f"t{ending}")

    assert found.schema.names() == ["a", "b"]
    assert found.whole().shape == (0, 2)


@pytest.mark.parametrize("ending", WRITERS)
def test_one_column_is_a_table(ending: str, tmp_path: Path) -> None:
    table = pl.DataFrame({"only": ["x, y", "z", None, "w;"]})
    WRITERS[ending](table, tmp_path / f"t{ending}")

    assert read(tmp_path / f"t{ending}").equals(table)


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_fifty_thousand_columns_are_read(ending: str, tmp_path: Path) -> None:
    table = pl.DataFrame({f"c{at}": [at, None] for at in range(50_000)})
    WRITERS[ending](table, tmp_path / f"t{ending}")
    found = read(tmp_path / f"t{ending}")

    assert found.shape == (2, 50_000)
    assert found.row(0)[-1] == 49_999


@pytest.mark.parametrize("ending", WRITERS)
def test_names_may_be_anything(ending: str, tmp_path: Path) -> None:
    table = pl.DataFrame({name: [at, 2] for at, name in enumerate(ODD_NAMES)})
    WRITERS[ending](table, tmp_path / f"t{ending}")

    assert read(tmp_path / f"t{ending}").equals(table)


def test_a_nul_byte_in_a_name_is_refused() -> None:
    with pytest.raises(SourceError, match="has a NUL byte; rename it"):
        read(pl.DataFrame({"a\0b": [1]}))


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    import xlsxwriter

    (tmp_path / "t.csv").write_text("a,b,a\n1,2,3\n")
    with xlsxwriter.Workbook(tmp_path / "t.xlsx") as book:
        book.add_worksheet().write_row(0, 0, ["a", "a"])

    for name in ("t.csv", "t.xlsx"):
        with pytest.raises(SourceError, match="names 'a' twice; give each column its own name"):
            read(tmp_path / name)


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".jsonl"])
def test_a_cell_may_have_ten_megabytes(ending: str, tmp_path: Path) -> None:
    table = pl.DataFrame({"a": ["x" * 10_000_000, 'y"\n' * 1000], "b": [1, 2]})
    WRITERS[ending](table, tmp_path / f"t{ending}")

    assert read(tmp_path / f"t{ending}").equals(table)


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_infinite_numbers_stay_and_nan_is_missing(ending: str, tmp_path: Path) -> None:
    WRITERS[ending](pl.DataFrame({"a": [math.inf, -math.inf, math.nan, 1.0]}), tmp_path / f"t{ending}")

    assert read(tmp_path / f"t{ending}")["a"].to_list() == [math.inf, -math.inf, None, 1.0]


@pytest.mark.parametrize("ending", [".parquet", ".xlsx"])
def test_dates_to_the_year_9999_are_dates(ending: str, tmp_path: Path) -> None:
    table = pl.DataFrame({"day": [dt.date(9999, 12, 31), dt.date(2020, 2, 29)]})
    WRITERS[ending](table, tmp_path / f"t{ending}")

    assert read(tmp_path / f"t{ending}")["day"].cast(pl.Date).to_list() == table["day"].to_list()


@pytest.mark.parametrize(
    ("dtype", "far"), [(pl.Date, 2**30), (pl.Datetime("us"), 2**62), (pl.Datetime("ms", "UTC"), -(2**60))]
)
def test_dates_beyond_the_calendar_are_missing_and_said(tmp_path: Path, dtype: pl.DataType, far: int) -> None:
    pl.DataFrame({"when": pl.Series([far, 0, None]).cast(dtype)}).write_parquet(tmp_path / "t.parquet")
    parts = batches(tmp_path / "t.parquet")

    assert parts.whole()["when"].is_null().to_list() == [True, False, True]
    assert [(finding.code, finding.count) for finding in parts.findings] == [("MW-S012", 1)]


def test_mixed_types_are_read_as_text_and_said(tmp_path: Path) -> None:
    import xlsxwriter

    (tmp_path / "t.csv").write_text("a\n1\n2.5\nx\n2020-01-01\n")
    (tmp_path / "t.jsonl").write_text('{"a": 1}\n{"a": 2.5}\n{"a": "x"}\n{"a": {"b": 1}}\n')
    with xlsxwriter.Workbook(tmp_path / "t.xlsx") as book:
        book.add_worksheet().write_column(0, 0, ["a", 1, 2.5, "x"])

    assert read(tmp_path / "t.csv")["a"].to_list() == ["1", "2.5", "x", "2020-01-01"]
    parts = batches(tmp_path / "t.jsonl")
    assert [text.replace(" ", "") for text in parts.whole()["a"]] == ["1", "2.5", "x", '{"b":1}']
    assert [finding.code for finding in parts.findings] == ["MW-S013"]
    assert read(tmp_path / "t.xlsx")["a"].to_list() == ["1", "2.5", "x"]


def test_broken_lines_of_json_are_put_aside(tmp_path: Path) -> None:
    good = [b'{"a": %d}' % row for row in range(20)]
    lines = [*good[:3], b'{"a": ', b"[1, 2]", b'{"a": "\xff"}', b'{"a": "\x00"}', b"", *good[3:]]
    (tmp_path / "t.jsonl").write_bytes(b"\n".join(lines))
    parts = batches(tmp_path / "t.jsonl")

    assert parts.whole()["a"].to_list() == list(range(20))
    assert [(row["line"], row["code"]) for row in parts.notes.rows] == [
        (4, "MW-S005"),
        (5, "MW-S005"),
        (6, "MW-S003"),
        (7, "MW-S004"),
    ]


def test_a_file_of_bytes_is_no_csv(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(bytes(range(256)) * 50)
    (tmp_path / "zeros.csv").write_bytes(b"\0" * 4096)

    for name in ("t.csv", "zeros.csv"):
        with pytest.raises(SourceError):
            read(tmp_path / name)


def test_nul_bytes_at_the_end_of_a_file_cost_one_row(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"a,b\n1,2\n3,4\n" + b"\0" * 100)
    parts = batches(tmp_path / "t.csv")

    assert parts.whole().height == 2
    assert [(row["line"], row["code"]) for row in parts.notes.rows] == [(4, "MW-S004")]
