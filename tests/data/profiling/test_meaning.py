"""Columns are taken for what they are meant as, whatever they are stored as."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from modelwright.data import ColumnProfile, profile

ROWS = 200
RNG = np.random.default_rng(0)
DAYS = [date(2013, 1, 1) + timedelta(days=int(day)) for day in RNG.integers(0, 900, ROWS)]
PRICES = RNG.lognormal(7, 1, ROWS).round(2)


def only(name: str, values) -> ColumnProfile:
    (column,) = profile(pl.DataFrame({name: values}, strict=False)).columns
    return column


@pytest.mark.parametrize(
    ("name", "values", "meaning"),
    [
        ("height", RNG.normal(170, 10, ROWS), "number"),
        ("height", [f"{each:.2f}" for each in RNG.normal(170, 10, ROWS)], "number"),
        ("visits", [f"{each:,}" for each in RNG.integers(1000, 10**7, ROWS)], "number"),
        ("x", [f"{each:.2f} €".replace(".", ",") for each in PRICES], "money"),
        ("x", [f"${each:,.2f}" for each in PRICES], "money"),
        ("x", [f"USD {each:.0f}" for each in PRICES], "money"),
        ("unitPrice", PRICES, "money"),
        ("x", [f"{each:.1f} %" for each in RNG.uniform(0, 100, ROWS)], "percent"),
        ("discount_pct", RNG.uniform(0, 100, ROWS), "percent"),
        ("lat", RNG.uniform(40, 50, ROWS), "latitude"),
        ("Longitude", RNG.uniform(-10, 10, ROWS), "longitude"),
        ("x", [f"{a:.4f}, {b:.4f}" for a, b in RNG.uniform(10, 50, (ROWS, 2))], "coordinates"),
        ("x", ["52°31'12\"N", "48°51'24\"N"] * 50, "coordinates"),
        ("x", ["yes", "No"] * 100, "boolean"),
        ("x", [0, 1] * 100, "boolean"),
        ("x", [True, False] * 100, "boolean"),
        ("x", ["red", "green", "blue", "red"] * 50, "category"),
        ("postcode", RNG.choice([1000, 2000, 3050], ROWS), "category"),
        ("x", ["01234", "00001", "98765", "55555"] * 50, "category"),
        ("severity", RNG.integers(1, 5, ROWS), "category"),
        ("icd", RNG.choice(["250.1", "401", "V57", "E885"], ROWS), "category"),
        ("customer_id", RNG.permutation(10**6)[:ROWS], "identifier"),
        ("x", [f"K-{each}" for each in RNG.permutation(10**6)[:ROWS]], "identifier"),
        ("line", np.arange(ROWS) + 1, "identifier"),
        ("x", [f"the {at}th of many long sentences that people wrote" for at in range(ROWS)], "text"),
        ("x", DAYS, "time"),
        ("created_at", RNG.integers(15 * 10**8, 16 * 10**8, ROWS), "time"),
        ("day", [int(f"{each:%Y%m%d}") for each in DAYS], "time"),
        ("x", [None] * ROWS, "empty"),
        ("x", [[1, 2]] * ROWS, "other"),
    ],
)
def test_a_column_is_taken_for_what_it_is_meant_as(name, values, meaning) -> None:
    column = only(name, values)

    assert column.meaning == meaning, column.because
    assert column.because
    assert column.misfits == 0


@pytest.mark.parametrize(
    "form", ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%b %d, %Y", "%d %B %Y", "%Y-%m-%d %H:%M:%S"]
)
def test_a_date_is_read_in_any_format(form) -> None:
    column = only("x", [each.strftime(form) for each in DAYS])

    assert column.meaning == "time"
    assert len(column.formats) == 1
    assert column.numbers.minimum == pytest.approx(seconds(min(DAYS)))
    assert column.numbers.maximum == pytest.approx(seconds(max(DAYS)))


def seconds(day: date) -> float:
    return (day - date(1970, 1, 1)).days * 86400


def test_dates_in_five_formats_in_one_column_are_all_read() -> None:
    forms = ["%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%B %d, %Y", "%Y/%m/%d"]
    texts = [each.strftime(forms[at % 5]) for at, each in enumerate(DAYS)]

    found = profile(pl.DataFrame({"when": texts}))
    (column,) = found.columns

    assert (column.meaning, column.misfits) == ("time", 0)
    assert sorted(each.count for each in column.formats) == [40] * 5
    assert column.numbers.maximum == pytest.approx(seconds(max(DAYS)))
    assert "MW-D302" in [finding.code for finding in found.findings]


def test_numbers_stored_as_text_are_described_as_numbers() -> None:
    texts = [f"{each:.2f}" for each in PRICES]

    column = only("x", texts)

    assert column.numbers.mean == pytest.approx(PRICES.mean())
    assert column.numbers.maximum == pytest.approx(PRICES.max())


def test_amounts_with_a_decimal_comma_are_read_as_meant() -> None:
    column = only("x", ["1.234,50 €", "99,90 €", "12.000,00 €"] * 20)

    assert (column.numbers.minimum, column.numbers.maximum) == (99.9, 12000.0)


def test_a_few_values_that_do_not_fit_are_counted() -> None:
    column = only("x", [*(f"{each:.2f}" for each in PRICES), "see note", "about 3"])

    assert (column.meaning, column.misfits) == ("number", 2)
