"""Proposals: what is surely right is switched on, the rest waits for a person."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from modelwright.data import Contract, clean, effects, propose_cleaning
from modelwright.problem import CleaningStep, ColumnRoles
from tests.data.cleaning.worlds import brief, dirty

ROWS = 120


def proposed(values: list[Any], name: str = "c", **roles: Any) -> list[CleaningStep]:
    """Return what is proposed for one column of a table."""
    rng = np.random.default_rng(0)
    table = pl.DataFrame({name: values, "target": rng.choice(["yes", "no"], len(values))}, strict=False)
    return list(propose_cleaning(table, "target", ColumnRoles(**roles)))


def repeated(*texts: str, rows: int = ROWS) -> list[str]:
    return [texts[at % len(texts)] for at in range(rows)]


def test_everything_that_is_wrong_with_a_table_is_proposed_with_its_count() -> None:
    table = dirty()
    table = pl.concat([table, table.head(7)])

    found = {
        (step.step, step.columns): (step.enabled, step.changes)
        for step in propose_cleaning(table, "again", ColumnRoles(id="customer"))
        if step.step != "spelling"
    }

    assert found == {
        ("number", ("price",)): (True, 307),
        ("number", ("european",)): (True, 307),
        ("number", ("share",)): (True, 307),
        ("unit", ("weight",)): (True, 307),
        ("date", ("since",)): (True, 307),
        ("impossible", ("age",)): (True, int((table["age"] < 0).sum())),
        ("missing", ("income",)): (True, int((table["income"] == -999).sum())),
        ("missing", ("score",)): (True, int((table["score"] == "n/d").sum())),
        ("constant", ("same",)): (True, 1),
        ("no_target", ()): (True, table["again"].null_count()),
        ("duplicates", ()): (True, 7),
    }


def test_spellings_are_joined_surely_by_case_and_blanks_only() -> None:
    surely, doubtful = (
        step for step in propose_cleaning(dirty(3000), "again", ColumnRoles()) if step.step == "spelling"
    )

    assert (surely.enabled, surely.replace) == (True, {"new york": "New York", " New York": "New York"})
    assert (doubtful.enabled, doubtful.replace) == (False, {"Bostn": "Boston"})


def test_a_clean_table_is_left_alone() -> None:
    rng = np.random.default_rng(0)
    table = pl.DataFrame(
        {
            "grade": rng.choice(["A", "A-", "A+", "B"], ROWS),
            "size": rng.choice(["m", "M", "l"], ROWS),
            "income": rng.choice(["<50K", ">50K", "50K"], ROWS),
            "code": [f"{each:05d}" for each in rng.integers(0, 99999, ROWS)],
            "phone": [f"555 {each:03d} {each:03d}" for each in rng.integers(100, 999, ROWS)],
            "count": rng.choice(["none", "1", "2", "3"], ROWS),
            "temperature": rng.normal(0, 9, ROWS),
            "age": rng.integers(0, 99, ROWS),
            "version": rng.choice(["1.2.3", "1.10.0"], ROWS),
            "target": rng.choice(["yes", "no"], ROWS),
        }
    )

    assert [step for step in propose_cleaning(table, "target", ColumnRoles()) if step.enabled] == []


@pytest.mark.parametrize(
    ("values", "keys"),
    [
        (repeated("$1,234", "$950"), {"thousands": ",", "marks": ("$",)}),
        (repeated("1.234,5", "12,25"), {"decimal": ",", "thousands": "."}),
        (repeated("0,125", "0,250", "1,5"), {"decimal": ",", "thousands": ""}),
        (repeated("12%", "7 %"), {"marks": ("%",)}),
        (repeated("EUR 5", "EUR 7.50"), {"marks": ("EUR",)}),
        (repeated("1 234,5", "999,1"), {"decimal": ",", "thousands": " "}),
        (repeated("1,234", "1,234,567"), {"thousands": ","}),
        (repeated("(1,234)", "950"), {"thousands": ","}),
    ],
)
def test_the_way_of_writing_numbers_is_found(values: list[str], keys: dict[str, Any]) -> None:
    (step,) = proposed(values)

    assert step.step == "number"
    assert step.enabled
    assert {key: getattr(step, key) for key in keys} == keys


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (repeated("1,234", "5,678"), "decimal mark"),
        (repeated("$5", "€7"), "2 currencies"),
        (repeated("5%", "0.07"), "percent sign"),
        ([*repeated("$5", "$7", "$9"), "ask"], "1 cells are none"),
        (repeated("123 456 789", "987 654 321"), "codes"),
    ],
)
def test_numbers_that_can_be_read_in_two_ways_wait_for_a_person(values: list[str], why: str) -> None:
    (step,) = (each for each in proposed(values) if each.step == "number")

    assert not step.enabled
    assert why in step.evidence


def test_dates_whose_day_may_be_the_month_wait_for_a_person() -> None:
    (surely,) = proposed(repeated("2020-01-02", "25/12/2020", "01/02/2020"))
    (doubtful,) = proposed(repeated("2020-01-02", "05/12/2020", "01/02/2020"))

    assert (surely.enabled, doubtful.enabled) == (True, False)
    assert set(surely.formats) == {"iso8601", "%d/%m/%Y"}


@pytest.mark.parametrize(
    ("numbers", "sentinel", "enabled"),
    [
        ([*range(28), *[999] * 50], "999", True),
        ([*range(100), *[-99] * 6], "-99", True),
        ([*range(18, 80), *[99] * 6], None, None),
        ([*range(0, 900, 7), *[999] * 6], None, None),
        ([*range(0, 600, 7), *[1400] * 6], None, None),
        ([*range(0, 400, 7), *[999] * 6], "999", False),
        ([*range(0, 400, 7), 999], None, None),
        ([*range(16, 80), *[-1] * 6], "-1", False),
        ([*range(-5, 80), *[-99] * 6], "-99", False),
    ],
)
def test_a_number_is_a_sentinel_where_it_recurs_far_from_all_others(
    numbers: list[int], sentinel: str | None, enabled: bool | None
) -> None:
    found = proposed(numbers)

    assert [(step.values, step.enabled) for step in found] == ([((sentinel,), enabled)] if sentinel else [])


def test_what_may_mean_something_in_a_category_waits_for_a_person() -> None:
    (unknown,) = proposed(repeated("red", "blue", "unknown"))
    (error,) = proposed(repeated("red", "blue", "#REF!"))

    assert (unknown.enabled, unknown.values) == (False, ("unknown",))
    assert (error.enabled, error.values) == (True, ("#REF!",))


def test_copies_without_an_identifier_may_be_separate_events() -> None:
    rng = np.random.default_rng(0)
    table = pl.DataFrame({name: rng.normal(size=ROWS).round(3) for name in "abcd"}).with_columns(
        target=pl.Series(rng.choice(["yes", "no"], ROWS))
    )
    twice = pl.concat([table, table.head(5), table.head(3).with_columns(pl.col("a") + 1e-6)])

    exact, near = propose_cleaning(twice, "target", ColumnRoles())

    assert (exact.step, exact.enabled, exact.changes) == ("duplicates", False, 5)
    assert (near.step, near.enabled) == ("near_duplicates", False)
    assert near.changes >= 3


def test_what_was_proposed_is_what_is_changed() -> None:
    table = dirty()
    steps = propose_cleaning(table, "again", ColumnRoles(id="customer"))
    contract = Contract.infer(table, brief(*steps))

    found = effects(table, steps, contract)

    assert [(each.step, each.changes) for each in found] == [(step.step, step.changes) for step in steps]


def test_nothing_is_proposed_twice() -> None:
    steps = propose_cleaning(dirty(), "again", ColumnRoles(id="customer"))
    again = propose_cleaning(clean(dirty(), steps), "again", ColumnRoles(id="customer"))

    rows_and_columns = {"no_target", "constant", "duplicates"}
    assert [step for step in again if step.enabled and step.step not in rows_and_columns] == []


def test_messages_never_show_values_of_protected_columns() -> None:
    values = repeated("male", "Male", "female")

    (shown,) = proposed(values)
    (hidden,) = proposed(values, protected=["c"])

    assert "'male" in shown.evidence.lower()
    assert "male" not in hidden.evidence.lower()


def test_the_contract_is_inferred_after_the_steps() -> None:
    table = dirty()
    steps = propose_cleaning(table, "again", ColumnRoles(id="customer"))
    contract = Contract.infer(table, brief(*steps))

    kinds = {column.name: (column.kind, column.role) for column in contract.columns}

    assert {name: kinds[name][0] for name in ("price", "european", "share", "weight", "income", "score")} == (
        dict.fromkeys(["price", "european", "share", "weight", "income", "score"], "number")
    )
    assert kinds["since"] == ("time", "feature")
    assert kinds["same"][1] == "ignore"
    assert contract.column("income").minimum >= 1000
    assert set(contract.column("city").categories) == {"New York", "Boston", "Bostn", "Chicago"}
