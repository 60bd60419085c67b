"""Values of sensitive columns are found nowhere: a project is walked to its end and searched for them."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import httpx
import numpy as np
import polars as pl
import pytest

from modelwright.cli import main
from modelwright.project import Project
from tests.lifecycle.worlds import customers, short_plan

KEY = "a key for canaries, of more than 32 signs"
ROWS = 400
DROPPED = "canary-drop"
HASHED = "canary-hash"
KEPT = "Canarykeep"
EXACT = "519327"
"""The last digits of each latitude."""
CANARIES = (DROPPED, HASHED, KEPT, EXACT, "198.51.100.", "-11-13")
MAY_HOLD_WHAT_IS_KEPT = ("snapshots", "vault", "operations.db")


def people() -> pl.DataFrame:
    rng = np.random.default_rng(5)
    table = customers(ROWS).drop("customer", "joined")
    numbers = range(ROWS)
    return table.with_columns(
        pl.Series("account", [f"{HASHED}.{n}@example.org" for n in numbers]),
        pl.Series("mail", [f"{DROPPED}{n}@example.org" for n in numbers]),
        pl.Series("phone", [f"+49 30 77{n:05d}" for n in numbers]),
        pl.Series("birth_date", [f"{1940 + int(year)}-11-13" for year in rng.integers(0, 60, ROWS)]),
        pl.Series("latitude", [f"{48 + rng.random():.2f}{EXACT}" for _ in numbers]).cast(pl.Float64),
        pl.Series("client_ip", [f"198.51.100.{n % 250 + 1}" for n in numbers]),
        pl.Series("surname", [f"{KEPT}{chr(97 + n % 26)}" for n in numbers]),
    )


class Walk:
    """A project on its way, and everything that was said meanwhile."""

    def __init__(self, root: Path, monkeypatch, capfd) -> None:
        self.root, self.said = root, []
        self._monkeypatch, self._capfd = monkeypatch, capfd

    def __call__(self, *words: object, code: int = 0) -> str:
        """Run a command as a shell would, in words and as JSON."""
        self._monkeypatch.setattr("sys.argv", ["modelwright", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = self._capfd.readouterr()
        self.said += [out, err]
        assert (ended.value.code or 0) == code, err
        return out


@pytest.fixture
def walk(tmp_path, monkeypatch, capfd) -> Iterator[Walk]:
    before = os.umask(0o022)
    monkeypatch.setenv("MODELWRIGHT_PRIVACY_KEY", KEY)
    monkeypatch.setenv("COLUMNS", "200")
    short_plan(monkeypatch)
    monkeypatch.chdir(tmp_path)
    yield Walk(tmp_path / "people", monkeypatch, capfd)
    os.umask(before)


def texts_of(path: Path) -> str:
    """Return what a file holds, as text: Parquet and compressed arrays are unpacked."""
    content = path.read_bytes()
    if path.suffix == ".parquet" and content[:4] == b"PAR1":
        return pl.read_parquet(content).write_csv()
    if zipfile.is_zipfile(BytesIO(content)):
        with zipfile.ZipFile(path) as packed:
            content = b"".join(packed.read(name) for name in packed.namelist())
    return content.decode("utf-8", errors="replace") + content.decode("utf-16-le", errors="replace")


def canaries_in(text: str, *, sought: tuple[str, ...] = CANARIES) -> list[str]:
    """Return the canaries that a text holds; networks are not addresses."""
    text = re.sub(r"198\.51\.100\.0/24", "", text)
    return [canary for canary in sought if canary in text]


@contextmanager
def served(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [
        sys.executable,
        "-m",
        "modelwright",
        "serve",
        "--port",
        "0",
        "--json",
        "--project",
        str(folder),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            yield server, json.loads(server.stdout.readline())["url"]
        finally:
            server.terminate()


def answered(project: Project, table: pl.DataFrame) -> list[str]:
    """Ask the server everything that may make it repeat what it was sent."""
    rows = json.loads(json.dumps(table.drop("left").to_dicts()))
    broken = [
        row | {"age": row["mail"], "plan": None, "latitude": row["account"], row["phone"]: 1}
        for row in rows[:3]
    ]
    seen = [row | {"birth_date": {"a": row["surname"]}, "income": None} for row in rows[:2]]
    with (
        served(project.folder.root) as (server, url),
        httpx.Client(base_url=url, timeout=60) as client,
    ):
        said = [client.post("/predict", json={"records": asked}) for asked in (rows[:80], broken, seen)]
        ids = [each["id"] for each in said[0].json()["predictions"]]
        labels = [{"id": each, "label": "yes"} for each in ids[:40]]
        said.append(client.post("/feedback", json={"labels": labels}))
        said.append(client.post("/feedback", json={"labels": [{"id": rows[0]["account"], "label": "yes"}]}))
        said.append(client.post("/feedback", json={"labels": [{"id": ids[0], "label": rows[0]["account"]}]}))
        said += [client.get(path) for path in ("/openapi.json", "/docs", "/metrics", "/ready")]
        server.terminate()
        logged = "".join(server.communicate(timeout=60))
    assert [each.status_code for each in said[:6]] == [200, 422, 422, 200, 422, 422]
    return [logged, *(each.text for each in said)]


def walked(walk: Walk, table: pl.DataFrame) -> Project:
    """Walk the whole loop."""
    source = Path("people.csv")
    table.write_csv(source)
    with source.open("a") as file:
        file.write(f"40,{DROPPED}400@example.org,{KEPT}\n")
    table.with_columns(age=pl.col("mail"), income=None, latitude=pl.lit("x")).write_csv("wrong.csv")
    walk("new", "people", "--data", source, "--target", "left", "--id", "account")
    os.chdir(walk.root)
    walk("privacy", "--column", "surname", "--treatment", "keep", "--reason", "the law asks for it")
    walk("privacy", "--json")
    walk("profile", "--output", "../profile.html")
    walk("profile", "../people.csv", "--json")
    walk("audit", "--json")
    walk("contract", "diff", "../wrong.csv")
    walk("check")
    walk("check", "../wrong.csv", code=1)
    walk("check", "../wrong.csv", "--json", code=1)
    walk("build", "--time-limit", "10m")
    walk("report", "--json")
    walk("labels", "--write", "../doubtful.csv")
    walk("deploy")
    walk("score", "../people.csv", "--output", "../scored.csv")
    walk("score", "../wrong.csv", "--output", "../wrong_scored.csv", code=1)
    project = Project(walk.root)
    walk.said += answered(project, table)
    table.head(60).select(id="account", label="left").write_csv("../labels.csv")
    walk("feedback", "../labels.csv")
    table.tail(5).select(id="mail", label="left").write_csv("../strangers.csv")
    walk("feedback", "../strangers.csv")
    for command in ("monitor", "runs"):
        walk(command, "--json")
    walk("trace", project._operations.observations()["id"][0])
    return project


@pytest.mark.filterwarnings("default::modelwright.errors.SourceWarning")
def test_no_value_of_a_sensitive_column_is_shown_or_kept_where_it_should_not(walk: Walk, caplog) -> None:
    table = people()
    assert sorted(canaries_in(table.write_csv())) == sorted(CANARIES)

    project = walked(walk, table)

    project._operations.close()
    assert {place: canaries_in(said) for place, said in enumerate(walk.said) if canaries_in(said)} == {}
    assert canaries_in(caplog.text) == []
    assert canaries_in(Path("../scored.csv").read_text()) == []
    assert canaries_in(Path("../profile.html").read_text()) == []
    assert canaries_in(Path("../doubtful.csv").read_text()) == []
    written = pl.read_csv("../doubtful.csv").columns
    assert "age" in written
    assert not {"surname", "account", "birth_date"} & set(written)
    found = {}
    for path in sorted(walk.root.rglob("*")):
        if path.is_file():
            place = path.relative_to(walk.root).as_posix()
            kept_here = any(f".modelwright/{name}" in place for name in MAY_HOLD_WHAT_IS_KEPT)
            sought = tuple(each for each in CANARIES if each != KEPT) if kept_here else CANARIES
            found[place] = canaries_in(texts_of(path), sought=sought)
    assert {place: held for place, held in found.items() if held} == {}
    put_aside = [path.read_text() for path in (walk.root / ".modelwright/quarantine").iterdir()]
    assert len(put_aside) > 3
    assert all(json.loads(said)["line"] == ROWS + 2 and "text" not in said for said in put_aside)
    assert any("mwh1_" in texts_of(path) for path in walk.root.rglob("snapshots/*.parquet"))
    assert KEY not in "".join(texts_of(path) for path in walk.root.rglob("*") if path.is_file())
    assert open_to_others(walk.root / ".modelwright") == {}


def open_to_others(state: Path) -> dict[str, str]:
    """Return what group or others may reach of a folder, with its permissions."""
    everything = [state, *state.rglob("*")]
    modes = {str(path.relative_to(state)): path.stat().st_mode for path in everything}
    return {name: stat.filemode(mode) for name, mode in modes.items() if mode & 0o077}


def test_new_rows_from_production_are_treated_before_a_model_learns_from_them(walk: Walk) -> None:
    from modelwright.lifecycle.harvest import harvest

    source = Path("people.csv")
    people().write_csv(source)
    walk("new", "people", "--data", source, "--target", "left", "--id", "account")
    project = Project(walk.root)
    contract = project.contract

    snapshot = next((project.folder.snapshots).glob("*.parquet"))
    gathered = harvest(project.brief, contract, pl.read_parquet(snapshot), project._operations)
    project._operations.close()

    assert canaries_in(gathered.rows.write_csv()) == []
