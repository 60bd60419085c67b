"""A contract evolves in the open: new data shows what is otherwise, and a person takes it in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from modelwright.data import Change, Contract, amend, check, differences, with_changes
from modelwright.errors import ContractError
from tests.data.strategies import brief, tables

ROWS = 400
OLD = pl.DataFrame(
    {
        "key": [f"k{row}" for row in range(ROWS)],
        "age": [20 + row % 50 for row in range(ROWS)],
        "hours": [None if row % 4 == 0 else row / 7 for row in range(ROWS)],
        "plan": ["basic", "gold", "gold", "trial"] * (ROWS // 4),
        "since": ["2020-01-31", "2021-02-01"] * (ROWS // 2),
        "town": [f"town {row % 60}" for row in range(ROWS)],
        "target": ["yes", "no"] * (ROWS // 2),
    }
)
CONTRACT = Contract.infer(OLD, brief(id="key"))


def found(**new: Any) -> list[tuple[str, str | None, str]]:
    """Return what a table with other columns shows."""
    return [(each.code, each.column, each.act) for each in differences(CONTRACT, OLD.with_columns(**new))]


def repeated(*values: Any) -> pl.Series:
    return pl.Series([*values] * (ROWS // len(values)))


def test_the_data_a_contract_was_inferred_from_shows_nothing_new() -> None:
    assert differences(CONTRACT, OLD) == []


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ({"extra": repeated(1.5, 2.5)}, ("MW-D201", "extra", "add")),
        ({"age": repeated("young", "old")}, ("MW-D203", "age", "edit")),
        ({"age": pl.Series(["old", *map(str, range(20, 60))] + ["30"] * 359)}, ("MW-D203", "age", "none")),
        ({"age": repeated(20, 95)}, ("MW-D204", "age", "edit")),
        ({"plan": repeated("basic", "silver")}, ("MW-D205", "plan", "edit")),
        ({"target": repeated("yes", "no", "no", "maybe")}, ("MW-D205", "target", "none")),
        ({"age": repeated(20, 30, 40, None)}, ("MW-D206", "age", "edit")),
        ({"hours": repeated(1.5, None)}, ("MW-D207", "hours", "edit")),
        ({"hours": repeated(1.5, 2.5)}, ("MW-D207", "hours", "edit")),
        ({"town": pl.Series([f"other {row}" for row in range(ROWS)])}, ("MW-D208", "town", "edit")),
        ({"since": repeated("31.01.2020", "01.02.2021")}, ("MW-D209", "since", "edit")),
        ({"age": repeated(20.0, float("inf"))}, ("MW-D210", "age", "edit")),
    ],
)
def test_each_difference_has_its_code_and_says_what_accepting_does(
    new: dict[str, pl.Series], expected: tuple[str, str, str]
) -> None:
    assert expected in found(**new)


def test_a_column_that_is_gone_is_removed_and_the_nearest_new_name_is_suggested() -> None:
    (gone, new) = differences(CONTRACT, OLD.rename({"age": "ages"}))

    assert (gone.code, gone.act, new.code, new.act) == ("MW-D202", "remove", "MW-D201", "add")
    assert "did you mean 'ages'" in gone.message
    assert "did you mean 'age'" in new.message


def test_a_new_column_that_would_be_ignored_is_not_said_to_be_learned_from() -> None:
    (constant,) = differences(CONTRACT, OLD.with_columns(extra=pl.lit("same")))

    assert "which is ignored: constant" in constant.message
    assert "change its role" in constant.advice
    assert "Accept it to learn from it" not in constant.advice


@pytest.mark.parametrize("absent", ["target", "key"])
def test_rows_without_a_target_or_an_identifier_show_nothing_new(absent: str) -> None:
    assert differences(CONTRACT, OLD.drop(absent)) == []


def test_what_the_data_happens_to_lack_is_no_difference() -> None:
    assert found(age=repeated(30, 31), plan=repeated("gold", "trial")) == []


def test_evidence_is_given_but_no_value_of_a_sensitive_column() -> None:
    contract = Contract.infer(OLD, brief(id="key", protected=["plan", "age"]))
    shown = differences(CONTRACT, OLD.with_columns(plan=repeated("silver", "gold"), age=repeated(99, 20)))
    hidden = differences(contract, OLD.with_columns(plan=repeated("silver", "gold"), age=repeated(99, 20)))

    assert [each.message for each in shown] == [
        "200 of 400 numbers are beyond the range: 20 to 99",
        "200 of 400 rows have 1 new category: 'silver'",
    ]
    assert [each.message for each in hidden] == [
        "200 of 400 numbers are beyond the range",
        "200 of 400 rows have 1 new category",
    ]


@given(data=st.data())
def test_data_holds_to_the_contract_that_took_its_differences_in(data: st.DataObject) -> None:
    learned, other = data.draw(tables()), data.draw(tables())
    names = [column.name for column in Contract.infer(learned, brief()).columns]
    taken = list(zip(other.columns[:-1], names[:-1], strict=False))
    fresh_names = [*(name for _, name in taken), *other.columns[len(taken) :]]
    assume(len(set(fresh_names)) == other.width and "target" in fresh_names)
    fresh = other.rename(dict(zip(other.columns, fresh_names, strict=True)))
    contract = Contract.infer(learned, brief())
    changes = differences(contract, fresh)
    refused = {each.column for each in changes if each.act == "none"}

    left = [each for each in check(with_changes(contract, changes), fresh) if each.column not in refused]

    assert left == []


WRITTEN = """\
# Ours since 2024; ask Kim before editing.
format = 1

# The age at sign-up.
[columns.age]
kind = "number"   # whole years
minimum = 18      # by law
maximum = 69
# 150 is a slip
out_of_range = "refuse"

[columns."a \\"b\\" # c"]
kind = "category"
categories = [
    "x",  # most of them
    "y"   # few
]  # that is all

[columns.old]   # goes soon
kind = "number"

[columns.target]
kind = "category"
role = "target"
categories = ["no", "yes"]
"""


@pytest.fixture
def written(tmp_path: Path) -> Contract:
    path = tmp_path / "contract.toml"
    path.write_text(WRITTEN)
    return Contract.read(path)


def edited(contract: Contract, *changes: tuple[str, str, dict[str, Any]]) -> tuple[Contract, str]:
    """Take changes in, and return the contract and its text."""
    made = [
        Change(code="MW-D204", column=name, message="", act=act, updates=updates)  # type: ignore[arg-type]
        for name, act, updates in changes
    ]
    after = with_changes(contract, made)
    return after, amend(WRITTEN, contract, after)


def reread(text: str, folder: Path) -> Contract:
    path = folder / "amended.toml"
    path.write_text(text)
    return Contract.read(path)


def test_nothing_changed_is_nothing_written(written: Contract) -> None:
    assert amend(WRITTEN, written, written) == WRITTEN


def test_an_edit_leaves_comments_order_and_other_keys_alone(written: Contract, tmp_path: Path) -> None:
    after, text = edited(written, ("age", "edit", {"minimum": 16.0, "missing": "refuse"}))

    assert reread(text, tmp_path) == after
    assert text == WRITTEN.replace("minimum = 18      # by law", "minimum = 16.0      # by law").replace(
        'out_of_range = "refuse"\n', 'out_of_range = "refuse"\nmissing = "refuse"\n'
    )


def test_new_categories_are_added_below_the_known_ones(written: Contract, tmp_path: Path) -> None:
    name = 'a "b" # c'
    after, text = edited(written, (name, "edit", {"categories": ("x", "y", 'z "#"')}))

    assert reread(text, tmp_path) == after
    assert '"x",  # most of them\n' in text
    assert text.index('z \\"#\\"') > text.index('"y"')


def test_columns_come_and_go(written: Contract, tmp_path: Path) -> None:
    new = {"name": "new", "kind": "boolean", "role": "feature"}
    after, text = edited(written, ("old", "remove", {}), ("new", "add", new))

    assert reread(text, tmp_path) == after
    assert "goes soon" not in text
    assert text.rstrip().endswith('missing = "accept"')
    assert text.startswith("# Ours since 2024; ask Kim before editing.\n")


def test_another_kind_drops_the_keys_of_the_old_one(written: Contract, tmp_path: Path) -> None:
    after, text = edited(written, ("age", "edit", {"kind": "category", "categories": ("young", "old")}))

    assert reread(text, tmp_path) == after
    assert "minimum" not in text
    assert "# The age at sign-up." in text


def test_a_column_that_is_written_inline_is_not_edited_blindly(tmp_path: Path) -> None:
    text = """[columns]
age = {kind = "number"}
target = {kind = "category", role = "target", categories = ["no", "yes"]}
"""
    before = reread(text, tmp_path)
    after = with_changes(before, [Change(code="MW-D202", column="age", message="", act="remove")])

    with pytest.raises(ContractError, match=r"does not write column 'age' as a section of its own"):
        amend(text, before, after)


@given(data=st.data())
def test_any_contract_is_amended_into_any_other(data: st.DataObject, tmp_path_factory: Any) -> None:
    before = Contract.infer(data.draw(tables()), brief())
    after = Contract.infer(data.draw(tables()), brief())
    path = tmp_path_factory.mktemp("contract") / "contract.toml"
    path.write_text(amend(before.to_toml(), before, after), encoding="utf-8")

    assert {each.name: each for each in Contract.read(path).columns} == {
        each.name: each for each in after.columns
    }
