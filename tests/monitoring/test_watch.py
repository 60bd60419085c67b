"""The watch over models of other tasks than two classes, without a database."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from modelwright.data import Contract, conform
from modelwright.monitoring import Reference
from modelwright.monitoring.watch import Watch
from modelwright.monitoring.wording import watched
from modelwright.problem import Brief, Task

START = datetime(2026, 1, 1, tzinfo=UTC)
CLASSES = ["high", "low", "mid"]


def people(rng, n_rows, task):
    size = rng.normal(size=n_rows).round(3)
    noise = rng.normal(scale=0.5, size=n_rows)
    target = size + noise
    if task is Task.MULTICLASS:
        target = np.array(["low", "mid", "high"])[np.digitize(target, [-0.7, 0.7])]
    return pl.DataFrame({"size": size, "colour": rng.choice(["red", "blue"], n_rows), "target": target})


def predict(frame, task):
    size = frame["size"].to_numpy()
    if task is Task.REGRESSION:
        return size[:, None].astype(float)
    scores = np.column_stack([4 * size - 2, -4 * size - 2, np.zeros(len(size))])
    odds = np.exp(scores)
    return odds / odds.sum(axis=1, keepdims=True)


def observations(frame, task, start=0):
    prediction = predict(frame, task)
    at = [START + timedelta(minutes=start + i + 1) for i in range(frame.height)]
    columns = {
        "id": [f"p{start + i}" for i in range(frame.height)],
        "at": at,
        "row": frame.drop("target").to_struct(),
    }
    if task is Task.REGRESSION:
        columns["prediction"] = prediction[:, 0]
    else:
        columns["probabilities"] = pl.DataFrame(prediction, schema=CLASSES).to_struct()
    return pl.DataFrame(columns)


def labels(seen, truth, last=0):
    return seen.with_columns(
        label=truth, labelled_at=pl.col("at"), seq=pl.int_range(last + 1, last + 1 + len(truth))
    ).drop("row")


@pytest.fixture(params=[Task.REGRESSION, Task.MULTICLASS])
def task(request):
    return request.param


@pytest.fixture
def begun(task):
    rng = np.random.default_rng(4)
    frame = people(rng, 3000, task)
    metric = "rmse" if task is Task.REGRESSION else "log_loss"
    brief = Brief.from_dict({"problem": {"name": "x", "target": "target", "task": task, "metric": metric}})
    contract = Contract.infer(frame, brief)
    training, vault = frame[:2000], frame[2000:]
    y = vault["target"].to_numpy()
    if task is Task.MULTICLASS:
        y = np.searchsorted(CLASSES, y)
    reference = Reference.build(
        contract, conform(contract, training), task=task, y=y, prediction=predict(vault, task)
    )
    return rng, contract, Watch.begin(reference, 1.0, START)


def broken_promises(watch):
    return {each.promise for each in watched(watch) if not each.holds}


def test_while_nothing_changes_every_promise_holds(begun, task):
    rng, contract, watch = begun
    frame = people(rng, 1500, task)
    seen = observations(frame, task)
    watch = watch.observe(contract, seen).learn(labels(seen, frame["target"]))
    assert broken_promises(watch) == set()
    assert (watch.n_rows, watch.n_labels) == (1500, 1500)
    subjects = [each.promise for each in watched(watch)][:3]
    assert subjects == ["performance", "score", "drift" if task is Task.REGRESSION else "label"]


def test_a_model_that_has_become_wrong_is_noticed(begun, task):
    rng, contract, watch = begun
    frame = people(rng, 150, task)
    wrong = frame["target"] + 2 if task is Task.REGRESSION else frame["target"].reverse()
    seen = observations(frame, task)
    watch = watch.observe(contract, seen).learn(labels(seen, wrong))
    assert broken_promises(watch) == {"performance"}


def test_a_shift_shows_in_the_column_and_in_the_score(begun, task):
    rng, contract, watch = begun
    frame = people(rng, 400, task).with_columns(pl.col("size") + 1.5)
    watch = watch.observe(contract, observations(frame, task))
    assert broken_promises(watch) >= {"drift", "score"}
    if task is Task.MULTICLASS:
        assert "label" in broken_promises(watch)


def test_the_watch_survives_json(begun, task):
    rng, contract, watch = begun
    first, second = people(rng, 130, task), people(rng, 60, task)
    kept = watch.observe(contract, observations(first, task))
    again = watch.restored(json.loads(json.dumps(kept.to_dict())))
    assert again.to_dict() == kept.to_dict()
    kept, again = (each.observe(contract, observations(second, task, 130)) for each in (kept, again))
    assert again.to_dict() == kept.to_dict()


def test_a_reference_of_too_few_rows_watches_nothing_and_says_so(task):
    rng = np.random.default_rng(1)
    frame = people(rng, 60, task)
    metric = "rmse" if task is Task.REGRESSION else "log_loss"
    brief = Brief.from_dict({"problem": {"name": "x", "target": "target", "task": task, "metric": metric}})
    contract = Contract.infer(frame, brief)
    y = np.zeros(20) if task is Task.REGRESSION else np.zeros(20, dtype=int)
    reference = Reference.build(
        contract, conform(contract, frame), task=task, y=y, prediction=predict(frame[:20], task)
    )
    watch = Watch.begin(reference, 1.0, START)
    seen = observations(frame, task)
    watch = watch.restored(json.loads(json.dumps(watch.to_dict()))).observe(contract, seen)
    watch = watch.learn(labels(seen, frame["target"]))
    assert broken_promises(watch) == set()
    assert (watch.n_rows, watch.n_labels) == (60, 60)
    assert {each.promise for each in watched(watch)} <= {"missing", "unseen", "out of range"}
