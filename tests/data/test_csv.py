"""CSV as people write it: dialects, encodings, marks of numbers, and rows that are broken."""

from __future__ import annotations

import bz2
import gzip
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwright.data import Batches, batches, read
from modelwright.data.sources import csv_files, csv_records
from modelwright.errors import SourceError, SourceWarning
from modelwright.problem import ReadingOptions


def written(folder: Path, content: str | bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def taken(source: Path, **stated: Any) -> tuple[dict[str, list[Any]], Batches]:
    """Return what a source holds, and how it was read."""
    parts = batches(source, options=ReadingOptions(**stated))
    return parts.whole().to_dict(as_series=False), parts


def codes(parts: Batches) -> list[str]:
    return [finding.code for finding in parts.findings]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a;b\n1,5;x\n2,25;y\n", {"a": [1.5, 2.25], "b": ["x", "y"]}),
        ("a;b\n1.234,5;1.234\n2,25;2.000\n", {"a": [1234.5, 2.25], "b": [1234, 2000]}),
        ('a,b\n"1,234.5",1\n"1,234,567",2\n', {"a": [1234.5, 1234567.0], "b": [1, 2]}),
        ("a\tb\n1 234,5\t1\n12,5\t2\n", {"a": [1234.5, 12.5], "b": [1, 2]}),
        ("a;b\n1'234.5;1\n12;2\n", {"a": [1234.5, 12.0], "b": [1, 2]}),
        ("a;b\n-1,5;+2\n+2,5;3\n", {"a": [-1.5, 2.5], "b": [2, 3]}),
        ("a;b\n1.5;1,5\n2.25;2,5\n", {"a": [1.5, 2.25], "b": [1.5, 2.5]}),
        (
            "ip;b\n192.168.100.100;1\n10.100.100.100;2\n",
            {"ip": ["192.168.100.100", "10.100.100.100"], "b": [1, 2]},
        ),
        ("day;b\n01.02.2020;1\n31.12.2020;2\n", {"day": ["01.02.2020", "31.12.2020"], "b": [1, 2]}),
    ],
)
def test_numbers_are_read_as_they_are_meant(
    tmp_path: Path, content: str, expected: dict[str, list[Any]]
) -> None:
    assert taken(written(tmp_path, content))[0] == expected


def test_marks_that_may_mean_two_things_are_left_and_said(tmp_path: Path) -> None:
    path = written(tmp_path, 'a;b\n"1,234";1\n"5,678";2\n')

    found, parts = taken(path)
    assert found["a"] == ["1,234", "5,678"]
    assert codes(parts) == ["MW-S010"]
    assert taken(path, decimal=",")[0]["a"] == [1.234, 5.678]
    assert taken(path, thousands=",")[0]["a"] == [1234, 5678]


def test_stated_marks_decide(tmp_path: Path) -> None:
    path = written(tmp_path, "a;b\n1.234;1\n5.678;2\n")

    assert taken(path)[0]["a"] == [1.234, 5.678]
    assert taken(path, decimal=",")[0]["a"] == [1234, 5678]
    assert taken(path, thousands=".")[0]["a"] == [1234, 5678]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a,b\n'x,y',1\n'z',2\n", {"a": ["x,y", "z"], "b": [1, 2]}),
        ("'a','b'\n'x',1\n'z',2\n", {"a": ["x", "z"], "b": [1, 2]}),
        ("a,b\n'',1\n'x',2\n", {"a": ["''", "'x'"], "b": [1, 2]}),
        ('a,b\n"say ""hi""",1\n', {"a": ['say "hi"'], "b": [1]}),
        ('a,b\n5" pipe,1\n7" pipe,2\n', {"a": ['5" pipe', '7" pipe'], "b": [1, 2]}),
        ('a,b\n"x"y,1\nz,2\n', {"a": ["xy", "z"], "b": [1, 2]}),
        ("sep=;\na;b\n1;2\n", {"a": [1], "b": [2]}),
        ("a,b\r1,2\r3,4\r", {"a": [1, 3], "b": [2, 4]}),
        ("a,b\r\n1,2\r\n\r\n3,4", {"a": [1, 3], "b": [2, 4]}),
        ("\n\na,b\n1,2\n", {"a": [1], "b": [2]}),
        ("text\nhello, world\nfoo\n", {"text": ["hello, world", "foo"]}),
        ("a\n1\n\n3\n", {"a": [1, None, 3]}),
        ("a,b\n 1 , x\n2,y\n", {"a": [1, 2], "b": [" x", "y"]}),
        ("a,b\ntrue,FALSE\nfalse,\n", {"a": [True, False], "b": [False, None]}),
        ("id,b\n12345678901234567890,1\n3,2\n", {"id": ["12345678901234567890", "3"], "b": [1, 2]}),
    ],
)
def test_a_dialect_is_found(tmp_path: Path, content: str, expected: dict[str, list[Any]]) -> None:
    found, parts = taken(written(tmp_path, content))

    assert found == expected
    assert parts.notes.put_aside == 0


def test_a_stated_dialect_is_used(tmp_path: Path) -> None:
    path = written(tmp_path, "a:b\n~x:y~:2\n")

    assert taken(path, delimiter=":", quote="~")[0] == {"a": ["x:y"], "b": [2]}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_an_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    text = "name,n\nJosé,1\nZoë “x”,2\n" + "plain,3\n" * 20
    found, parts = taken(written(tmp_path, text.encode(encoding)))

    assert found["name"][:2] == ["José", "Zoë “x”"]
    assert codes(parts) == (["MW-S006"] if encoding == "cp1252" else [])


def test_a_stated_encoding_is_used(tmp_path: Path) -> None:
    path = written(tmp_path, "name,n\nЯщик,1\n".encode("koi8-r"))

    assert taken(path, encoding="koi8-r")[0]["name"] == ["Ящик"]
    with pytest.raises(ValueError, match="there is no encoding 'klingon'"):
        ReadingOptions(encoding="klingon")


@pytest.mark.parametrize("name", ["t.csv.gz", "t.csv.bz2", "t.csv.zst", "t.txt", "t.tsv"])
def test_a_file_may_be_compressed(tmp_path: Path, name: str) -> None:
    import pyarrow as pa

    content = b"a\tb\n1\tx\n"
    packed = {
        "gz": gzip.compress,
        "bz2": bz2.compress,
        "zst": lambda plain: pa.compress(plain, codec="zstd", asbytes=True),
    }.get(name.rpartition(".")[2], bytes)

    assert taken(written(tmp_path, packed(content), name))[0] == {"a": [1], "b": ["x"]}


@pytest.mark.parametrize("damaged", ["t.csv.gz", "t.csv.bz2"])
def test_a_damaged_archive_says_so(tmp_path: Path, damaged: str) -> None:
    pack = gzip.compress if damaged.endswith("gz") else bz2.compress
    path = written(tmp_path, pack(b"a,b\n" + b"1,2\n" * 1000)[:-10], damaged)

    with pytest.raises(SourceError, match="the compressed file is damaged"):
        read(path)


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("Ann,5,2020-01-01\nBob,6,2020-01-02\n", ["column_1", "column_2", "column_3"]),
        ("1.5,2.5\n1,2\n", ["column_1", "column_2"]),
        ("name,age\nAnn,5\n", ["name", "age"]),
        ("country,2019,2020\nFrance,1.5,2.5\n", ["country", "2019", "2020"]),
        ("0,1,2\n5,6,7\n", ["0", "1", "2"]),
        ("a,b\nx,y\n", ["a", "b"]),
    ],
)
def test_a_first_line_of_data_is_noticed(tmp_path: Path, content: str, names: list[str]) -> None:
    found, parts = taken(written(tmp_path, content))

    assert list(found) == names
    assert ("MW-S007" in codes(parts)) == (names[0] == "column_1")


def test_whether_there_is_a_header_can_be_stated(tmp_path: Path) -> None:
    path = written(tmp_path, "1,x\n2,y\n")

    assert taken(path, header="yes")[0] == {"1": [2], "x": ["y"]}
    found, parts = taken(path, header="no")
    assert found == {"column_1": [1, 2], "column_2": ["x", "y"]}
    assert codes(parts) == []


def test_a_column_without_a_name_gets_one(tmp_path: Path) -> None:
    found, parts = taken(written(tmp_path, ",a\n0,x\n1,y\n"))

    assert found == {"column_1": [0, 1], "a": ["x", "y"]}
    assert codes(parts) == ["MW-S008"]


BROKEN = b'a,b\n1,x\n2,y,z\n"3\n4",w\n5\n6,\xff\n7,\x00\n8,\xc3\xa9\n9,u\n10,v\n'


def test_broken_rows_are_put_aside_with_their_lines(tmp_path: Path) -> None:
    found, parts = taken(written(tmp_path, BROKEN))

    assert found == {"a": ["1", "3\n4", "8", "9", "10"], "b": ["x", "w", "é", "u", "v"]}
    assert [(row["line"], row["code"], row["text"]) for row in parts.notes.rows] == [
        (3, "MW-S001", "2,y,z"),
        (6, "MW-S001", "5"),
        (7, "MW-S003", "6,\\xff"),
        (8, "MW-S004", "7,\0"),
    ]
    assert parts.notes.put_aside == 4
    (first, *_) = parts.findings
    assert (first.code, first.count) == ("MW-S001", 2)
    assert "t.csv are put aside: another number of cells than the header (first at line 3)" in first.message


def test_broken_rows_go_to_a_private_file_where_one_is_named(tmp_path: Path) -> None:
    quarantine = tmp_path / "aside" / "rows.jsonl"
    parts = batches(written(tmp_path, BROKEN), quarantine=quarantine)
    parts.whole()

    kept = [json.loads(line) for line in quarantine.read_text().splitlines()]
    assert [row["line"] for row in kept] == [3, 6, 7, 8]
    assert quarantine.stat().st_mode & 0o077 == 0
    assert parts.notes.rows == []
    assert str(quarantine) in parts.findings[0].message
    read(written(tmp_path, "a,b\n1,2\n", "good.csv"), quarantine=tmp_path / "none.jsonl")
    assert not (tmp_path / "none.jsonl").exists()


def test_a_quote_that_is_never_closed_costs_its_own_row(tmp_path: Path) -> None:
    found, parts = taken(written(tmp_path, 'a,b\n1,x\n2,"y\n3,z\n4,w\n'))

    assert found == {"a": [1, 3, 4], "b": ["x", "z", "w"]}
    assert [(row["line"], row["code"], row["text"]) for row in parts.notes.rows] == [(3, "MW-S002", '2,"y')]


def test_who_reads_a_source_whole_is_warned_of_broken_rows(tmp_path: Path) -> None:
    with pytest.warns(SourceWarning, match="2 rows of .* are put aside: another number of cells"):
        assert read(written(tmp_path, BROKEN)).height == 5


def test_a_file_that_is_mostly_broken_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"2 of 3 rows can't be read.*state delimiter, quote and encoding"):
        read(written(tmp_path, "a,b\n1,2\n1,2,3\n1\n"))


@pytest.mark.parametrize("block", [16, 64, 1024])
def test_what_is_read_does_not_depend_on_the_blocks(
    tmp_path: Path, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f'{row},"te""xt\n{row}",{row / 7:.3f},é{"" if row % 7 else ",extra"}' for row in range(60)]
    path = written(tmp_path, "a,b,c,d\n" + "\r\n".join(rows))
    whole, known = taken(path)
    monkeypatch.setattr(csv_records, "BLOCK", block)
    monkeypatch.setattr("modelwright.data.sources.text.BLOCK", block)
    monkeypatch.setattr("modelwright.data.sources.text.blocks.__defaults__", (block,))
    monkeypatch.setattr(csv_files, "_HELD", 0)
    again, parts = taken(path)

    assert again == whole
    assert parts.notes.rows == known.notes.rows
    assert len(known.notes.rows) == 9


@settings(max_examples=60)
@given(
    rows=st.lists(
        st.lists(st.none() | st.text("ab1 ,;\"'\n\r\té", min_size=1, max_size=6), min_size=3, max_size=3),
        min_size=1,
        max_size=8,
    )
)
def test_what_polars_writes_is_what_is_read(rows: list[list[str | None]], tmp_path_factory: Any) -> None:
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    table = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String, "c": pl.String}, orient="row")
    table.write_csv(path)
    found = batches(path, options=ReadingOptions(delimiter=",", quote='"', header="yes"))
    texts = [column for column in found.whole() if column.dtype == pl.String]

    assert found.notes.put_aside == 0
    for column in texts:
        assert column.to_list() == table[column.name].to_list()


def test_files_of_a_pattern_are_one_table(tmp_path: Path) -> None:
    written(tmp_path, "id,zip\n1,12345\n", "a.csv")
    written(tmp_path, "zip,id,new\n01234,x,1\n", "b.csv")
    found, parts = taken(tmp_path / "*.csv")

    assert found == {"id": ["1", "x"], "zip": ["12345", "01234"], "new": [None, 1]}
    assert [(finding.code, finding.column) for finding in parts.findings] == [("MW-S011", "new")]
    assert read(tmp_path).height == 2
