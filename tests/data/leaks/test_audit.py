"""The leak audit: what is planted is found with its code, and what is honest is left alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn import datasets

from modelwright.data import Audit, Contract, audit
from modelwright.data.leaks import TESTS
from modelwright.problem import Brief
from tests.data.leaks.worlds import ROWS, audited, honest, labels


def codes(found: Audit) -> dict[str, str]:
    return {column: leak.code for leak in found.findings if leak.accuses for column in leak.columns}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_an_honest_table_is_not_accused(task: str, seed: int) -> None:
    table, score, _ = honest(seed=seed)
    y = {
        "binary": labels(score),
        "multiclass": np.digitize(score, np.quantile(score, [0.3, 0.7])).astype(str),
        "regression": score,
    }[task]

    assert audited(table, y, task).accused == ()


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "diabetes", "digits"])
def test_the_strong_columns_of_real_tables_are_not_accused(name: str) -> None:
    X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    table = pl.DataFrame(X, schema=[f"c{at}" for at in range(X.shape[1])]).with_columns(target=pl.Series(y))
    task = {"breast_cancer": "binary", "diabetes": "regression"}.get(name, "multiclass")
    metric = {"binary": "roc_auc", "regression": "rmse"}.get(task, "log_loss")
    problem = {"name": name, "target": "target", "task": task, "metric": metric}
    asked = Brief.from_dict({"problem": problem | ({"positive": "1"} if task == "binary" else {})})

    assert [
        leak for leak in audit(table, Contract.infer(table, asked)).findings if leak.strength >= 0.5
    ] == []


def planted_in_labels(y: np.ndarray, rng: np.random.Generator) -> dict[str, tuple[str, Any]]:
    yes = y == "yes"
    wrong = rng.random(len(y)) < 0.01
    late = np.where(yes & (rng.random(len(y)) < 0.6), rng.choice(["price", "moved", "other"], len(y)), None)
    return {
        "copied": ("MW-L001", np.where(yes, "closed", "open")),
        "nearly": ("MW-L001", np.where(yes ^ (wrong & (rng.random(len(y)) < 0.2)), 1, 0)),
        "threshold": ("MW-L001", np.where(yes, 5.0, 0.0) + rng.random(len(y))),
        "left_because": ("MW-L004", pl.Series(late.tolist(), dtype=pl.String)),
        "fee": (
            "MW-L004",
            np.where(yes & (rng.random(len(y)) < 0.3), rng.gamma(2, 10, len(y)).round(2), 0.0),
        ),
        "loud": ("MW-L005", np.where(yes, 3.7, 0.0) + rng.normal(size=len(y))),
        "risk_score": ("MW-L012", np.round(np.clip(rng.beta(2 + 5 * yes, 4 - 2 * yes), 0, 1), 3)),
    }


@pytest.mark.parametrize("name", planted_in_labels(np.array(["yes", "no"]), np.random.default_rng(0)))
def test_what_gives_a_label_away_is_found(name: str) -> None:
    table, score, rng = honest()
    if name == "loud":
        score = rng.normal(size=ROWS) + 0.2 * score
    y = labels(score)
    code, values = planted_in_labels(y, rng)[name]

    assert codes(audited(table.with_columns(pl.Series(name, values)), y, "binary")) == {name: code}


@pytest.mark.parametrize(
    ("name", "code"),
    [("copied", "MW-L001"), ("scaled", "MW-L001"), ("band", "MW-L001"), ("curve", "MW-L001")],
)
def test_what_gives_a_value_away_is_found(name: str, code: str) -> None:
    table, score, rng = honest()
    values = {
        "copied": score,
        "scaled": score * 1.8 + 32 + rng.normal(size=ROWS) * 0.005,
        "band": np.digitize(score, np.quantile(score, [0.25, 0.5, 0.75])).astype(str),
        "curve": np.exp(score / 2) + rng.normal(size=ROWS) * 0.001,
    }[name]

    assert codes(audited(table.with_columns(pl.Series(name, values)), score, "regression")) == {name: code}


def test_parts_that_add_up_are_found_and_fees_do_not_hide_them() -> None:
    table, _, rng = honest()
    fare, tip = rng.gamma(3, 5, ROWS).round(2), rng.gamma(1, 3, ROWS).round(2)
    toll = np.where(rng.random(ROWS) < 0.05, 6.12, 0)
    total = fare + tip + toll + rng.choice([0.5, 1.0, 3.5], ROWS)
    parts = table.with_columns(pl.Series("fare", fare), pl.Series("tip", tip), pl.Series("toll", toll))

    assert codes(audited(parts, total, "regression")) == dict.fromkeys(("fare", "tip", "toll"), "MW-L002")


def test_factors_are_found() -> None:
    table, _, rng = honest()
    price, pieces = rng.gamma(3, 5, ROWS) + 1, rng.integers(1, 20, ROWS)
    rebate = rng.choice([0, 0.1, 0.2, 0.5], ROWS)
    sales = table.with_columns(
        pl.Series("price", price), pl.Series("pieces", pieces), pl.Series("rebate", rebate)
    )

    found = codes(audited(sales, price * pieces * (1 - rebate), "regression"))

    assert found == dict.fromkeys(("price", "pieces", "rebate"), "MW-L002")


def test_a_duration_is_known_when_its_end_is() -> None:
    table, _, rng = honest()
    start = np.array([dt.datetime(2024, 1, 1, tzinfo=dt.UTC)] * ROWS) + np.array(
        [dt.timedelta(minutes=int(each)) for each in rng.integers(0, 400_000, ROWS)]
    )
    seconds = rng.gamma(2, 600, ROWS).round()
    end = start + np.array([dt.timedelta(seconds=float(each)) for each in seconds])
    trips = table.with_columns(begun=pl.Series(list(start)), done=pl.Series(list(end)))

    assert set(codes(audited(trips, seconds, "regression"))) == {"done"}


def test_flags_any_of_which_makes_the_label_are_found_together() -> None:
    table, _, rng = honest()
    flags = {f"cause_{at}": rng.random(ROWS) < 0.012 for at in range(4)}
    y = np.where(np.logical_or.reduce(list(flags.values())), "yes", "no")
    found = audited(table.with_columns(pl.Series(name, each) for name, each in flags.items()), y, "binary")

    assert set(found.accused) == set(flags)


def test_two_columns_whose_comparison_is_the_label_are_found() -> None:
    table, _, rng = honest()
    goal, raised = rng.gamma(2, 500, ROWS).round(2), rng.gamma(2, 500, ROWS).round(2)
    y = np.where(raised >= goal, "yes", "no")
    found = audited(table.with_columns(pl.Series("goal", goal), pl.Series("raised", raised)), y, "binary")

    assert codes(found) == {"goal": "MW-L003", "raised": "MW-L003"}


def days(rows: int) -> pl.Series:
    return pl.Series([dt.date(2020, 1, 1) + dt.timedelta(days=at) for at in range(rows)])


def walk(rng: np.random.Generator, rows: int = 700) -> np.ndarray:
    return np.asarray(np.cumsum(rng.normal(size=rows)) + rng.normal(size=rows))


@pytest.mark.parametrize("name", ["tomorrow", "running", "centred"])
def test_in_the_order_of_time_the_future_is_found(name: str) -> None:
    rng = np.random.default_rng(3)
    y = walk(rng)
    padded = np.pad(y, 3, mode="edge")
    values = {
        "tomorrow": [*y[1:], None],
        "running": np.cumsum(y),
        "centred": np.convolve(padded, np.ones(7) / 7, mode="valid"),
    }[name]
    table = pl.DataFrame({"day": days(len(y)), "x": rng.normal(size=len(y)), name: values})

    assert codes(audited(table, y, "regression", time="day")) == {name: "MW-L010"}


@pytest.mark.parametrize("name", ["yesterday", "week_before", "mean_before"])
def test_the_past_is_not_accused_however_much_it_says(name: str) -> None:
    rng = np.random.default_rng(4)
    y = np.cumsum(rng.normal(size=700))
    values = {
        "yesterday": [None, *y[:-1]],
        "week_before": [*[None] * 7, *y[:-7]],
        "mean_before": [*[None] * 5, *np.convolve(y, np.ones(5) / 5, mode="valid")[:-1]],
    }[name]
    table = pl.DataFrame({"day": days(len(y)), "x": rng.normal(size=len(y)), name: values})

    assert audited(table, y, "regression", time="day").accused == ()


def test_each_series_has_a_future_of_its_own() -> None:
    rng = np.random.default_rng(5)
    series = [walk(rng, 200) + 50 * at for at in range(4)]
    ahead = [value for each in series for value in [*each[1:], None]]
    table = pl.DataFrame(
        {
            "shop": np.repeat([f"s{at}" for at in range(4)], 200),
            "day": pl.concat([days(200)] * 4),
            "x": rng.normal(size=800),
            "ahead": ahead,
        }
    )

    assert codes(audited(table, np.concatenate(series), "regression", time="day", group="shop")) == {
        "ahead": "MW-L010"
    }


def test_dates_after_the_row_s_own_time_are_found_and_plans_are_not() -> None:
    table, score, rng = honest()
    when = [dt.date(2024, 1, 1) + dt.timedelta(days=int(each)) for each in rng.integers(0, 300, ROWS)]
    after = [
        each + dt.timedelta(days=int(gap)) for each, gap in zip(when, rng.integers(1, 40, ROWS), strict=True)
    ]
    dated = table.with_columns(
        ordered=pl.Series(when), delivered=pl.Series(after), planned_delivery=pl.Series(after)
    )

    assert codes(audited(dated, labels(score), "binary", time="ordered")) == {"delivered": "MW-L011"}


def test_an_identifier_given_in_the_order_of_the_outcome_is_found() -> None:
    table, score, _ = honest()
    y = labels(score)
    numbers = np.argsort(np.argsort(score + np.random.default_rng(1).normal(size=ROWS))) + 1000

    assert codes(audited(table.with_columns(case_no=pl.Series(numbers)), y, "binary")) == {
        "case_no": "MW-L007"
    }


def test_a_family_is_accused_as_one() -> None:
    table, score, rng = honest()
    y = labels(score)
    left = y == "yes"
    rare = left & (rng.random(ROWS) < 0.01)
    columns = {
        "exit_reason": pl.Series(np.where(left, "price", None).tolist(), dtype=pl.String),
        "exit_agent": pl.Series(
            np.where(left & (rng.random(ROWS) < 0.8), "ann", None).tolist(), dtype=pl.String
        ),
        "exit_refund": pl.Series(np.where(rare, 5.0, None).tolist(), dtype=pl.Float64),
    }

    assert set(audited(table.with_columns(**columns), y, "binary").accused) == set(columns)


def test_a_telling_name_supports_a_measurement_and_accuses_nobody_alone() -> None:
    table, score, rng = honest()
    y = labels(score)
    hint = (y == "yes") + rng.normal(size=ROWS) * 0.9
    chance = rng.normal(size=ROWS)

    assert codes(audited(table.with_columns(outcome=pl.Series(hint)), y, "binary")) == {"outcome": "MW-L006"}
    assert audited(table.with_columns(outcome=pl.Series(chance)), y, "binary").accused == ()
    assert audited(table.with_columns(previous_outcome=pl.Series(hint)), y, "binary").accused == ()


def test_rows_inform_and_accuse_no_column() -> None:
    table, score, _ = honest()
    y = labels(score)
    order = np.argsort(y, kind="stable")
    rows = pl.concat([table.drop("customer_id")[order], table.drop("customer_id")[order][:300]])
    found = audited(rows, np.concatenate([y[order], y[order][:300]]), "binary")

    assert {leak.code for leak in found.findings} >= {"MW-L008", "MW-L009"}
    assert found.clean
    assert all(leak.columns == () for leak in found.findings if leak.code in {"MW-L008", "MW-L009"})


def test_a_column_that_says_what_rows_are_about_is_proposed_as_group() -> None:
    table, score, rng = honest()
    person = np.arange(ROWS) // 5
    traits = {f"trait{at}": rng.normal(size=ROWS // 5)[person] for at in range(5)}
    people = pl.DataFrame({"person_id": person + 70_000, **traits, "x": table["x0"]})
    found = [leak for leak in audited(people, labels(score), "binary").findings if leak.code == "MW-L013"]

    assert [leak.columns for leak in found] == [("person_id",)]
    assert not found[0].accuses


def test_what_a_person_has_decided_not_to_learn_from_is_passed_over() -> None:
    table, score, _ = honest()
    y = labels(score)
    frame = table.with_columns(copied=pl.Series(y), target=pl.Series(y))
    asked = {"name": "m", "target": "target", "task": "binary", "positive": "yes", "metric": "roc_auc"}
    contract = Contract.infer(frame, Brief.from_dict({"problem": asked}))

    assert audit(frame, contract, passed_over=["copied"]).accused == ()


def test_texts_lists_and_empty_columns_are_taken_as_they_come() -> None:
    table, score, _ = honest(200)
    odd = table.with_columns(
        story=pl.Series(
            [f"A long story of row {at} that nobody has ever read to its end" for at in range(200)]
        ),
        pixels=pl.Series([[at, at + 1] for at in range(200)]),
        nothing=pl.Series([None] * 200, dtype=pl.Float64),
        same=pl.Series(["a"] * 200),
    )

    assert audited(odd, labels(score), "binary").accused == ()


def test_a_large_table_is_looked_at_in_a_sample_that_keeps_rare_labels() -> None:
    table, _, rng = honest(60_000)
    yes = rng.random(60_000) < 0.004
    late = pl.Series(np.where(yes, "x", None).tolist(), dtype=pl.String)
    found = audited(table.with_columns(late=late), np.where(yes, "yes", "no"), "binary")

    assert found.rows == 60_000
    assert 50_000 < found.rows_looked_at < 50_600
    assert found.accused == ("late",)
    assert "sample" in found.how


def test_evidence_never_shows_a_value() -> None:
    table, score, _ = honest()
    y = labels(score)
    secret = pl.Series(np.where(y == "yes", "SECRET-A", "SECRET-B"))
    found = audited(table.with_columns(copied=secret), y, "binary")

    assert found.accused == ("copied",)
    assert "SECRET" not in str(found)


@pytest.mark.parametrize("test", TESTS, ids=lambda test: test.__name__)
def test_every_test_says_its_code_how_why_and_what_to_do(test: Any) -> None:
    text = test.__doc__ or ""

    assert text.startswith("MW-L0")
    assert all(part in text for part in ("**How**", "**Why**", "**What to do**"))
