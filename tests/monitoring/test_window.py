"""A table held against the reference at once."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelwright.data import Contract, conform
from modelwright.errors import DataError
from modelwright.monitoring import Reference, compare_with_reference
from modelwright.problem import Brief, Task

BRIEF = Brief.from_dict({"problem": {"name": "x", "target": "y", "task": "regression", "metric": "rmse"}})


def table(rng, rows):
    return pl.DataFrame(
        {
            "size": rng.lognormal(size=rows),
            "town": rng.choice(["Ulm", "Bonn", "Jena"], rows),
            "age": np.where(rng.random(rows) < 0.1, np.nan, rng.normal(40, 10, rows)),
            "y": np.arange(rows) % 7 * 1.0,
        }
    ).with_columns(pl.col("age").fill_nan(None))


@pytest.fixture(scope="module")
def known():
    frame = table(np.random.default_rng(0), 5000)
    contract = Contract.infer(frame, BRIEF)
    y = np.arange(200.0)
    reference = Reference.build(
        contract, conform(contract, frame), task=Task.REGRESSION, y=y, prediction=y[:, None]
    )
    return reference, contract


def test_unchanged_tables_are_hardly_ever_accused(known):
    rng = np.random.default_rng(1)
    accused = [not compare_with_reference(*known, [table(rng, 1000)]).holds for _ in range(100)]
    assert sum(accused) <= 1


@pytest.mark.parametrize(
    ("change", "column", "said"),
    [
        (pl.col("size") * 1000, "size", "above"),
        (pl.lit("Ulm").alias("town"), "town", "'Ulm'"),
        (pl.lit("Rome").alias("town"), "town", "none of the usual values"),
        (pl.lit(None, pl.Float64).alias("age"), "age", "missing"),
    ],
)
def test_a_changed_column_is_named_with_its_values(known, change, column, said):
    found = compare_with_reference(*known, [table(np.random.default_rng(2), 1000).with_columns(change)])
    assert not found.holds
    assert [each.column for each in found.columns if each.moved] == [column]
    assert said in found.columns[0].words
    assert found.columns[0].distance > 0.5


def test_a_table_may_come_in_parts(known):
    frame = table(np.random.default_rng(3), 900)
    parts = [frame[:100], frame[100:101], frame[101:]]
    assert compare_with_reference(*known, parts) == compare_with_reference(*known, [frame])


def test_few_rows_prove_little(known):
    frame = table(np.random.default_rng(4), 3).with_columns(town=pl.lit("Ulm"))
    assert compare_with_reference(*known, [frame]).holds


def test_a_table_without_rows_is_refused(known):
    with pytest.raises(DataError, match="no row to compare"):
        compare_with_reference(*known, [])
