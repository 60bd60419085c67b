"""A table is checked in parts as it is whole: the same findings, whatever the parts' size."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data import Checker, Contract, check
from tests.data.strategies import brief, tables

ROWS = 30_000
WRONG = pl.DataFrame(
    {
        "key": [f"k{row % 29_999}" for row in range(ROWS)],
        "number": [float(row) if row % 100 else 1e9 for row in range(ROWS)],
        "written": [str(row % 300) if row % 7 else "?" if row % 2 else "many" for row in range(ROWS)],
        "few": ["a", "b", None] * (ROWS // 3),
        "when": ["2020-01-31", "2020-02-31"] * (ROWS // 2),
        "target": ["yes", "no"] * (ROWS // 2),
    }
)
RIGHT = pl.DataFrame(
    {
        "key": [f"k{row}" for row in range(200)],
        "number": [float(row) for row in range(200)],
        "written": [str(row * 7 % 200) for row in range(200)],
        "few": ["a", "c"] * 100,
        "when": ["2020-01-31", "2020-02-01"] * 100,
        "target": ["yes", "no"] * 100,
    }
)
CONTRACT = Contract.infer(RIGHT, brief(id="key"))


@given(data=st.data())
def test_a_table_and_its_parts_are_found_the_same(data: st.DataObject) -> None:
    learned, other = data.draw(tables()), data.draw(tables())
    size = data.draw(st.integers(1, 31))
    contract = Contract.infer(learned, brief())
    names = [column.name for column in contract.columns]
    kept = other.columns[:-1][: len(names) - 1]  # no more than there are names: others might clash with them
    renamed = other.select(kept).rename(dict(zip(kept, names, strict=False)))

    assert check(contract, learned.iter_slices(size)) == []
    assert check(contract, renamed.iter_slices(size)) == check(contract, renamed)


@pytest.mark.parametrize("size", [1_000, 4_999, 20_000, ROWS])
def test_every_fault_is_found_in_parts_of_any_size(size: int) -> None:
    findings = check(CONTRACT, WRONG.iter_slices(size))

    assert findings == check(CONTRACT, WRONG)
    assert [(each.code, each.column) for each in findings] == [
        ("MW-D108", "key"),
        ("MW-D106", "number"),
        ("MW-D103", "written"),
        ("MW-D104", "written"),
        ("MW-D106", "written"),
        ("MW-D104", "few"),
        ("MW-D107", "few"),
        ("MW-D103", "when"),
    ]


def test_a_finding_says_where_how_many_which_why_and_what_to_do() -> None:
    found = {(each.code, each.column): each for each in check(CONTRACT, WRONG.iter_slices(7_000))}
    days = found["MW-D103", "when"]

    assert days.rows == (1, 3, 5, 7, 9)
    assert days.count == ROWS // 2
    assert days.examples == ("2020-02-31",)
    assert days.why == "Such a value cannot be used: a build stops, and the server refuses the record."
    assert days.advice
    assert found["MW-D104", "few"].rows == (2, 5, 8, 11, 14)
    assert found["MW-D108", "key"].rows == (0, 29_999)
    assert found["MW-D108", "key"].examples == ()


def test_rows_are_counted_from_the_beginning_of_the_source() -> None:
    late = pl.concat([RIGHT, RIGHT.with_columns(number=pl.lit(1e9)).head(1).with_columns(key=pl.lit("new"))])
    (finding,) = check(CONTRACT, late.iter_slices(64))

    assert finding.rows == (200,)


def test_a_source_without_rows_says_so() -> None:
    assert [each.code for each in check(CONTRACT, iter([]))] == ["MW-D109"]
    assert [each.code for each in check(CONTRACT, RIGHT.clear().iter_slices(10))] == ["MW-D109"]


def test_what_was_found_so_far_can_be_asked_at_any_time() -> None:
    checker = Checker(CONTRACT)
    checker.add(RIGHT)
    before = checker.findings()
    checker.add(WRONG.select(RIGHT.columns).head(1))

    assert before == []
    assert checker.rows == 201
    assert checker.findings()
