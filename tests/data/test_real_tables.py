"""Real tables go all the way: read, infer, check, conform, matrices, and the same from records."""

from __future__ import annotations

import gzip
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from modelwright.data import (
    Contract,
    Validator,
    check,
    conform,
    encode_target,
    first_findings,
    folds,
    hold_out,
    json_schema,
    matrices,
    propose_split,
    read,
)
from modelwright.problem import Brief
from tests.data.strategies import brief


def adult() -> tuple[pl.DataFrame, Brief]:
    path = Path(str(files("modelwright") / "demo" / "adult.parquet"))
    return read(path), brief("class", positive=">50K", protected=["sex", "race", "age"], ignore=["fnlwgt"])


def bundled(name: str) -> pl.DataFrame:
    from sklearn import datasets

    return read(getattr(datasets, f"load_{name}")(as_frame=True).frame)


TABLES: dict[str, Any] = {
    "adult": adult,
    "breast_cancer": lambda: (bundled("breast_cancer"), brief(positive="1")),
    "wine": lambda: (bundled("wine"), brief(task="multiclass")),
    "iris": lambda: (bundled("iris"), brief(task="multiclass")),
    "diabetes": lambda: (bundled("diabetes"), brief(task="regression")),
    "digits": lambda: (bundled("digits"), brief(task="multiclass")),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_real_table_goes_all_the_way(name: str, tmp_path: Path) -> None:
    frame, stated = TABLES[name]()
    contract = Contract.infer(frame, stated)
    (tmp_path / "contract.toml").write_text(contract.to_toml(), encoding="utf-8")
    contract = Contract.read(tmp_path / "contract.toml")
    inputs = matrices(contract, conform(contract, frame))

    assert check(contract, frame) == []
    assert "error" not in [finding.severity for finding in first_findings(frame, contract)]
    from_records, warnings = Validator(contract).records(frame.to_dicts())
    assert from_records == inputs
    assert warnings == []
    assert set(json_schema(contract)["required"]) == {column.name for column in contract.features}


@pytest.mark.parametrize("name", TABLES)
def test_a_real_table_is_divided_whole(name: str) -> None:
    frame, stated = TABLES[name]()
    contract = Contract.infer(frame, stated)
    split = propose_split(frame, contract)
    train, vault = hold_out(frame, contract, split, 0)
    rows = frame[train]
    parts = folds(rows, contract, split, encode_target(contract, rows[contract.target.name]), 0, 5)

    assert len(vault) / len(frame) == pytest.approx(0.2, abs=0.02)
    assert sum(len(judge) for _, judge in parts) == len(train)


def test_a_real_table_is_the_same_from_csv_pandas_and_parquet(tmp_path: Path) -> None:
    frame, stated = adult()
    frame = frame[:2000]
    (tmp_path / "adult.csv.gz").write_bytes(gzip.compress(frame.write_csv().encode()))
    contract = Contract.infer(frame, stated)
    expected = matrices(contract, conform(contract, frame))

    for source in (tmp_path / "adult.csv.gz", frame.to_pandas(), frame.to_arrow()):
        again = read(source)
        assert matrices(contract, conform(contract, again)) == expected
        assert Contract.infer(again, stated) == contract
