"""Records and tables: one contract, one meaning."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import msgspec
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from modelwright.data import Column, Contract, Validator, conform, json_schema, matrices
from modelwright.errors import RowError
from tests.data.strategies import CELLS, TEXTS, brief, columns

TARGET = Column(name="target", kind="category", role="target", categories=("no", "yes"), unseen="refuse")
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    TEXTS,
    st.sampled_from(["x", "y", "1", "2020-01-01"]),
)


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    policy = st.sampled_from(["accept", "refuse"])
    made = []
    for at, kind in enumerate(
        draw(
            st.lists(
                st.sampled_from(["number", "boolean", "category", "text", "time"]), min_size=1, max_size=6
            )
        )
    ):
        stated: dict[str, Any] = {
            "name": f"c{at}",
            "kind": kind,
            "missing": draw(policy),
            "protected": draw(st.booleans()),
        }
        if kind == "number":
            stated |= {
                "minimum": -1.5,
                "maximum": draw(st.sampled_from([None, 0.1])),
                "out_of_range": draw(policy),
            }
        if kind == "category":
            stated |= {"categories": ("x", "y", "1", "True"), "unseen": draw(policy)}
        made.append(Column(**stated))
    return Contract(columns=(*made, TARGET))


def outcome(action: Any) -> Any:
    """Return what an action gives, or every fault that it finds."""
    try:
        return action()
    except RowError as error:
        return {(fault.row, fault.column, fault.message) for fault in error.faults}


@given(contract=contracts(), data=st.data())
def test_records_give_what_the_same_table_gives(contract: Contract, data: st.DataObject) -> None:
    rows = data.draw(st.integers(1, 5))
    table = pl.DataFrame([data.draw(columns(rows)).alias(column.name) for column in contract.features])
    records = table.to_dicts()

    from_table = outcome(lambda: matrices(contract, conform(contract, table)))
    from_records = outcome(lambda: Validator(contract).records(records)[0])

    assert from_records == from_table


@given(contract=contracts(), data=st.data())
def test_rows_do_not_change_each_other(contract: Contract, data: st.DataObject) -> None:
    names = [column.name for column in contract.features]
    records = data.draw(
        st.lists(st.fixed_dictionaries(dict.fromkeys(names, ANYTHING)), min_size=2, max_size=4)
    )
    validator = Validator(contract)
    together = outcome(lambda: validator.records(records)[0])
    alone = [outcome(lambda record=record: validator.records([record])[0]) for record in records]

    if isinstance(together, set):
        assert together == {
            (row, *rest) for row, found in enumerate(alone) if isinstance(found, set) for _, *rest in found
        }
    else:
        assert [together[row : row + 1] for row in range(len(records))] == alone


@given(data=st.data())
def test_an_inferred_contract_takes_the_rows_it_was_inferred_from(data: st.DataObject) -> None:
    kinds = data.draw(
        st.lists(st.sampled_from(sorted(set(CELLS) - {"float", "single"})), min_size=1, max_size=5)
    )
    table = pl.DataFrame([data.draw(columns(12, kind)).alias(f"c{at}") for at, kind in enumerate(kinds)])
    table = table.with_columns(target=pl.Series(["yes", "no"] * 6))
    contract = Contract.infer(table, brief())
    # 1e39 as text is beyond what a model can hold.
    assume(
        not any(each.kind == "number" and table[each.name].dtype == pl.String for each in contract.features)
    )
    assume(contract.features)

    inputs, _ = Validator(contract).records(table.to_dicts())

    assert inputs == matrices(contract, conform(contract, table))


def people() -> Contract:
    return Contract(
        columns=(
            Column(name="age", kind="number", minimum=17, maximum=90, missing="refuse"),
            Column(name="hours", kind="number", required=False),
            Column(name="sex", kind="category", categories=("f", "m"), protected=True),
            Column(name="member", kind="boolean"),
            Column(name="since", kind="time"),
            Column(name="note", kind="text", role="ignore"),
            TARGET,
        )
    )


PERSON = {"age": 39, "hours": 40.0, "sex": "f", "member": True, "since": "2020-01-01"}


def test_every_fault_of_every_row_is_told() -> None:
    rows = [PERSON, PERSON | {"age": "old", "member": "maybe"}, PERSON | {"age": None, "since": "soon"}]

    with pytest.raises(RowError) as caught:
        Validator(people()).records(rows)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (1, "age"),
        (1, "member"),
        (2, "age"),
        (2, "since"),
    ]


def test_a_missing_key_is_a_fault_where_the_column_is_required() -> None:
    typo = {"agee" if name == "age" else name: value for name, value in PERSON.items()}

    with pytest.raises(RowError, match=r"column 'age': is required.*did you mean 'agee'"):
        Validator(people()).records([typo])


def test_a_missing_key_is_missing_where_the_column_is_not_required() -> None:
    inputs, warnings = Validator(people()).records([{k: v for k, v in PERSON.items() if k != "hours"}])

    assert math.isnan(inputs.numbers[0, 1])
    assert warnings == []


def test_what_is_accepted_but_not_expected_is_a_warning() -> None:
    _, warnings = Validator(people()).records(
        [PERSON | {"age": 104, "sex": "x", "hight": 1, "note": "known"}]
    )

    assert [(fault.column, fault.message.split(";")[0]) for fault in warnings] == [
        ("sex", "is none of the contract's categories"),
        ("age", "is beyond the contract's range (at least 17 and at most 90)"),
        ("hight", "is not in the contract and is passed over"),
    ]


def test_no_message_shows_what_a_protected_column_says() -> None:
    _, warnings = Validator(people()).records([PERSON | {"sex": "something secret"}])

    assert "secret" not in warnings[0].message


@pytest.mark.parametrize("value", [[1], {"a": 1}, "\ud800"])
def test_values_that_are_none_of_the_kinds_are_faults(value: Any) -> None:
    with pytest.raises(RowError):
        Validator(people()).records([PERSON | {"sex": value}])


def test_numbers_that_no_model_can_hold_are_faults() -> None:
    for value in (1e39, 10**400, math.inf):
        with pytest.raises(RowError, match="a finite number"):
            Validator(people()).records([PERSON | {"hours": value}])


def test_no_records_give_empty_matrices() -> None:
    inputs, warnings = Validator(people()).records([])

    assert (inputs.numbers.shape, inputs.texts.shape, inputs.times.shape, warnings) == (
        (0, 3),
        (0, 1),
        (0, 1),
        [],
    )


def test_a_contract_of_one_column_works() -> None:
    contract = Contract(columns=(Column(name="a", kind="number"), TARGET))

    assert Validator(contract).records([{"a": 1}, {"a": "2"}])[0].numbers.tolist() == [[1.0], [2.0]]


def test_neither_pandas_nor_scikit_learn_is_imported() -> None:
    program = (
        "import sys, modelwright.data; sys.exit(bool({'pandas', 'sklearn', 'pyarrow'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@given(contract=contracts(), data=st.data())
def test_what_the_schema_allows_is_accepted(contract: Contract, data: st.DataObject) -> None:
    schema = json_schema(contract)
    record = {name: data.draw(values_of(part)) for name, part in schema["properties"].items()}
    through_json = msgspec.json.decode(msgspec.json.encode(record))

    Validator(contract).records([through_json])


def values_of(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    low, high = schema.get("minimum", -1e38), schema.get("maximum", 1e38)
    if "time" in schema.get("description", ""):
        text = st.sampled_from(["2020-01-31", "2020-01-31T10:00:00Z"])
    else:
        text = st.sampled_from(["x", "anything else"])
    each = {"number": st.floats(low, high), "boolean": st.booleans(), "null": st.none(), "string": text}
    return st.one_of(*(each[name] for name in types))


@given(contract=contracts())
def test_the_schemas_own_example_is_accepted_without_a_warning(contract: Contract) -> None:
    (example,) = json_schema(contract)["examples"]

    assert Validator(contract).records([example])[1] == []


def test_the_schema_says_what_is_required() -> None:
    schema = json_schema(people())

    assert schema["required"] == ["age", "sex", "member", "since"]
    assert schema["properties"]["age"]["type"] == "number"
    assert schema["properties"]["hours"]["type"] == ["number", "null"]
    assert "note" not in schema["properties"]
    assert "target" not in schema["properties"]
