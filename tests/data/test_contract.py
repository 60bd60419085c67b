"""The contract: inferred from data, edited by people, read back whole."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data import Column, Contract, check, conform
from modelwright.errors import ContractError, DataError
from modelwright.problem import Brief
from tests.data.strategies import brief, columns, tables

ROWS = 200


def frame(**columns_: Any) -> pl.DataFrame:
    return pl.DataFrame(columns_ | {"target": ["yes", "no"] * (ROWS // 2)})


def inferred(name: str, values: Any, **roles: Any) -> Column:
    contract = Contract.infer(
        frame(**{name: values, "other": [0.1, 0.2, 0.3, 0.4] * (ROWS // 4)}), brief(**roles)
    )
    return contract.column(name)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2, 3, 4] * 50, "number"),
        ([0.5, None] * 100, "number"),
        (["1", "2.5"] * 100, "number"),
        (["1", "2.5", " ", "?"] * 50, "number"),
        ([True, False] * 100, "boolean"),
        (["yes", "no"] * 100, "category"),
        (["01234", "12345"] * 100, "category"),
        ([dt.date(2020, 1, 1), dt.date(2021, 1, 1)] * 100, "time"),
        (["2020-01-01", "2020-01-31 10:00:00"] * 100, "time"),
        (["31/12/2020", "1/1/2020"] * 100, "time"),
    ],
)
def test_a_kind_is_found_from_the_values(values: list[Any], kind: str) -> None:
    found = inferred("column", values)

    assert (found.kind, found.role) == (kind, "feature")


def test_the_usual_range_share_and_levels_are_written_down() -> None:
    number = inferred("a", [1.5, -2.0, None, 0.0] * 50)
    level = inferred("b", ["x", "x", "y", None] * 50)

    assert (number.minimum, number.maximum, number.missing_share) == (-2.0, 1.5, 0.25)
    assert (level.categories, level.missing_share, level.unseen_share) == (("x", "y"), 0.25, 0.0)


def test_a_missing_value_is_refused_where_many_rows_have_none() -> None:
    assert inferred("a", [1, 2] * 100).missing == "refuse"
    assert inferred("a", [1, None] * 100).missing == "accept"


def test_of_many_categories_those_seen_twice_are_kept() -> None:
    values = [f"often {row % 60}" for row in range(180)] + [f"once {row}" for row in range(20)]
    found = inferred("a", values)

    assert len(found.categories) == 60
    assert found.unseen_share == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("constant", ["same"] * ROWS),
        ("empty", [None] * ROWS),
        ("code", [f"c{row}" for row in range(ROWS)]),
        ("customerID", [row * 7 % 1009 for row in range(ROWS)]),
        ("n", list(range(ROWS))),
        ("pixels", [[row, row] for row in range(ROWS)]),
    ],
)
def test_what_nothing_can_be_learned_from_is_ignored(name: str, values: list[Any]) -> None:
    assert inferred(name, values).role == "ignore"


def test_free_text_is_a_feature_whose_values_are_not_shown() -> None:
    notes = [f"Many words make this text number {row} a text to be read by people" for row in range(ROWS)]
    found = inferred("note", notes)

    assert (found.kind, found.role, found.missing, found.categories) == ("text", "feature", "refuse", ())
    assert found.is_sensitive


def test_distinct_numbers_are_no_identifiers_unless_they_are_called_so() -> None:
    assert inferred("amount", [row * 7 % 1009 for row in range(ROWS)]).role == "feature"
    assert inferred("price", [row / 7 for row in range(ROWS)]).role == "feature"


def test_whole_numbers_that_are_called_a_code_are_categories() -> None:
    assert inferred("admission_type_id", [1, 2, 3, 8] * (ROWS // 4)).kind == "category"
    assert inferred("postcode", [1000, 2000, 3000, 4000] * (ROWS // 4)).kind == "category"
    assert inferred("rooms", [1, 2, 3, 8] * (ROWS // 4)).kind == "number"
    assert inferred("is_valid_code", [0, 1] * (ROWS // 2)).kind == "number"


def test_where_nothing_else_is_there_identifiers_are_learned_from() -> None:
    contract = Contract.infer(frame(n=list(range(ROWS))), brief())

    assert [column.name for column in contract.features] == ["n"]


def test_the_brief_states_roles() -> None:
    table = frame(
        key=list(range(ROWS)),
        when=["2020-01-01", "2020-01-02"] * 100,
        who=[1, 2] * 100,
        sex=["f", "m"] * 100,
        later=[1.0, 2.0] * 100,
        age=[30, 40] * 100,
    )
    stated = brief(id="key", time="when", group="who", protected=["sex"], ignore=["later"])
    contract = Contract.infer(table, stated)

    assert {column.name: column.role for column in contract.columns} == {
        "key": "id",
        "when": "time",
        "who": "group",
        "sex": "feature",
        "later": "ignore",
        "age": "feature",
        "target": "target",
    }
    assert [column.name for column in contract.protected] == ["sex"]


def test_a_column_that_is_not_there_suggests_the_nearest() -> None:
    with pytest.raises(DataError, match=r"'grup' as group.*did you mean 'group'"):
        Contract.infer(frame(group=[1, 2] * 100), brief(group="grup"))


def test_a_time_must_be_a_time() -> None:
    with pytest.raises(DataError, match="'when' as time"):
        Contract.infer(frame(when=["early", "late"] * 100), brief(time="when"))


@pytest.mark.parametrize(
    ("labels", "positive", "classes"),
    [
        (["no", "yes"], "yes", ("no", "yes")),
        (["no", "yes"], "no", ("yes", "no")),
        ([0, 1], "1", ("0", "1")),
        ([0.0, 1.0], "0", ("1", "0")),
        ([True, False], "True", ("False", "True")),
        (["'-1'", "'1'"], "'1'", ("'-1'", "'1'")),
    ],
)
def test_the_positive_label_comes_second(labels: list[Any], positive: str, classes: tuple[str, str]) -> None:
    table = pl.DataFrame({"a": [1.0, 2.0] * 20, "target": labels * 20})

    assert Contract.infer(table, brief(positive=positive)).classes == classes


def test_many_classes_are_sorted_and_a_number_has_none() -> None:
    table = pl.DataFrame({"a": [1.0, 2.0, 3.0] * 20, "b": ["z", "x", "y"] * 20})

    assert Contract.infer(table, brief("b", "multiclass")).classes == ("x", "y", "z")
    assert Contract.infer(table, brief("a", "regression")).classes == ()


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        (["yes", "no", "maybe"], "2 labels for a binary task, but has 3"),
        (["yes", "yes", "yes"], "2 labels for a binary task, but has 1"),
        (["a", "b", "a"], "positive label 'yes' is not in target 'target'"),
    ],
)
def test_an_impossible_target_is_refused(labels: list[str], reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        Contract.infer(pl.DataFrame({"a": [1, 2, 3], "target": labels}), brief())


def test_a_regression_target_must_be_numbers() -> None:
    with pytest.raises(DataError, match="1 of 3 rows have something else"):
        Contract.infer(pl.DataFrame({"a": [1, 2, 3], "target": ["1", "2", "x"]}), brief(task="regression"))


@given(table=tables())
def test_what_was_inferred_holds_for_the_same_table(table: pl.DataFrame) -> None:
    contract = Contract.infer(table, brief())

    assert check(contract, table) == []
    if contract.features:
        assert conform(contract, table).columns == [column.name for column in contract.features]


@given(table=tables())
def test_json_and_toml_bring_a_contract_back(table: pl.DataFrame, tmp_path_factory: Any) -> None:
    contract = Contract.infer(table, brief())
    path = tmp_path_factory.mktemp("contract") / "contract.toml"
    path.write_text(contract.to_toml(), encoding="utf-8")

    assert Contract.read(path) == contract
    assert Contract.from_dict(contract.to_dict()) == contract
    assert Contract.read(path).hash == contract.hash


@given(data=st.data())
def test_inference_takes_any_column(data: st.DataObject) -> None:
    values = data.draw(columns(rows=30)).alias("a")
    labels = pl.Series("target", ["yes", "no"] * 15)

    assert len(Contract.infer(pl.DataFrame([values, labels]), brief()).columns) == 2


CONTRACT = """
[columns.age]
kind = "number"
minimum = 17

[columns."Air temperature [K]"]
kind = "number"

[columns.target]
kind = "category"
role = "target"
categories = ["no", "yes"]
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "contract.toml"
    path.write_text(text)
    return path


def test_a_short_contract_can_be_written_by_hand(tmp_path: Path) -> None:
    contract = Contract.read(written(tmp_path, CONTRACT))

    assert contract.numbers == ("age", "Air temperature [K]")
    assert contract.column("age").minimum == 17


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("minimum = 17", "minimun = 17", r"\[columns.age\]: unknown key 'minimun'; did you mean 'minimum'"),
        (
            'kind = "number"\nminimum',
            'kind = "numbr"\nminimum',
            r"\[columns.age\]: 'kind'.*did you mean 'number'",
        ),
        ("minimum = 17", "minimum = 17\nmaximum = 3", r"minimum: 17.0 is above the maximum, 3.0"),
        (
            "minimum = 17",
            'categories = ["a"]',
            r"categories: only for a category column, but the kind is number",
        ),
        ("minimum = 17", "minimum = inf", r"\[columns.age\]: 'minimum'.*finite"),
        ('["no", "yes"]', '["no", "no"]', r"categories: 'no' is there twice"),
        ('["no", "yes"]', '["no"]', r"a target needs at least two categories"),
        ('role = "target"', 'role = "feature"', r"exactly one column has the role 'target', but found none"),
        (
            "[columns.age]",
            "missing_valus = []\n[columns.age]",
            r"unknown key 'missing_valus'; did you mean 'missing_values'",
        ),
        ("[columns.age]", "[columns.age", r"not valid TOML"),
        (
            'kind = "number"\nminimum = 17',
            'kind = "time"\nformat = "%Y"',
            r"\[columns.age\].*lacks a year, a month or a day",
        ),
        (
            'kind = "number"\nminimum = 17',
            'kind = "text"\nsensitive = "name"\ntreatment = "keep"\nreason = "they agreed"',
            r"\[columns.age\].*in the model and in its package",
        ),
        (
            'kind = "number"\nminimum = 17',
            'kind = "text"\nsensitive = "name"\ntreatment = "hash"',
            r"\[columns.age\].*hashed texts have no words",
        ),
    ],
)
def test_a_mistake_is_named_with_the_nearest_that_is_right(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = written(tmp_path, CONTRACT.replace(old, new, 1))

    with pytest.raises(ContractError, match=message):
        Contract.read(path)


def test_an_absent_contract_says_what_writes_one(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="`modelwright new` writes one"):
        Contract.read(tmp_path / "contract.toml")


def test_matrices_have_numbers_before_booleans() -> None:
    table = frame(a=[True, False] * 100, b=[1, 2] * 100, c=["x", "y"] * 100, d=[False, True] * 100)
    contract = Contract.infer(table, brief())

    assert (contract.numbers, contract.texts, contract.times) == (("b", "a", "d"), ("c",), ())


def test_accepting_takes_whatever_comes() -> None:
    contract = Contract.infer(frame(a=[1, 2] * 100, b=["x", "y"] * 100), brief())
    free = contract.accepting()

    assert contract.column("a").missing == "refuse"
    assert conform(free, pl.DataFrame({"b": [None, "new"]}))["b"].to_list() == [None, "new"]
    assert free.target == contract.target


def test_the_hash_tells_contracts_apart() -> None:
    one = Contract.infer(frame(a=[1, 2] * 100), brief())
    other = Contract.infer(frame(a=[1, 3] * 100), brief())

    assert len({one.hash, Contract.from_dict(one.to_dict()).hash, other.hash}) == 2


def test_a_hundred_columns_are_inferred_in_one_pass() -> None:
    table = pl.DataFrame({f"c{at}": [at + row % 7 for row in range(1000)] for at in range(99)})
    contract = Contract.infer(table.with_columns(target=pl.Series(["yes", "no"] * 500)), brief())

    assert len(contract.features) == 99


def test_a_brief_for_another_table_is_refused() -> None:
    stated: Brief = brief(target="outcome")

    with pytest.raises(DataError, match="'outcome' as target"):
        Contract.infer(frame(a=[1, 2] * 100), stated)
