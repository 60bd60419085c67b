"""The steps: the same on a column, on one cell, and done twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data import Column, Contract, Validator, check, clean, conform, matrices
from modelwright.data.cleaning import cleaners_of
from modelwright.errors import BriefError, RowError
from modelwright.problem import CleaningStep
from tests.data.strategies import CELLS

TARGET = Column(name="target", kind="category", role="target", categories=("no", "yes"), unseen="refuse")
QUANTITIES = {"kg": 1.0, "g": 0.001, "lb": 0.45359237}

NUMERALS = st.sampled_from(
    [
        "$1,234.50", "-$3", "$-3", "(12.5)", "1.234,5 €", "1.234", "1,234", "12 %", "1 234", "1\u202f234,5",
        "5e3",
        "+7", "\u22127", "$", "%", "1,23,4", "0012", "-999", " -999 ", "999", "1'234", "1e5", "--3", "(-3)",
    ]
)  # fmt: skip
QUANTITY_TEXTS = st.sampled_from(["5 kg", "500g", "5", "1,5 kg", "1.500,5 g", "2 lb", "3 st", "kg", "-1 kg"])
DATES = st.sampled_from(
    ["3/4/2020", "13/4/2020", "2020-04-03", "4.3.20", "3 Apr 2020", "2020-04-03T10:00+02:00"]
)
WORDS = st.sampled_from(["New York", "new york", " new york", "unknown", "Unknown", "n/d", "", "?"])
CELLS_AND_MORE = {
    **{name: cells for name, (cells, _) in CELLS.items()},
    "numeral": NUMERALS,
    "quantity": QUANTITY_TEXTS,
    "date as text": DATES,
    "word": WORDS,
}
DTYPES = {**{name: dtype for name, (_, dtype) in CELLS.items()}}


def step(kind: str, *columns: str, **keys: Any) -> CleaningStep:
    return CleaningStep.model_validate({"step": kind, "columns": columns, **keys})


@st.composite
def steps(draw: st.DrawFn, column: str) -> list[CleaningStep]:
    written = st.sampled_from([(".", ""), (".", ","), (",", "."), (",", " "), (".", "'")])
    decimal, thousands = draw(written)
    marks = ("$", "€", "%")
    known = [
        step("missing", column, values=["-999", "unknown", "n/d", "5", "2020-04-03", "?"]),
        step("spelling", column, replace={"new york": "New York", " new york": "New York", "a": "A"}),
        step("number", column, decimal=decimal, thousands=thousands, marks=marks),
        step("date", column, formats=["%d/%m/%Y", "%m.%d.%y", "%d %b %Y"]),
        step("unit", column, unit="kg", factors=QUANTITIES, decimal=decimal, thousands=thousands),
        step("impossible", column, minimum=-10, maximum=1000),
    ]
    return draw(st.lists(st.sampled_from(known), min_size=1, max_size=3, unique_by=lambda each: each.step))


@st.composite
def raw_columns(draw: st.DrawFn, rows: int) -> pl.Series:
    kind = draw(st.sampled_from(sorted(CELLS_AND_MORE)))
    cells = draw(st.lists(st.none() | CELLS_AND_MORE[kind], min_size=rows, max_size=rows))
    return pl.Series(cells, dtype=DTYPES.get(kind, pl.String()))


def outcome(action: Any) -> Any:
    try:
        return action()
    except RowError as error:
        return {(fault.row, fault.column, fault.message) for fault in error.faults}


@given(data=st.data())
def test_a_record_is_cleaned_as_the_same_row_of_a_table(data: st.DataObject) -> None:
    rows = data.draw(st.integers(1, 5))
    kinds = data.draw(
        st.lists(st.sampled_from(["number", "boolean", "category", "time"]), min_size=1, max_size=4)
    )
    names = [f"c{at}" for at in range(len(kinds))]
    columns = [
        Column(
            name=name,
            kind=kind,
            missing=data.draw(st.sampled_from(["accept", "refuse"])),
            categories=("New York", "x", "1") if kind == "category" else (),
        )
        for name, kind in zip(names, kinds, strict=True)
    ]
    declared = [each for name in names for each in data.draw(steps(name) | st.just([]))]
    contract = Contract(columns=(*columns, TARGET)).with_cleaning(declared)
    table = pl.DataFrame([data.draw(raw_columns(rows)).alias(name) for name in names])

    from_table = outcome(lambda: matrices(contract, conform(contract, table)))
    from_records = outcome(lambda: Validator(contract).records(table.to_dicts())[0])

    assert from_records == from_table


@given(data=st.data())
def test_what_is_clean_stays_as_it_is(data: st.DataObject) -> None:
    column = data.draw(raw_columns(4)).alias("c")
    declared = data.draw(steps("c"))
    for each in declared:
        once = clean(column.to_frame(), [each])

        assert clean(once, [each]).equals(once, null_equal=True)


@given(data=st.data())
def test_a_cell_is_cleaned_as_its_column(data: st.DataObject) -> None:
    column = data.draw(raw_columns(4)).alias("c")
    cleaner = cleaners_of(data.draw(steps("c")))["c"]
    if column.dtype == pl.Categorical:
        column = column.cast(pl.String)

    cells = [cleaner.cell(value) for value in column.to_list()]

    for cell, value in zip(cells, cleaner.series(column).to_list(), strict=True):
        assert cell == value or (cell != cell and value != value)  # noqa: PLR0124 - NaN


@pytest.mark.parametrize(
    ("keys", "text", "becomes"),
    [
        ({"thousands": ",", "marks": ["$"]}, "$1,234.50", "1234.50"),
        ({"thousands": ",", "marks": ["$"]}, "-$1,234", "-1234"),
        ({"thousands": ",", "marks": ["$"]}, "($1,234)", "-1234"),
        ({"thousands": ",", "marks": ["$"]}, "$ 5", "5"),
        ({"decimal": ",", "thousands": ".", "marks": ["€"]}, "1.234,50 €", "1234.50e0"),
        ({"decimal": ",", "thousands": " "}, "1\u202f234,5", "1234.5"),
        ({"marks": ["%"]}, "12.5 %", "12.5"),
        ({"marks": ["%"]}, ".5%", "0.5"),
        ({"thousands": ","}, "1,23", "1,23"),
        ({"marks": ["$"]}, "$", "$"),
        ({"marks": ["$"]}, "about $5", "about $5"),
        ({}, "\u22125", "-5"),
    ],
)
def test_numbers_are_read_as_they_are_declared_to_be_written(
    keys: dict[str, Any], text: str, becomes: str
) -> None:
    cleaner = cleaners_of([step("number", "c", **keys)])["c"]

    assert cleaner.cell(text) == becomes


def test_units_are_brought_to_one() -> None:
    cleaner = cleaners_of([step("unit", "c", unit="g", factors={"kg": 1, "g": 0.001, "lb": 0.45359237})])["c"]

    assert [float(cleaner.cell(text)) for text in ("2 kg", "2kg", "2.5 g", "7")] == [2000, 2000, 2.5, 7]
    assert float(cleaner.cell("1 lb")) == pytest.approx(453.59237)
    assert cleaner.cell("3 stone") == "3 stone"


def test_the_first_format_that_reads_a_date_counts() -> None:
    cleaner = cleaners_of([step("date", "c", formats=["%d/%m/%Y", "%m/%d/%Y"])])["c"]

    assert cleaner.cell("03/04/2020") == "2020-04-03T00:00:00Z"
    assert cleaner.cell("04/13/2020") == "2020-04-13T00:00:00Z"
    assert cleaner.cell("2020-04-03") == "2020-04-03"
    assert cleaner.cell("soon") == "soon"


@pytest.mark.parametrize(
    ("value", "is_missing"),
    [
        (-999.0, True),
        (-999, True), ("-999", True), (" -999.0 ", True), ("unknown", True), ("Unknown", False),
        (999, False), ("00", False), (True, False), (dt.date(9999, 12, 31), True), (None, True),
    ],
)  # fmt: skip
def test_sentinels_are_met_however_they_are_written(value: Any, is_missing: bool) -> None:
    cleaner = cleaners_of([step("missing", "c", values=["-999", "unknown", "0", "9999-12-31"])])["c"]

    assert (cleaner.cell(value) is None) == is_missing


def test_wrong_values_are_still_refused() -> None:
    column = Column(name="price", kind="number")
    contract = Contract(columns=(column, TARGET)).with_cleaning([step("number", "price", marks=["$"])])
    table = pl.DataFrame({"price": ["$5", "five"], "target": ["yes", "no"]})

    with pytest.raises(RowError, match="row 1, column 'price': must be a finite number"):
        conform(contract, table)
    with pytest.raises(RowError, match="row 1, column 'price': must be a finite number"):
        Validator(contract).records(table.to_dicts())
    assert [finding.code for finding in check(contract, table)] == ["MW-D103"]


def test_numbers_that_are_cleaned_are_checked_too() -> None:
    column = Column(name="n", kind="number", minimum=0, maximum=10, missing="refuse")
    contract = Contract(columns=(column, TARGET)).with_cleaning([step("missing", "n", values=["5"])])
    table = pl.DataFrame({"n": [1, 5], "target": ["yes", "no"]})

    assert [finding.code for finding in check(contract, table)] == ["MW-D104"]


def test_a_marker_that_is_switched_off_is_a_text_in_its_columns() -> None:
    columns = [Column(name=name, kind="category", categories=("?", "x")) for name in ("kept", "other")]
    off = step("missing", "kept", values=["?"], enabled=False)
    contract = Contract(columns=(*columns, TARGET)).with_cleaning([off])
    table = pl.DataFrame({"kept": ["?"], "other": ["?"]})

    assert conform(contract, table).row(0) == ("?", None)
    assert Validator(contract).records(table.to_dicts())[0].texts.tolist() == [["?", ""]]


def test_steps_that_are_switched_off_do_nothing() -> None:
    table = pl.DataFrame({"c": ["$5"]})

    assert clean(table, [step("number", "c", marks=["$"], enabled=False)]).equals(table)


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        (
            step("number", "prise"),
            "step 1 .number.: there is no column 'prise'; did you mean 'price'",
        ),
        (step("date", "price", formats=["%Q"]), "directive '%Q'"),
        (step("constant", "target"), "'target' has the role 'target'"),
    ],
)
def test_steps_that_cannot_be_done_are_named(declared: CleaningStep, words: str) -> None:
    contract = Contract(columns=(Column(name="price", kind="number"), TARGET))

    with pytest.raises(BriefError, match=words):
        contract.with_cleaning([declared])


def test_the_steps_travel_with_the_contract_without_what_is_said_of_them() -> None:
    columns = (Column(name="price", kind="number"), TARGET)
    one = step("number", "price", marks=["$"], evidence="3 cells", changes=3)
    contract = Contract(columns=columns).with_cleaning([one])

    assert contract.to_dict()["cleaning"] == [
        {"step": "number", "columns": ["price"], "enabled": True, "marks": ["$"]}
    ]
    assert Contract.from_dict(contract.to_dict()) == contract
    assert "cleaning" not in Contract(columns=columns).to_dict()
    assert contract.accepting().cleaning == contract.cleaning


def test_constant_columns_are_left_out_and_come_back() -> None:
    contract = Contract(columns=(Column(name="same", kind="category"), TARGET))
    left_out = contract.with_cleaning([step("constant", "same")])
    back = left_out.with_cleaning([step("constant", "same", enabled=False)])

    assert [each.role for each in left_out.columns] == ["ignore", "target"]
    assert [each.role for each in back.columns] == ["feature", "target"]
