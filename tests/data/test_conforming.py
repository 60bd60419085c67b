"""From a raw table to what the contract states."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from modelwright.data import Column, Contract, Inputs, conform, encode_target, labelled_rows, matrices
from modelwright.errors import ContractError, RowError, RowFault

TARGET = Column(name="target", kind="category", role="target", categories=("no", "yes"), unseen="refuse")


def contract(*columns: Column) -> Contract:
    return Contract(columns=(*columns, TARGET))


def conformed(column: Column, values: list[Any]) -> list[Any]:
    return conform(contract(column), pl.DataFrame({column.name: values}))[column.name].to_list()


def test_features_come_typed_and_in_the_contracts_order() -> None:
    stated = contract(
        Column(name="n", kind="number"),
        Column(name="b", kind="boolean"),
        Column(name="c", kind="category"),
        Column(name="t", kind="time"),
        Column(name="i", kind="category", role="id"),
    )
    raw = pl.DataFrame(
        {
            "extra": [1],
            "t": ["1970-01-02"],
            "c": [5],
            "b": ["true"],
            "n": ["2.5"],
            "target": ["no"],
            "i": ["k"],
        }
    )
    found = conform(stated, raw)

    assert found.schema == {"n": pl.Float32, "b": pl.Float32, "c": pl.String, "t": pl.Int64}
    assert found.row(0) == (2.5, 1.0, "5", 86_400)


def test_missing_is_null_whatever_it_was() -> None:
    number = Column(name="a", kind="number")
    level = Column(name="a", kind="category")

    assert conformed(number, ["1", " ", "?", "NA", None]) == [1.0, None, None, None, None]
    assert conformed(level, ["x", " ", "?", "NA", None]) == ["x", None, None, None, None]
    assert conformed(number, [1.0, float("nan")]) == [1.0, None]


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        (Column(name="a", kind="number"), ["1", "x"], "row 1, column 'a': must be a finite number"),
        (Column(name="a", kind="number"), [1.0, float("inf")], "row 1, column 'a': must be a finite number"),
        (Column(name="a", kind="boolean"), [0, 2], "row 1, column 'a': must be true or false"),
        (
            Column(name="a", kind="time"),
            ["2020-01-01", "soon"],
            "row 1, column 'a': must be a time written like",
        ),
        (Column(name="a", kind="number", missing="refuse"), [1, None], "row 1, column 'a': is missing"),
        (
            Column(name="a", kind="number", minimum=0, maximum=1, out_of_range="refuse"),
            [1.0, 1.5],
            "row 1, column 'a': must be at least 0 and at most 1",
        ),
        (
            Column(name="a", kind="category", categories=("x", "y"), unseen="refuse"),
            ["x", "z"],
            "row 1, column 'a': must be one of 'x', 'y'",
        ),
    ],
)
def test_what_the_contract_refuses_is_named(column: Column, values: list[Any], message: str) -> None:
    with pytest.raises(RowError) as caught:
        conformed(column, values)

    assert str(caught.value).startswith(message)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [(1, "a")]


def test_what_the_contract_accepts_is_kept_as_it_is() -> None:
    assert conformed(Column(name="a", kind="number", minimum=0, maximum=1), [5.0]) == [5.0]
    assert conformed(Column(name="a", kind="category", categories=("x",)), ["new"]) == ["new"]


def test_limits_are_compared_as_models_see_numbers() -> None:
    # 0.1 as a 32-bit float is a little more than 0.1; the same number must not be beyond itself.
    limit = Column(name="a", kind="number", minimum=0.1, maximum=0.1, out_of_range="refuse")

    assert conformed(limit, [0.1, float(np.float32(0.1))]) == [np.float32(0.1)] * 2
    with pytest.raises(RowError):
        conformed(limit, [float(np.nextafter(np.float32(0.1), np.float32(1)))])


def test_an_absent_column_is_refused_or_missing() -> None:
    required, optional = Column(name="tenure", kind="number"), Column(name="b", kind="number", required=False)
    raw = pl.DataFrame({"tenur": [1.0], "target": ["no"]})

    with pytest.raises(ContractError, match="'tenure'; did you mean 'tenur'"):
        conform(contract(required, optional), raw)
    assert conform(contract(optional), raw)["b"].to_list() == [None]


def test_the_values_of_a_protected_column_are_never_said() -> None:
    age = Column(name="age", kind="number", protected=True, maximum=99, out_of_range="refuse")

    with pytest.raises(RowError) as caught:
        conformed(age, [123])
    assert "123" not in str(caught.value)
    assert "99" not in str(caught.value)


def test_labels_become_codes_in_the_order_of_the_classes() -> None:
    codes = encode_target(contract(), pl.Series(["yes", "no", "yes"]))

    assert codes.dtype == np.int64
    assert codes.tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    ("labels", "message"), [(["no", None], "row 1.*is missing"), (["no", "si"], "row 1.*one of 'no', 'yes'")]
)
def test_rows_without_a_known_label_are_refused(labels: list[Any], message: str) -> None:
    with pytest.raises(RowError, match=message):
        encode_target(contract(), pl.Series(labels))


def test_values_keep_their_precision() -> None:
    stated = Contract(columns=(Column(name="y", kind="number", role="target"),))

    assert encode_target(stated, pl.Series("y", ["0.1", "2"])).tolist() == [0.1, 2.0]


def test_rows_with_a_target_are_found() -> None:
    raw = pl.DataFrame({"target": ["no", None, "?", "", "yes"]})

    assert labelled_rows(contract(), raw).tolist() == [0, 4]


def test_matrices_mark_what_is_missing() -> None:
    stated = contract(
        Column(name="n", kind="number"), Column(name="c", kind="category"), Column(name="t", kind="time")
    )
    found = matrices(stated, conform(stated, pl.DataFrame({"n": [None], "c": [None], "t": [None]})))

    assert np.isnan(found.numbers).tolist() == [[True]]
    assert found.texts.tolist() == [[""]]
    assert found.times.tolist() == [[np.iinfo(np.int64).min]]
    assert (found.numbers.dtype, found.texts.dtype, found.times.dtype) == (np.float32, object, np.int64)


def test_inputs_can_be_cut_and_compared() -> None:
    stated = contract(Column(name="n", kind="number"))
    found = matrices(stated, conform(stated, pl.DataFrame({"n": [1.0, None, 3.0]})))

    assert len(found) == 3
    assert found[1:] == found[np.array([1, 2])]
    assert found[:1] != found[1:2]
    assert isinstance(found[:0], Inputs)


def test_a_contract_without_features_is_refused() -> None:
    with pytest.raises(ContractError, match="nothing to learn from"):
        conform(contract(), pl.DataFrame({"target": ["no", "yes"]}))


@pytest.mark.parametrize(("many", "words"), [(3, "(and 2 more)"), (20, "(and at least 19 more)")])
def test_an_error_does_not_promise_that_it_lists_all_faults(many: int, words: str) -> None:
    assert words in str(RowError([RowFault(row, "a", "is missing") for row in range(many)]))
