"""Every built-in source passes the conformance suite, and the suite notices one that does not."""

from __future__ import annotations

import functools
import http.server
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from modelwright.data import Asked, Opened, Source, all_sources, batches, read
from modelwright.data.sources import registry
from modelwright.errors import SourceError
from modelwright.testing import check_source

TABLE = pl.DataFrame({"a": [*range(19), None], "b": [None, *(f"text {row % 3}" for row in range(1, 20))]})
BY_NAME = {source.name: source for source in all_sources()}


def asked(text: str, *files: Path, part: str = "") -> Asked:
    return Asked(text, text, part=part, files=files)


def csv(folder: Path) -> tuple[Asked, Asked]:
    TABLE.write_csv(folder / "t.csv")
    return asked("t.csv", folder / "t.csv"), asked("x.csv", folder / "x.csv")


def parquet(folder: Path) -> tuple[Asked, Asked]:
    TABLE.write_parquet(folder / "t.parquet", row_group_size=3)
    return asked("t.parquet", folder / "t.parquet"), asked("x.parquet", folder / "x.parquet")


def json_lines(folder: Path) -> tuple[Asked, Asked]:
    TABLE.write_ndjson(folder / "t.jsonl")
    return asked("t.jsonl", folder / "t.jsonl"), asked("x.jsonl", folder / "x.jsonl")


def excel(folder: Path) -> tuple[Asked, Asked]:
    TABLE.write_excel(folder / "t.xlsx")
    return asked("t.xlsx", folder / "t.xlsx"), asked("t.xlsx", folder / "t.xlsx", part="Absent")


def sqlite(folder: Path) -> tuple[Asked, Asked]:
    with sqlite3.connect(folder / "t.db") as connection:
        connection.execute("CREATE TABLE t (a, b)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", TABLE.rows())
    connection.close()
    return asked(f"sqlite:///{folder}/t.db", part="t"), asked(f"sqlite:///{folder}/t.db", part="x")


def duckdb(folder: Path) -> tuple[Asked, Asked]:
    import duckdb

    with duckdb.connect(str(folder / "t.duckdb")) as connection:
        connection.execute("CREATE TABLE t (a BIGINT, b VARCHAR)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", TABLE.rows())
    return asked(f"duckdb:///{folder}/t.duckdb", part="t"), asked(f"duckdb:///{folder}/t.duckdb", part="x")


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("CSV", csv),
        ("Parquet", parquet),
        ("JSON lines", json_lines),
        ("Excel", excel),
        ("SQLite", sqlite),
        ("DuckDB", duckdb),
    ],
)
def test_a_built_in_source_keeps_every_promise(name: str, made: Any, tmp_path: Path) -> None:
    there, absent = made(tmp_path)

    check_source(BY_NAME[name], there, TABLE, absent)


def test_postgresql_keeps_every_promise(postgresql: str) -> None:
    from tests.data.test_databases import run

    values = "nullif(g, 19)::int8 AS a, CASE WHEN g > 0 THEN 'text ' || g % 3 END AS b"
    made = f"CREATE TABLE suite AS SELECT {values} FROM generate_series(0, 19) AS g"
    run(postgresql, "DROP TABLE IF EXISTS suite", made)
    there, absent = asked(postgresql, part="suite"), asked(postgresql, part="absent")
    check_source(BY_NAME["PostgreSQL"], there, TABLE, absent)


class _Files(http.server.SimpleHTTPRequestHandler):
    """Serves files, also parts of them, as object stores do."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        wanted = self.headers.get("Range")
        if not wanted or not path.is_file():
            super().do_GET()
            return
        content = path.read_bytes()
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start = int(first) if first else max(len(content) - int(last), 0)
        end = min(int(last) if first and last else len(content) - 1, len(content) - 1)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {start}-{end}/{len(content)}")
        self.send_header("Content-Length", str(end - start + 1))
        self.send_header("Last-Modified", self.date_time_string(path.stat().st_mtime))
        self.end_headers()
        self.wfile.write(content[start : end + 1])

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """Serve the temporary folder and yield its URL."""
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Files, directory=str(tmp_path))
    ) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("made", [csv, parquet, json_lines, excel])
def test_a_file_behind_a_url_keeps_every_promise(made: Any, served: str, tmp_path: Path) -> None:
    name = made(tmp_path)[0].files[0].name

    check_source(BY_NAME["URL"], asked(f"{served}/{name}"), TABLE, asked(f"{served}/absent-{name}"))


@pytest.mark.parametrize("made", [csv, parquet, json_lines])
def test_an_object_store_is_read(
    made: Any, served: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = tmp_path / "bucket"
    bucket.mkdir()
    name = made(bucket)[0].files[0].name
    for key, value in {
        "AWS_ENDPOINT_URL": served,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "s3cret",
        "AWS_REGION": "eu-central-1",
        "AWS_ALLOW_HTTP": "true",
    }.items():
        monkeypatch.setenv(key, value)

    assert read(f"s3://bucket/{name}").equals(TABLE)
    with pytest.raises(SourceError) as caught:
        read(f"s3://bucket/absent-{name}")
    assert "s3cret" not in str(caught.value)


def test_the_web_s_errors_do_not_show_a_key(served: str) -> None:
    with pytest.raises(SourceError, match=r"sig=\*\*\*") as caught:
        read(f"{served}/absent.csv?sig=s3cret")
    assert "s3cret" not in str(caught.value)


def test_hive_partitions_become_columns(tmp_path: Path) -> None:
    for year, country in ((2023, "de"), (2024, "__HIVE_DEFAULT_PARTITION__"), (2024, "c%20h")):
        folder = tmp_path / f"year={year}" / f"country={country}"
        folder.mkdir(parents=True)
        pl.DataFrame({"n": [year]}).write_parquet(folder / "part.parquet")

    found = read(tmp_path)
    assert found.schema == {"n": pl.Int64, "year": pl.Int64, "country": pl.String}
    assert found.sort("year", "country").rows() == [
        (2023, 2023, "de"),
        (2024, 2024, None),
        (2024, 2024, "c h"),
    ]
    assert read(tmp_path / "year=2023").columns == ["n", "year", "country"]


class Swapped:
    """A source that breaks promises, one at a time."""

    name = "swapped"
    spellings = (".csv",)

    def __init__(self, fault: str) -> None:
        self.fault = fault
        self.takes_query = fault == "takes any query"

    def takes(self, asked: Asked) -> bool:
        return self.fault == "takes all" or asked.text.endswith(".csv")

    def open(self, asked: Asked) -> Opened:
        used = iter([TABLE])

        def parts(rows: int) -> Iterator[pl.DataFrame]:
            if self.fault == "large":
                yield TABLE
            elif self.fault == "once":
                yield from (part for table in used for part in table.iter_slices(rows))
            elif self.fault == "another schema":
                yield from TABLE.select("b").iter_slices(rows)
            elif self.fault == "grows":
                yield from pl.concat([TABLE] * (1 + (rows > 2))).iter_slices(rows)
            else:
                yield from TABLE.iter_slices(rows)

        if self.fault == "puts aside":
            asked.notes.put("t", 1, "MW-S001", "x")
        return Opened(TABLE.schema, parts)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("takes all", "which is nothing of its kind"),
        ("large", "a batch has 20 rows"),
        ("once", "the second walk"),
        ("another schema", "a batch has Schema"),
        ("grows", "depends on how many rows"),
        ("puts aside", "1 rows were put aside"),
        ("takes any query", "must end in a SourceError"),
    ],
)
def test_the_suite_notices(fault: str, message: str) -> None:
    source: Source = Swapped(fault)
    with pytest.raises(AssertionError, match=message):
        check_source(source, asked("t.csv"), TABLE)


def test_the_suite_passes_what_is_right() -> None:
    check_source(Swapped(""), asked("t.csv"), TABLE)


def test_a_source_of_another_package_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Found(Swapped):
        name, spellings = "found", (".found",)

        def __init__(self) -> None:
            super().__init__("")

        def takes(self, asked: Asked) -> bool:
            return asked.text.endswith(".found")

    def entries(kind: Any) -> Any:
        entry = SimpleNamespace(name="found", value="found:Found", load=lambda: kind)
        return lambda group: [entry] if group == "modelwright.sources" else []

    (tmp_path / "t.found").touch()
    for kind, message in ((Found, None), (object, "is no source"), (registry.CsvSource, "which is in use")):
        monkeypatch.setattr(registry, "entry_points", entries(kind))
        registry.all_sources.cache_clear()
        if message is None:
            assert batches(tmp_path / "t.found").whole().equals(TABLE)
        else:
            with pytest.raises(SourceError, match=message):
                read(tmp_path / "t.found")
    monkeypatch.undo()
    registry.all_sources.cache_clear()
