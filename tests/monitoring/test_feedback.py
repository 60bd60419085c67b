"""Labels that come later find their predictions."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from modelwright.data import Contract
from modelwright.errors import FeedbackError
from modelwright.monitoring import feedback
from modelwright.problem import Brief
from modelwright.store import Observation, Operations

ROWS = pl.DataFrame(
    {"customer": ["c1", "c2", "c3", "c4"], "age": [20.5, 30, 40, 50], "churned": ["no", "yes"] * 2}
)


def contract(task, target="churned", rows=ROWS):
    problem = {"name": "churn", "target": target, "task": task}
    extra = {"positive": "yes", "metric": "roc_auc"} if task == "binary" else {"metric": "rmse"}
    return Contract.infer(rows, Brief.from_dict({"problem": problem | extra, "columns": {"id": "customer"}}))


CLASSES = contract("binary")
NUMBERS = contract("regression", "paid", ROWS.with_columns(paid=pl.Series([1.5, 2.5, 3.0, 4.0])))


@pytest.fixture
def operations(tmp_path):
    """Predictions p1 to p4 for customers c1 to c4, and p5 for c1 again."""
    with Operations(f"sqlite:///{tmp_path / 'operations.db'}") as opened:
        for number, customer in enumerate(["c1", "c2", "c3", "c4", "c1"], start=1):
            at = datetime(2026, 1, number, tzinfo=UTC)
            row = {"customer": customer, "age": 30}
            opened.append_observations(
                [Observation(f"p{number}", at, "r1", row, "no", {"no": 0.9, "yes": 0.1}, 1.0)]
            )
        yield opened


def labels(operations):
    frame = operations.observations(labelled=True)
    return dict(zip(frame["id"], frame["label"], strict=True))


@pytest.mark.parametrize("names", [("id", "label"), ("prediction_id", "churned")])
def test_labels_are_joined_by_prediction_id(operations, names):
    table = pl.DataFrame({names[0]: ["p1", "p2"], names[1]: ["yes", "no"]})
    joined = feedback(operations, table, CLASSES)
    assert (joined.rows, joined.new, joined.known, joined.unknown) == (2, 2, 0, 0)
    assert labels(operations) == {"p1": "yes", "p2": "no"}
    assert feedback(operations, table, CLASSES).known == 2


def test_predictions_that_nobody_knows_are_reported_and_the_others_kept(operations):
    table = pl.DataFrame({"id": ["p1", "p99", "p98"], "label": ["yes", "no", "no"]})
    joined = feedback(operations, table, CLASSES)
    assert (joined.new, joined.unknown, joined.examples) == (1, 2, ("p98", "p99"))
    assert "2 belong to no known prediction (p98, p99)" in joined.words
    assert labels(operations) == {"p1": "yes"}


def test_labels_are_joined_by_the_row_id_to_its_newest_prediction(operations):
    table = pl.DataFrame({"customer": ["c1", "c3", "c9"], "churned": ["yes", "no", "no"]})
    joined = feedback(operations, table, CLASSES)
    assert joined.joined_by == "row id"
    assert (joined.new, joined.unknown) == (2, 1)
    assert labels(operations) == {"p5": "yes", "p3": "no"}


def test_rows_without_a_label_are_counted(operations):
    joined = feedback(operations, pl.DataFrame({"id": ["p1", "p2"], "label": [None, "no"]}), CLASSES)
    assert (joined.new, joined.empty) == (1, 1)
    assert "1 rows have no label" in joined.words


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"id": ["p1"], "label": ["maybe"]}, "1 labels are not one of no, yes, the first is label 1"),
        ({"id": ["p1"], "outcome": ["yes"]}, "no column for the labels: expected 'label' or 'churned'"),
        ({"name": ["p1"], "label": ["yes"]}, "no column for the identifiers: expected 'prediction_id'"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused_whole(operations, table, message):
    with pytest.raises(FeedbackError, match=message):
        feedback(operations, pl.DataFrame(table), CLASSES)
    assert labels(operations) == {}


def test_labels_of_a_regression_are_numbers(operations):
    table = pl.DataFrame({"id": ["p1", "p2"], "label": ["1.5", "2"]})
    assert feedback(operations, table, NUMBERS).new == 2
    with pytest.raises(FeedbackError, match="not a number, the first is label"):
        feedback(operations, pl.DataFrame({"id": ["p1"], "label": ["many"]}), NUMBERS)


def test_labels_that_are_numbers_keep_their_text(operations):
    rows = ROWS.with_columns(churned=pl.Series([0, 1, 0, 1]))
    brief = {
        "problem": {"name": "c", "target": "churned", "task": "binary", "positive": "1", "metric": "roc_auc"}
    }
    joined = feedback(
        operations,
        pl.DataFrame({"id": ["p1", "p2"], "label": [1.0, None]}),
        Contract.infer(rows, Brief.from_dict(brief)),
    )
    assert joined.new == 1
    assert labels(operations) == {"p1": "1"}
