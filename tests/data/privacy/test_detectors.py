from __future__ import annotations

import polars as pl
import pytest

from modelwright.data import find_personal_data
from modelwright.data.contract import MISSING_VALUES
from modelwright.data.privacy.check_digits import digits_of, iso7064_mod_11_10, luhn, verhoeff
from modelwright.data.privacy.iban import DETECTOR as IBAN
from modelwright.data.privacy.national_ids import (
    BRAZIL,
    BRITAIN,
    CHINA,
    FRANCE,
    GERMANY,
    INDIA,
    ITALY,
    NETHERLANDS,
    POLAND,
    SPAIN,
    SWEDEN,
    UNITED_STATES,
)
from modelwright.data.privacy.words import is_named, parts_of
from tests.data.privacy.people import ORDINARY, PEOPLE, column

MARKERS = frozenset(MISSING_VALUES)
WITHOUT_A_NAME = {"customer_name", "address", "plz", "dateOfBirth", "latitude", "ssn"}
"""What no value can prove; a US number needs its dashes, and then only proves that it is possible."""


def found_in(**columns: list[str]) -> dict[str, str]:
    return {each.column: each.kind for each in find_personal_data(pl.DataFrame(columns), MARKERS)}


@pytest.mark.parametrize("name", PEOPLE)
def test_personal_data_is_found_where_the_name_says_so_too(name: str) -> None:
    kind, make = PEOPLE[name]

    assert found_in(**{name: column(make)}) == {name: kind}


@pytest.mark.parametrize("name", sorted(PEOPLE.keys() - WITHOUT_A_NAME))
def test_values_that_prove_themselves_are_found_under_any_name(name: str) -> None:
    kind, make = PEOPLE[name]

    assert found_in(field_7=column(make)) == {"field_7": kind}


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_columns_are_not_accused(name: str) -> None:
    assert found_in(**{name: column(ORDINARY[name])}) == {}


def test_a_few_bad_values_hide_nothing() -> None:
    values = [*column(PEOPLE["email"][1], 80), *["unknown"] * 5, *["none given", "?", ""]]

    assert found_in(contact=values) == {"contact": "email"}


@pytest.mark.parametrize("name", ["phone", "card", "address", "email", "ssn", "dob", "ip", "name", "lat"])
def test_a_name_without_values_that_may_be_accuses_nobody(name: str) -> None:
    assert found_in(**{name: ["yes", "no"] * 50}) == {}


def test_numbers_are_looked_at_as_they_would_be_written() -> None:
    cards = [int(each.replace(" ", "")) for each in column(PEOPLE["card"][1])]

    found = find_personal_data(pl.DataFrame({"paid_with": cards}), MARKERS)

    assert [(each.kind, each.share, each.named) for each in found] == [("card", 1.0, False)]


def test_evidence_is_told_without_a_value() -> None:
    values = column(PEOPLE["email"][1])

    (found,) = find_personal_data(pl.DataFrame({"email": values}), MARKERS)

    assert "100% of" in found.evidence
    assert "the column's name" in found.evidence
    assert not any(value in repr(found) for value in values)
    assert 0.95 < found.confidence <= 1


def test_a_large_table_is_looked_at_in_a_sample() -> None:
    emails = pl.Series([f"someone{n}@example.org" for n in range(30_000)])

    (found,) = find_personal_data(pl.DataFrame({"mail": emails}), MARKERS)

    assert found.values == 2000


@pytest.mark.parametrize(
    ("detector", "valid", "invalid"),
    [
        (UNITED_STATES, "078-05-1120", "666-05-1120"),
        (BRITAIN, "AB123456C", "BG123456C"),
        (GERMANY, "86095742719", "86095742718"),
        (FRANCE, "255081416802538", "255081416802539"),
        (SPAIN, "12345678Z", "12345678A"),
        (SPAIN, "X1234567L", "X1234567M"),
        (ITALY, "RSSMRA85T10A562S", "RSSMRA85T10A562T"),
        (BRAZIL, "529.982.247-25", "529.982.247-26"),
        (INDIA, "234123412346", "234123412347"),
        (CHINA, "11010519491231002X", "110105194912310021"),
        (POLAND, "44051401359", "44051401358"),
        (NETHERLANDS, "111222333", "111222334"),
        (SWEDEN, "811218-9876", "811218-9875"),
        (IBAN, "GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 33"),
    ],
)
def test_published_examples_are_valid_and_a_slip_is_not(detector, valid: str, invalid: str) -> None:
    written = pl.Series([valid, invalid]).str.contains(detector.pattern)

    assert written.all()
    assert detector.valid(valid)
    assert not detector.valid(invalid)


@pytest.mark.parametrize("check", [luhn, verhoeff, iso7064_mod_11_10])
def test_one_wrong_digit_is_always_noticed(check) -> None:
    start = "8609574271"
    number = next(digits_of(f"{start}{last}") for last in range(10) if check(digits_of(f"{start}{last}")))

    for place, digit in enumerate(number):
        for other in {*range(10)} - {digit}:
            assert not check([*number[:place], other, *number[place + 1 :]])


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("E-Mail", "email", True),
        ("customerEmail", "email", True),
        ("Prénom", "prenom", True),
        ("date of birth", "date_of_birth", True),
        ("DATEOFBIRTH", "date_of_birth", True),
        ("电话", "电话", True),
        ("mailbox", "mail", False),
        ("captain", "pan", False),
    ],
)
def test_words_are_read_in_names_however_these_are_written(name: str, words: str, said: bool) -> None:
    assert is_named(name, words) == said


def test_names_are_taken_apart() -> None:
    assert parts_of("ShipTo-Straße 2") == "ship_to_strasse_2"
