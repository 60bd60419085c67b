"""A contract written for other tools holds there for what it holds for here."""

from __future__ import annotations

import datetime as dt
import json
import math
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from modelwright.data import Column, Contract, Validator, check, export, json_schema, read
from modelwright.errors import ContractError, RowError
from tests.data.strategies import brief

ODD = "a \"b\"\n'c' 🦜"
ROWS = 200
MIXED = pl.DataFrame(
    {
        "whole": [row * 7 % 100 for row in range(ROWS)],
        "ratio": [None if row % 5 == 0 else row / 3 for row in range(ROWS)],
        "written": [str(row / 4) if row % 9 else "?" for row in range(ROWS)],
        "infinite": [float("inf") if row == 3 else row / 7 for row in range(ROWS)],
        "truth": [True, False] * (ROWS // 2),
        "said": ["TRUE", "false"] * (ROWS // 2),
        ODD: ["x", "y", "z z", None] * (ROWS // 4),
        "rounded": [1.0, 2.5] * (ROWS // 2),
        "day": [dt.date(2020, 1, 1), dt.date(9999, 12, 31)] * (ROWS // 2),
        "iso": ["2020-01-31", "2020-02-29T10:00:00Z"] * (ROWS // 2),
        "american": ["1/31/20 11:05 PM", "12/1/99 1:00 am"] * (ROWS // 2),
        "spelled": ["3 March 2021", "29 february 2024"] * (ROWS // 2),
        "notes": [
            f"Many words make this text number {row} a text to be read by people" for row in range(ROWS)
        ],
        "target": ["yes", "no"] * (ROWS // 2),
    }
)


def strict(contract: Contract) -> Contract:
    """Return a contract that refuses whatever it can."""
    policies: dict[str, Any] = {"number": {"out_of_range": "refuse"}, "category": {"unseen": "refuse"}}
    columns = [
        column.model_copy(update=policies.get(column.kind, {}) if column.role == "feature" else {})
        for column in contract.columns
    ]
    return Contract(columns=tuple(columns))


def adult() -> pl.DataFrame:
    return read(Path(str(files("modelwright") / "demo" / "adult.parquet"))).head(1_000)


SAID = ["?", " 7 ", "1e39", "-99999", "soon", "2021-02-29", "13/31/20 11:05 PM", "2020-01-01T24:00", "true"]


def mutations(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return tables with one thing done to every column."""
    rows = len(frame)
    first = pl.Series([True] + [False] * (rows - 1))
    texts = {each.name: each.cast(pl.String) for each in frame}
    made = {
        "as it is": frame,
        "no rows": frame.clear(),
        "no columns that count": frame.select(pl.lit(1).alias("other")),
        "missing": frame.with_columns(each.set(first, None) for each in frame),
        "lists": frame.with_columns(pl.Series(name, [[1]] * rows) for name in frame.columns),
        "halves": frame.with_columns(pl.Series(name, [0.5, None] * (rows // 2)) for name in frame.columns),
        "days": frame.with_columns(pl.Series(name, [dt.date(2020, 1, 2)] * rows) for name in frame.columns),
        "categorical": frame.with_columns(each.cast(pl.Categorical) for each in texts.values()),
    }
    for said in SAID:
        made[said] = frame.with_columns(
            pl.Series(name, [said, *said_before[1:].to_list()]) for name, said_before in texts.items()
        )
    return made


RUN = """
import json
import sys
from pathlib import Path

import pandera.errors
import polars as pl

sys.path.insert(0, sys.argv[1])
import exported

for path in sorted(Path(sys.argv[1]).glob("*.parquet"), key=lambda path: int(path.stem)):
    broken = []
    try:
        exported.schema.validate(pl.read_parquet(path), lazy=True)
    except pandera.errors.SchemaErrors as errors:
        for each in errors.schema_errors:
            is_absent = each.reason_code.name == "COLUMN_NOT_IN_DATAFRAME"
            broken.append(str(each.failure_cases) if is_absent else each.schema.name)
    print(json.dumps([path.stem, broken]))
"""


@pytest.mark.parametrize(
    ("name", "policy"), [("mixed", "as inferred"), ("mixed", "strict"), ("adult", "strict")]
)
def test_pandera_finds_broken_the_columns_that_the_check_finds(
    name: str, policy: str, tmp_path: Path
) -> None:
    frame = MIXED if name == "mixed" else adult()
    stated = brief() if name == "mixed" else brief("class", positive=">50K")
    contract = Contract.infer(frame, stated)
    contract = strict(contract) if policy == "strict" else contract
    tables = mutations(frame)
    (tmp_path / "exported.py").write_text(export(contract, "pandera"), encoding="utf-8")
    for at, table in enumerate(tables.values()):
        table.write_parquet(tmp_path / f"{at}.parquet")

    command = [sys.executable, "-W", "ignore", "-c", RUN, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-3000:]
    said = dict(json.loads(line) for line in done.stdout.splitlines())
    expected = {
        what: {each.column for each in check(contract, table) if each.severity == "error"}
        for what, table in tables.items()
    }
    assert {what: set(said[str(at)]) for at, what in enumerate(tables)} == expected
    assert expected["as it is"] == set()
    assert expected["no rows"] == {None}
    assert expected["soon"] >= {"target" if name == "mixed" else "class"}


def test_the_module_for_pandera_can_be_read() -> None:
    text = export(strict(Contract.infer(MIXED, brief())), "pandera")

    compile(text, "exported.py", "exec")
    assert "is_within(numbers, 0.0, 99.0)" in text
    assert "is_one_of(texts, ['x', 'y', 'z z'])" in text
    assert repr(ODD) in text


def records(frame: pl.DataFrame, contract: Contract) -> list[dict[str, Any]]:
    """Return rows as a caller writes them in JSON."""
    rows = []
    for row in frame.select(column.name for column in contract.features).iter_rows(named=True):
        cells = {
            name: cell
            for name, cell in row.items()
            if not (isinstance(cell, float) and not math.isfinite(cell))
        }
        rows.append(json.loads(json.dumps(cells, default=str)))
    return rows


CELLS = [None, 5, -1e6, 0.5, True, "soon", "", "x", "2020-01-01", [1], {}]


def test_json_schema_accepts_what_the_server_accepts() -> None:
    from jsonschema import Draft202012Validator

    plain = MIXED.select(
        each for each in MIXED.columns if each not in {"written", "said", "rounded", "infinite"}
    )
    contract = strict(Contract.infer(plain, brief()))
    schema = json.loads(export(contract, "json-schema"))
    validator = Validator(contract)
    Draft202012Validator.check_schema(schema)
    by_schema = Draft202012Validator(schema)
    lenient: list[tuple[str, Any]] = []

    assert by_schema.is_valid(schema["examples"][0])
    for row in records(plain.head(20), contract):
        assert by_schema.is_valid(row)
        for name in row:
            for cell in CELLS:
                fresh = row | {name: cell}
                accepted = True
                try:
                    validator.records([fresh])
                except RowError:
                    accepted = False
                if by_schema.is_valid(fresh) and contract.column(name).kind != "time":
                    assert accepted, (name, cell)
                elif accepted:
                    lenient.append((name, cell))
        assert not by_schema.is_valid({key: cell for key, cell in row.items() if key != "whole"})

    # The server also takes numbers as text and the like; nothing else.
    assert {type(cell) for _, cell in lenient} <= {str, int, float, bool, type(None)}


def test_json_schema_is_the_server_s_with_a_heading() -> None:
    contract = Contract.infer(MIXED, brief())
    schema = json.loads(export(contract, "json-schema"))

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert {key: schema[key] for key in json_schema(contract)} == json.loads(
        json.dumps(json_schema(contract))
    )


def test_an_unknown_tool_suggests_the_nearest() -> None:
    contract = Contract(columns=(Column(name="y", kind="number", role="target"),))

    with pytest.raises(ContractError, match=r"no export to 'pandra'; did you mean 'pandera'\?"):
        export(contract, "pandra")
