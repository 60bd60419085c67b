"""Tables and queries of SQLite, DuckDB and a real PostgreSQL server."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

import polars as pl
import pytest

from modelwright.data import batches, read
from modelwright.errors import SourceError

PEOPLE = """
CREATE TABLE people (
    id int, "the ""name"" x" text, amount numeric(12, 2), cost money, at timestamptz, day date, clock time,
    ok bool, note json, tags text[], shares numeric[], ident uuid, span interval, small real
);
INSERT INTO people VALUES
    (1, 'Ada', 1234.50, 3.5, '2020-01-01 12:00+02', '9999-12-31', '10:00', true, '{"a": 1}', '{x,y}',
     '{1.5,2}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '1 day', 0.5),
    (2, NULL, 'NaN', NULL, NULL, 'infinity', NULL, false, NULL, '{}', NULL, NULL, NULL, NULL)
"""


def run(url: str, *statements: str) -> None:
    """Change a PostgreSQL database."""
    from adbc_driver_postgresql import dbapi

    with dbapi.connect(url) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        connection.commit()


@pytest.fixture(scope="module")
def people(postgresql: str) -> str:
    run(postgresql, "DROP TABLE IF EXISTS people", *PEOPLE.split(";"))
    return postgresql


def test_a_table_of_postgresql_has_the_types_of_tables(people: str) -> None:
    found = read(f"{people}#people")

    assert found.schema == {
        "id": pl.Int32,
        'the "name" x': pl.String,
        "amount": pl.Float64,
        "cost": pl.Float64,
        "at": pl.Datetime("us", "UTC"),
        "day": pl.Date,
        "clock": pl.Time,
        "ok": pl.Boolean,
        "note": pl.String,
        "tags": pl.List(pl.String),
        "shares": pl.List(pl.Float64),
        "ident": pl.String,
        "span": pl.String,
        "small": pl.Float32,
    }
    assert found.row(0) == (
        1,
        "Ada",
        1234.5,
        3.5,
        dt.datetime(2020, 1, 1, 10, tzinfo=dt.UTC),
        dt.date(9999, 12, 31),
        dt.time(10),
        True,
        '{"a": 1}',
        ["x", "y"],
        [1.5, 2.0],
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "1 day",
        0.5,
    )
    assert found.row(1) == (2, *[None] * 6, False, None, [], *[None] * 4)


def test_an_infinite_date_is_missing_and_said_so(people: str) -> None:
    parts = batches(f"{people}#people")
    list(parts)

    assert [(finding.code, finding.column, finding.count) for finding in parts.findings] == [
        ("MW-S012", "day", 1)
    ]


def test_a_query_is_asked_as_it_stands(people: str) -> None:
    query = "SELECT ok, count(*) AS n FROM people WHERE id > 0 -- all\nGROUP BY ok ORDER BY ok;"

    assert read(people, query=query).to_dicts() == [{"ok": False, "n": 1}, {"ok": True, "n": 1}]


def test_rows_come_in_a_stream(people: str) -> None:
    query = "SELECT g AS id, repeat('x', 100) AS text FROM generate_series(1, 200000) AS g"
    parts = batches(people, query=query, rows=5000)

    assert sum(len(part) for part in parts) == 200_000
    assert next(iter(batches(people, query=query, rows=5000))).height == 5000


def test_a_table_without_rows_still_has_its_columns(people: str) -> None:
    assert read(people, query="SELECT id, amount FROM people WHERE false").schema == {
        "id": pl.Int32,
        "amount": pl.Float64,
    }


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM people",
        "SELECT 1; DELETE FROM people",
        "COMMIT; DELETE FROM people",
        "WITH gone AS (DELETE FROM people RETURNING *) SELECT * FROM gone",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "SELECT 1) AS asked; DELETE FROM people; SELECT * FROM (SELECT 1",
    ],
)
def test_nothing_is_changed_whatever_is_asked(people: str, query: str) -> None:
    with pytest.raises(SourceError):
        read(people, query=query)

    assert read(f"{people}#people").height == 2


@pytest.mark.parametrize("table", ["nobody", "people; DROP TABLE people", 'people"; DROP TABLE people; --'])
def test_a_table_s_name_is_only_a_name(people: str, table: str) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        read(f"{people}#{table}")
    assert read(f"{people}#public.people").height == 2


def test_a_password_is_never_shown(people: str, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = people.replace("modelwright@", "nobody:s3cret@")
    monkeypatch.setenv("DB_PASSWORD", "0ther")
    for url in (
        closed,
        people.replace("modelwright@", "nobody:${DB_PASSWORD}@"),
        "postgresql://u:s3cret@127.0.0.1:1/x",
    ):
        with pytest.raises(SourceError) as caught:
            read(f"{url}#people")
        assert "s3cret" not in str(caught.value)
        assert "0ther" not in str(caught.value)


def test_a_variable_is_put_into_the_url(people: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url = people.replace("modelwright@", "${DB_USER}@")
    monkeypatch.setenv("DB_USER", "modelwright")
    assert read(f"{url}#people").height == 2

    monkeypatch.delenv("DB_USER")
    with pytest.raises(SourceError, match="DB_USER, which is not set"):
        read(f"{url}#people")


def test_what_to_read_must_be_named_once(people: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="names no table; add #TABLE"):
        read(people)
    with pytest.raises(SourceError, match="leave one out"):
        read(f"{people}#people", query="SELECT 1")
    with pytest.raises(SourceError, match="names 'a' twice"):
        read(people, query="SELECT 1 AS a, 2 AS a")
    (tmp_path / "t.csv").write_text("a\n1\n")
    with pytest.raises(SourceError, match="only databases take a query"):
        read(tmp_path / "t.csv", query="SELECT 1")
    with pytest.raises(SourceError, match="takes no query"):
        read(pl.DataFrame({"a": [1]}), query="SELECT 1")


@pytest.fixture
def small(tmp_path: Path) -> str:
    path = tmp_path / "small.db"
    with sqlite3.connect(path) as connection:
        connection.execute('CREATE TABLE "odd ""table" (a INTEGER, b REAL, c TEXT, d BLOB, e, f)')
        rows = [
            (1, 1, "x", b"y", 1, None),
            (2, 2.5, None, None, "two", None),
            (None, None, "ü", b"z", b"q", None),
        ]
        connection.executemany('INSERT INTO "odd ""table" VALUES (?, ?, ?, ?, ?, ?)', rows)
    connection.close()
    return f"sqlite:///{path}"


def test_sqlite_s_types_are_decided_by_all_cells(small: str) -> None:
    parts = batches(f'{small}#odd "table', rows=2)

    assert parts.whole().to_dict(as_series=False) == {
        "a": [1, 2, None],
        "b": [1.0, 2.5, None],
        "c": ["x", None, "ü"],
        "d": [b"y", None, b"z"],
        "e": ["1", "two", "q"],
        "f": [None] * 3,
    }
    assert [(finding.code, finding.column) for finding in parts.findings] == [("MW-S013", "e")]
    assert read(small, query='SELECT sum(a) AS s FROM "odd ""table"').to_dicts() == [{"s": 3}]


def test_sqlite_is_only_read(small: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="check the table or the query"):
        read(small, query='DELETE FROM "odd ""table"')
    with pytest.raises(SourceError, match="no such table"):
        read(f"{small}#absent")
    with pytest.raises(SourceError, match="there is no such file"):
        read(f"sqlite:///{tmp_path}/absent.db#t")
    (tmp_path / "text.db").write_text("no database" * 100)
    with pytest.raises(SourceError, match="not a database"):
        read(f"sqlite:///{tmp_path}/text.db#t")
    assert not (tmp_path / "absent.db").exists()


def test_duckdb_is_streamed_with_its_types(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "d.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT i AS id, i::DECIMAL(9, 2) AS d, i::HUGEINT AS h, "
            "CASE WHEN i = 0 THEN 'infinity'::DATE ELSE '9999-12-31'::DATE END AS day, uuid() AS u, "
            "[i] AS l, 'x'::VARCHAR AS s FROM range(10000) AS r(i)"
        )
    parts = batches(f"duckdb:///{path}#t", rows=3000)
    found = parts.whole()

    assert found.height == 10_000
    assert parts.schema == found.schema
    assert found.row(1)[:4] == (1, pytest.approx(1), 1.0, dt.date(9999, 12, 31))
    assert found["day"].null_count() == 1
    assert read(f"duckdb:///{path}", query="SELECT max(id) AS m FROM t").item() == 9999
    with pytest.raises(SourceError, match="absent"):
        read(f"duckdb:///{path}#absent")
    with pytest.raises(SourceError):
        read(f"duckdb:///{path}", query="DROP TABLE t")
