"""Rows that were written in different ways are the same rows, and what one side knows the other must not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data import Contract, conform, learnable, propose_split, typed, unknown_rows
from modelwright.errors import RowError
from modelwright.problem import Brief

FRAME = pl.DataFrame(
    {
        "name": [f"n{n}" for n in range(40)],
        "age": [20 + n % 13 for n in range(40)],
        "member": [n % 2 == 0 for n in range(40)],
        "plan": ["a", "b", None, "c"] * 10,
        "joined": [date(2020, 1, 1 + n % 28) for n in range(40)],
        "house": [f"h{n // 4}" for n in range(40)],
        "spent": [float(n) for n in range(40)],
    }
)


def contract(**columns) -> Contract:
    problem = {"name": "t", "target": "spent", "task": "regression", "metric": "rmse"}
    return Contract.infer(FRAME, Brief.from_dict({"problem": problem, "columns": {"id": "name"} | columns}))


def otherwise(frame: pl.DataFrame) -> pl.DataFrame:
    """The same values as a caller's JSON may have them."""
    return frame.with_columns(
        pl.col("age").cast(pl.Float64).cast(pl.String),
        pl.col("member").cast(pl.Int64),
        pl.col("joined").cast(pl.String) + "T00:00:00Z",
        pl.col("plan").fill_null(""),
    )


def test_the_same_values_have_the_same_types_however_they_were_written():
    usual, other = typed(contract(), FRAME), typed(contract(), otherwise(FRAME))

    assert usual.equals(other)
    kinds = dict(usual.select("age", "member", "plan", "joined").schema)
    assert kinds == {
        "age": pl.Float64(),
        "member": pl.Boolean(),
        "plan": pl.String(),
        "joined": pl.Datetime("us", "UTC"),
    }
    assert usual["joined"][0] == datetime(2020, 1, 1, tzinfo=UTC)
    assert conform(contract(), usual).equals(conform(contract(), FRAME))


def test_an_absent_column_is_missing_and_others_stay():
    made = typed(contract(), FRAME.drop("plan").with_columns(more=pl.lit(1)))

    assert made["plan"].null_count() == len(FRAME)
    assert made["more"].to_list() == [1] * len(FRAME)


def test_a_wrong_value_is_named_unless_its_role_is_forgiven():
    wrong = FRAME.with_columns(joined=pl.lit("yesterday"))

    with pytest.raises(RowError, match="column 'joined': must be a time"):
        typed(contract(time="joined"), wrong)
    assert typed(contract(time="joined"), wrong, forgiven=("time",))["joined"].null_count() == len(FRAME)


@given(known=st.sets(st.integers(0, 39)))
def test_rows_are_known_however_they_are_written(known):
    positions = sorted(known)
    new = unknown_rows(contract(), FRAME[positions], otherwise(FRAME))

    np.testing.assert_array_equal(np.flatnonzero(~new), positions)


def test_where_rows_are_hardly_distinct_a_repeat_is_no_copy():
    few = pl.concat([FRAME.with_columns(pl.lit(1.0).alias(name) for name in ("age", "spent"))] * 20)
    few = few.with_columns(house=pl.lit("h"), joined=pl.lit(date(2020, 1, 1)))

    assert unknown_rows(contract(), few, few).all()


def test_copies_and_groups_of_what_judges_are_not_learnt_from():
    twice = pl.concat([FRAME, FRAME.with_columns(name=pl.lit("copy"))])
    vault = np.array([3, 4])
    plain = learnable(twice, contract(), propose_split(twice, contract()), vault)
    assert set(range(80)) - set(plain.tolist()) == {3, 4, 43, 44}

    grouped = contract(group="house")
    apart = learnable(twice, grouped, propose_split(twice, grouped), vault)
    assert set(range(80)) - set(apart.tolist()) == {n + more for n in range(8) for more in (0, 40)}


def test_forward_in_time_only_what_is_earlier_is_learnt_from():
    timed = contract(time="joined")
    vault = np.flatnonzero(FRAME["joined"].to_numpy() >= np.datetime64("2020-01-20"))
    kept = learnable(FRAME, timed, propose_split(FRAME, timed), vault[3:])

    assert FRAME["joined"][kept].max() < FRAME["joined"][vault[3:]].min()
