"""Framing as a whole, on tables whose answer is known."""

from __future__ import annotations

import datetime as dt
from importlib import resources

import numpy as np
import polars as pl
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris

from modelwright.data import Contract
from modelwright.errors import DataError
from modelwright.framing import Framing, frame
from modelwright.problem import Brief, Task, default_metric


def asked(task: str, columns: dict[str, object] | None = None) -> Brief:
    problem = {"name": "world", "target": "outcome", "task": task, "metric": default_metric(Task(task)).name}
    if task == "binary":
        problem["positive"] = "yes"
    return Brief.from_dict({"problem": problem, "columns": columns or {}})


def framed(table: pl.DataFrame, task: str, columns: dict[str, object] | None = None) -> Framing:
    brief = asked(task, columns)
    return frame(table, Contract.infer(table, brief), brief)


def real(task: str) -> pl.DataFrame:
    load = {"binary": load_breast_cancer, "multiclass": load_iris, "regression": load_diabetes}[task]
    X, y = load(return_X_y=True)
    outcome = {"binary": np.array(["yes", "no"]), "multiclass": np.array(["a", "b", "c"])}.get(task)
    table = pl.DataFrame(X, schema=[f"c{i}" for i in range(X.shape[1])])
    return table.with_columns(outcome=pl.Series(y if outcome is None else outcome[y]))


def idle(rows: int, seed: int = 0) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "number": rng.normal(size=rows),
            "kind": rng.choice(["a", "b", "c"], rows),
            "outcome": rng.choice(["yes", "no"], rows),
        }
    )


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_real_tables_can_be_answered(task) -> None:
    found = framed(real(task), task)
    assert found.answer.startswith("Yes")
    assert found.gain.better
    assert found.signal.significant
    assert list(found.baselines) == ["constant", "rule", "linear"]
    assert found.rows == found.rows_looked_at
    assert found.split == ("random" if task == "regression" else "stratified")
    assert found.split_reason
    assert "All rows" in found.how
    assert [point.rows for point in found.learning_curve] == sorted(
        point.rows for point in found.learning_curve
    )
    assert Framing.model_validate_json(found.model_dump_json()) == found


def test_adult_is_answered_from_a_sample_and_says_so() -> None:
    table = pl.read_parquet(str(resources.files("modelwright.demo") / "adult.parquet"))
    target = table.columns[-1]
    positive = ">50K"
    brief = Brief.from_dict(
        {
            "problem": {
                "name": "adult",
                "target": target,
                "task": "binary",
                "positive": positive,
                "metric": "roc_auc",
            }
        }
    )
    found = frame(table, Contract.infer(table, brief), brief)
    assert found.rows == table.height
    assert found.rows_looked_at == 8_000
    assert "A sample of 8,000 of" in found.how
    assert 0.88 < found.baselines["linear"].value < 0.93
    assert found.baselines["constant"].value == 0.5
    assert found.learner == "lightgbm"
    assert found.audit.clean
    assert sum(each.rows for each in found.balance) == table.height


def test_noise_is_not_called_an_answer_more_often_than_promised() -> None:
    answers = [framed(idle(150, seed), "binary").answer for seed in range(12)]
    assert sum(answer.startswith("Not as it stands") for answer in answers) >= 10


def test_a_column_that_gives_the_answer_away_is_named_first() -> None:
    table = idle(400).with_columns(
        leak=pl.when(pl.col("outcome") == "yes").then(pl.lit("closed")).otherwise(pl.lit("open"))
    )
    found = framed(table, "binary")
    assert [leak.code for leak in found.audit.findings] == ["MW-L001"]
    assert found.audit.accused == ("leak",)
    assert found.answer.startswith("Not to be trusted yet: 'leak'")


@pytest.mark.parametrize("task", ["multiclass", "regression"])
def test_copies_of_other_targets_are_seen_too_and_honest_columns_are_not(task) -> None:
    table = real(task)
    copy = pl.col("outcome") + ("-copy" if task == "multiclass" else 3.0)
    assert framed(table, task).audit.accused == ()
    assert framed(table.with_columns(copy=copy), task).audit.accused == ("copy",)


def test_time_is_kept_in_order_and_groups_together() -> None:
    rng = np.random.default_rng(0)
    table = idle(400).with_columns(
        day=pl.Series([dt.date(2024, 1, 1) + dt.timedelta(days=int(i)) for i in range(400)]),
        person=pl.Series(rng.integers(0, 60, 400)).cast(pl.String),
    )
    forward = framed(table, "binary", {"time": "day"})
    assert forward.split == "forward"
    assert "shifts in time" in forward.signal.method
    grouped = framed(table.drop("day"), "binary", {"group": "person"})
    assert grouped.split == "grouped"
    assert "groups" in grouped.signal.method


def test_a_group_s_own_noise_is_no_signal() -> None:
    rng = np.random.default_rng(1)
    person = np.repeat(np.arange(50), 10)
    table = pl.DataFrame(
        {
            "person": person.astype(str),
            "height": rng.normal(size=50)[person],
            "outcome": np.array(["yes", "no"])[rng.integers(0, 2, 50)[person]],
        }
    )
    found = framed(table, "binary", {"group": "person"})
    assert not found.gain.better
    assert not found.signal.significant


def test_more_rows_help_where_the_curve_still_rises() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(6000, 6))
    wavy = np.sin(3 * X[:, 0]) * np.cos(2 * X[:, 1]) + X[:, 2] * X[:, 3]
    table = pl.DataFrame(X, schema=list("abcdef")).with_columns(outcome=wavy + 0.1 * rng.normal(size=6000))
    assert framed(table, "regression").more_rows.startswith("Yes: ")
    kind = rng.integers(0, 4, 6000)
    flat = pl.DataFrame({"kind": kind.astype(str), "outcome": 10.0 * kind + 3 * rng.normal(size=6000)})
    assert framed(flat, "regression").more_rows.startswith("A little at most: ")


def test_a_rare_label_is_seen_often_enough() -> None:
    rng = np.random.default_rng(0)
    outcome = np.where(rng.random(40_000) < 0.004, "yes", "no")
    table = pl.DataFrame({"x": rng.normal(size=40_000) + (outcome == "yes"), "outcome": outcome})
    found = framed(table, "binary")
    assert found.rows_looked_at > 8_000
    assert found.gain.better


def test_the_same_seed_gives_the_same_framing() -> None:
    assert framed(idle(200), "binary") == framed(idle(200), "binary")


def test_what_can_not_be_answered_is_refused_with_the_reason() -> None:
    with pytest.raises(DataError, match="only 10 rows have a value in the target 'outcome'"):
        framed(idle(10), "binary")
    brief, table = asked("binary"), idle(60)
    contract = Contract.infer(table, brief)
    with pytest.raises(DataError, match="every row has the same value"):
        frame(table.filter(pl.col("outcome") == "yes"), contract, brief)


def test_rows_without_a_target_are_passed_over() -> None:
    table = idle(200)
    holed = table.with_columns(pl.when(pl.int_range(200) % 4 > 0).then(pl.col("outcome")).alias("outcome"))
    assert framed(holed, "binary").rows == 150


def test_its_paragraphs_answer_the_questions_of_the_brief() -> None:
    headings = [heading for heading, words in framed(idle(200), "binary").paragraphs() if words]
    assert headings == [
        "Can machine learning answer this?",
        "Is there signal?",
        "Would more rows help?",
        "What is the target like?",
        "How will rows be held out?",
        "What does this rest on?",
    ]
