from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data import Column, Contract, Treatments, treat, with_key
from modelwright.data.privacy.generalising import network_of, place_of, region_of, tenth_of, year_of
from modelwright.data.privacy.treating import PREFIX
from modelwright.errors import PrivacyError

KEY = "correct horse battery staple, forty signs"

CONTRACT = Contract(
    columns=(
        Column(name="y", kind="number", role="target"),
        Column(name="size", kind="number"),
        Column(name="email", kind="category", role="id", sensitive="email", treatment="hash"),
        Column(name="phone", kind="text", role="ignore", sensitive="phone", treatment="drop"),
        Column(name="born", kind="number", sensitive="birth_date", treatment="generalise"),
        Column(name="lat", kind="number", sensitive="coordinates", treatment="generalise"),
        Column(name="at", kind="category", sensitive="coordinates", treatment="generalise"),
        Column(name="ip", kind="category", sensitive="ip", treatment="generalise"),
        Column(name="zip", kind="category", sensitive="postcode", treatment="generalise"),
        Column(name="note", kind="text", role="ignore", sensitive="name", treatment="keep", reason="law"),
    )
)

NOTHING = Contract(columns=(Column(name="y", kind="number", role="target"), Column(name="x", kind="number")))


@pytest.fixture(autouse=True)
def _key(monkeypatch) -> None:
    monkeypatch.setenv("MODELWRIGHT_PRIVACY_KEY", KEY)


texts = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(
        ["anna@example.org", " anna@example.org ", "NA", "?", "1980-02-29", "31.12.1999", "19800131"]
    ),
    st.sampled_from(
        ["52.52437", "-0.05", "52.5, 13.40531", "192.0.2.77", "2001:db8::1", "10.0.0.0/8", "SW1A 1AA"]
    ),
    st.dates().map(str),
    st.ip_addresses().map(str),
    st.floats(-180, 180).map(str),
)
numbers = st.one_of(st.none(), st.floats(-1e6, 1e6), st.integers(-(10**12), 10**12).map(float))


@given(
    st.lists(
        st.fixed_dictionaries(dict.fromkeys(("email", "phone", "born", "at", "ip", "zip", "note"), texts)),
        min_size=1,
    )
)
def test_a_table_is_treated_like_its_records(rows: list[dict[str, str | None]]) -> None:
    treatments = Treatments(CONTRACT)
    table = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String))

    assert treatments.table(table).to_dicts() == treatments.records(rows)


@given(st.lists(st.fixed_dictionaries({"lat": numbers, "email": numbers, "zip": numbers}), min_size=1))
def test_numbers_too(rows: list[dict[str, float | None]]) -> None:
    treatments = Treatments(CONTRACT)
    table = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.Float64))

    assert treatments.table(table).to_dicts() == treatments.records(rows)


@given(
    st.lists(
        st.fixed_dictionaries(dict.fromkeys(("email", "born", "lat", "at", "ip", "zip"), texts)),
        min_size=1,
    )
)
def test_what_is_treated_passes_unchanged(rows: list[dict[str, str | None]]) -> None:
    treatments = Treatments(CONTRACT)

    once = treatments.records(rows)

    assert treatments.records(once) == once
    table = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String))
    assert treatments.table(treatments.table(table)).equals(treatments.table(table))


def test_each_treatment_does_what_it_says() -> None:
    (row,) = Treatments(CONTRACT).records(
        [
            {
                "size": 3,
                "email": "anna@example.org",
                "phone": "+49 30 1234567",
                "born": "31/12/1984",
                "lat": 52.52437,
                "at": "(52.52437, 13.41053)",
                "ip": "192.0.2.77",
                "zip": "10115",
                "note": "Anna",
                "unknown": 1,
            }
        ]
    )

    assert row.pop("email").startswith(PREFIX)
    assert row == {
        "size": 3,
        "born": 1984.0,
        "lat": 52.5,
        "at": "52.5,13.4",
        "ip": "192.0.2.0/24",
        "zip": "101*",
        "note": "Anna",
        "unknown": 1,
    }


def test_equal_values_have_equal_hashes_in_one_column_and_different_ones_in_another() -> None:
    two = Contract(
        columns=(
            Column(name="y", kind="number", role="target"),
            Column(name="x", kind="number"),
            *(
                Column(name=name, kind="category", role="ignore", sensitive="email", treatment="hash")
                for name in ("payer", "payee")
            ),
        )
    )

    treated = treat(two, pl.DataFrame({"payer": ["a@b.org", "a@b.org", "c@d.org"], "payee": ["a@b.org"] * 3}))

    assert treated["payer"].n_unique() == 2
    assert set(treated["payer"]) & set(treated["payee"]) == set()


def test_another_key_gives_other_hashes(monkeypatch) -> None:
    rows = [{"email": "anna@example.org"}]
    first = Treatments(CONTRACT).records(rows)
    monkeypatch.setenv("MODELWRIGHT_PRIVACY_KEY", KEY[::-1])

    assert Treatments(CONTRACT).records(rows) != first


def test_without_a_key_nothing_is_hashed_and_the_message_says_what_to_do(monkeypatch) -> None:
    monkeypatch.delenv("MODELWRIGHT_PRIVACY_KEY")

    with pytest.raises(PrivacyError, match=r"'email' must be hashed .* MODELWRIGHT_PRIVACY_KEY is not set"):
        Treatments(CONTRACT)


def test_a_short_key_is_refused_without_showing_it(monkeypatch) -> None:
    monkeypatch.setenv("MODELWRIGHT_PRIVACY_KEY", "hunter2")

    with pytest.raises(PrivacyError, match="has 7 characters") as refused:
        Treatments(CONTRACT)
    assert "hunter2" not in str(refused.value)


def test_the_key_of_a_contract_is_known_again_and_another_is_refused(monkeypatch) -> None:
    contract = with_key(CONTRACT)
    assert KEY not in contract.to_toml()
    assert with_key(contract) == contract
    monkeypatch.setenv("MODELWRIGHT_PRIVACY_KEY", "another key of more than thirty-two signs")

    with pytest.raises(PrivacyError, match="is not the key"):
        Treatments(contract)


def test_a_contract_without_personal_data_needs_no_key_and_does_nothing(monkeypatch) -> None:
    monkeypatch.delenv("MODELWRIGHT_PRIVACY_KEY")
    frame = pl.DataFrame({"x": [1, 2]})

    treatments = Treatments(NOTHING)

    assert not treatments.active
    assert treatments.table(frame) is frame


@pytest.mark.parametrize(
    "written", ["1984-12-31", "31.12.1984", "12/31/1984", "19841231", "Dec 31, 1984", "1984"]
)
def test_the_year_of_a_birth_is_found_however_the_date_is_written(written: str) -> None:
    assert year_of(written) == 1984


@pytest.mark.parametrize("written", ["31/12/84", "yesterday", "", "0001-01-01"])
def test_where_there_is_no_year_there_is_none(written: str) -> None:
    assert year_of(written) is None


def test_values_are_said_less_exactly() -> None:
    assert network_of("2001:db8:1:2::5") == "2001:db8:1::/48"
    assert network_of("::ffff:192.0.2.77") == "192.0.2.0/24"
    assert network_of("10.0.0.0/8") == "10.0.0.0/8"
    assert network_of("localhost") is None
    assert [tenth_of(each) for each in ("52.55", "-0.05", "7", "x")] == [52.6, 0.0, 7.0, None]
    assert place_of("52.52437;13.41053") == "52.5,13.4"
    assert [region_of(each) for each in ("SW1A 1AA", "1010", "101*")] == ["SW1*", "10*", "101*"]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"kind": "number", "treatment": "hash", "sensitive": "phone"}, "hashed values are texts"),
        ({"kind": "number", "sensitive": "phone"}, "is needed where 'sensitive' is set"),
        ({"kind": "number", "treatment": "drop"}, "only for a column whose personal data"),
        ({"kind": "number", "treatment": "drop", "sensitive": "phone"}, 'set role = "ignore"'),
        ({"kind": "number", "treatment": "generalise", "sensitive": "phone"}, "generalised can be"),
        ({"kind": "number", "treatment": "keep", "sensitive": "phone"}, "needs a reason"),
        (
            {"kind": "category", "treatment": "keep", "sensitive": "name", "reason": "law"},
            "hash them instead",
        ),
        (
            {"kind": "category", "treatment": "hash", "sensitive": "name", "role": "target"},
            "the model's answers",
        ),
    ],
)
def test_a_treatment_that_cannot_be_is_refused(keys: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Column(name="c", **keys)


def test_a_contract_that_says_nothing_of_privacy_is_written_and_hashed_as_before() -> None:
    assert "sensitive" not in str(NOTHING.to_dict())
    assert "privacy_key" not in NOTHING.to_dict()
    assert Contract.from_dict(with_key(CONTRACT).to_dict()) == with_key(CONTRACT)
