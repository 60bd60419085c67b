"""What a package knows of what was normal."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import polars as pl
import pytest

from modelwright.data import Contract, conform
from modelwright.errors import PackageError
from modelwright.monitoring import Reference
from modelwright.monitoring.loss import LossPromise
from modelwright.problem import Brief, Task


def table(rng, n_rows):
    hours = pl.Series("when", 1.7e9 + 3600 * np.arange(n_rows)).cast(pl.Int64)
    return pl.DataFrame(
        {
            "size": pl.Series(np.where(rng.random(n_rows) < 0.1, np.nan, rng.normal(size=n_rows))).fill_nan(
                None
            ),
            "colour": rng.choice(["red", "blue", "green"], n_rows),
            "new": rng.random(n_rows) < 0.3,
            "when": pl.from_epoch(hours),
            "amount": rng.gamma(2.0, size=n_rows),
        }
    )


def reference_of(n_rows, n_vault, task=Task.REGRESSION):
    rng = np.random.default_rng(n_rows)
    frame = table(rng, n_rows)
    problem = {"name": "x", "target": "amount", "task": "regression", "metric": "rmse"}
    contract = Contract.infer(frame, Brief.from_dict({"problem": problem}))
    y, prediction = rng.gamma(2.0, size=n_vault), rng.gamma(2.0, size=(n_vault, 1))
    return Reference.build(contract, conform(contract, frame), task=task, y=y, prediction=prediction)


def test_every_column_and_the_score_are_watched():
    reference = reference_of(2000, 500)
    assert [(stream.subject, stream.column) for stream in reference.streams] == [
        ("column", "size"),
        ("column", "colour"),
        ("column", "new"),
        ("column", "when"),
        ("score", None),
    ]
    for stream in reference.streams:
        assert len(stream.counts) == len(stream.lower) == len(stream.upper) == stream.bins.size
        assert (np.array(stream.lower) <= stream.expected).all()
        assert (stream.expected <= np.array(stream.upper)).all()
    kinds = {(breach.column, breach.kind): breach.level for breach in reference.breaches}
    assert 0.1 < kinds["size", "missing"] < 0.14
    assert kinds["colour", "unseen"] == pytest.approx(0.01)
    assert kinds["size", "out of range"] == pytest.approx(0.01)


def test_what_is_not_watched_is_said_with_its_reason():
    few = reference_of(60, 40)
    assert few.streams == ()
    assert few.loss is None
    reasons = {each.column: each.reason for each in few.unwatched}
    assert "60 training rows" in reasons["size"]
    assert "vault has 40 rows" in reasons[None]
    many = {each.column: each.reason for each in reference_of(2000, 500).unwatched}
    assert "time always moves on" in many["when"]


def test_of_free_text_the_number_of_words_is_watched():
    rng, columns = np.random.default_rng(0), [{"name": "note", "kind": "text"}]
    target = {"name": "y", "kind": "number", "role": "target"}
    contract = Contract.from_dict({"columns": [*columns, target]})
    notes = [" ".join(["word"] * int(count)) for count in rng.integers(1, 9, 500)]
    frame = conform(contract, pl.DataFrame({"note": [*notes, None]}))
    found = Reference.build(contract, frame, task=Task.REGRESSION, y=np.zeros(0), prediction=np.zeros((0, 1)))
    assert [each.column for each in found.unwatched] == ["note", None]
    assert found.streams[0].counts[0] == 1  # missing
    assert len(found.streams[0].counts) > 5
    assert "word" not in found.model_dump_json().replace("words", "")


def test_the_reference_survives_its_file():
    reference = reference_of(2000, 500)
    content = reference.model_dump_json().encode()
    assert Reference.parse(content) == reference
    assert len(content) < 20_000


@pytest.mark.parametrize("content", [b"", b"[]", b'{"format": 2}', b"\xff"])
def test_what_is_no_reference_is_refused(content):
    with pytest.raises(PackageError, match=r"reference.json is not a reference of a known version"):
        Reference.parse(content)


def test_reading_a_reference_needs_no_heavy_library():
    code = (
        "import sys; from modelwright.monitoring import Reference; "
        "print({'scipy', 'sklearn', 'pandas', 'sqlalchemy', 'lightgbm'} & sys.modules.keys())"
    )
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert printed.strip() == "set()"


def test_the_promise_for_numbers_is_that_few_errors_are_large():
    rng = np.random.default_rng(0)
    errors = rng.normal(size=1000)
    promise = LossPromise.measure(Task.REGRESSION, np.zeros(1000), errors[:, None], 0.001)
    assert promise.kind == "large error"
    assert promise.limit == pytest.approx(1.645, abs=0.15)
    assert promise.mean == pytest.approx(0.1)
    assert 0.1 < promise.level < 0.15
    assert promise.losses(np.zeros(2), np.array([[2.0], [-1.0]])).tolist() == [1.0, 0.0]
    assert "off by more than" in promise.words


@pytest.mark.parametrize("n_classes", [2, 4])
def test_the_promise_for_classes_is_the_brier_score_between_0_and_1(n_classes):
    rng = np.random.default_rng(n_classes)
    prediction = rng.dirichlet(np.ones(n_classes), 2000)
    y = (prediction.cumsum(axis=1) > rng.random((2000, 1))).argmax(axis=1)
    task = Task.BINARY if n_classes == 2 else Task.MULTICLASS
    promise = LossPromise.measure(task, y, prediction, 0.001)
    if n_classes == 2:
        assert promise.mean == pytest.approx(((prediction[:, 1] - y) ** 2).mean())
    assert promise.mean < promise.level < promise.mean + 0.05
    sure = np.eye(n_classes)[[0, 1]]
    assert promise.losses(np.array([0, 0]), sure).tolist() == [0.0, 1.0]
