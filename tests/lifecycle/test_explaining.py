"""Answers are explained: those that were given, and those that would be."""

from __future__ import annotations

import pytest

from modelwright.errors import DataError, ReleaseError, RunError, TraceError
from tests.lifecycle.worlds import ask, customers, records


def test_a_given_prediction_a_row_and_a_record_are_explained_alike(released, tmp_path):
    rows = customers(5, seed=8)
    path = tmp_path / "rows.csv"
    rows.drop("left").write_csv(path)
    sent = records(rows)
    (identifier,) = ask(released, sent[2:3])

    given = released.explain(identifier)
    row = released.explain(path, row=2)
    last = released.explain(rows, row=-3)
    record = released.explain(sent[2])

    assert given.about == f"prediction {identifier}"
    assert row.about == f"row 2 of {path}"
    for other in (row, last, record):
        assert other.prediction == given.prediction
        assert other.explanation.columns == pytest.approx(given.explanation.columns)
    why = given.explanation
    assert why.base + sum(why.columns.values()) == pytest.approx(why.output)
    assert set(list(why.columns)[:2]) == {"age", "member"}
    assert given.run == released._current()[1].manifest.run
    assert released.explain(path, row=2, run=given.run[:8]).explanation.columns == why.columns


def test_what_cannot_be_explained_is_said(released, framed):
    with pytest.raises(TraceError, match="no prediction is called 'prediction_0'"):
        released.explain("prediction_0")
    with pytest.raises(DataError, match="there is no row 9: the source has 3 rows, counted from 0"):
        released.explain(customers(3), row=9)
    with pytest.raises(ReleaseError, match="nothing is released yet"):
        framed.explain(customers(3))
    with pytest.raises(RunError):
        released.explain(customers(3), run="no-such-run")
