"""Labelled predictions as rows: dated, typed and in order, whatever callers sent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from modelwright.data import Contract, check, learnable, propose_split
from modelwright.lifecycle.harvest import harvest
from modelwright.problem import Brief
from modelwright.store import Label, Observation, Operations, ident

ROWS = 200


def readings(time: pl.Series, *, rows: int = ROWS) -> pl.DataFrame:
    """A regression with a time and a group."""
    return pl.DataFrame(
        {
            "when": time,
            "machine": [f"m{n % 20}" for n in range(rows)],
            "heat": [20.5 + n % 7 for n in range(rows)],
            "wear": [float(n % 7) for n in range(rows)],
        }
    )


def days(rows: int = ROWS) -> list[date]:
    return [date(2020, 1, 1) + timedelta(days=n) for n in range(rows)]


TIMES = {
    "dates": pl.Series(days()),
    "datetimes": pl.Series(days()).cast(pl.Datetime("ms")),
    "zoned": pl.Series(days()).cast(pl.Datetime("us")).dt.replace_time_zone("Europe/Berlin"),
    "iso text": pl.Series(days()).dt.strftime("%Y-%m-%d"),
    "other text": pl.Series(days()).dt.strftime("%d.%m.%Y"),
    "numbers": pl.Series(range(2000, 2000 + ROWS)),
}


def asked(**columns) -> Brief:
    problem = {"name": "wear", "target": "wear", "task": "regression", "metric": "rmse"}
    return Brief.from_dict({"problem": problem, "columns": columns})


@pytest.fixture
def operations(tmp_path):
    with Operations(f"sqlite:///{tmp_path / 'operations.db'}") as opened:
        yield opened


def observe(operations: Operations, rows: list[dict], start: datetime | None = None) -> None:
    """Keep predictions, one second apart, and their labels: the row's number."""
    start = start or datetime.now(UTC)
    kept = [
        Observation(ident("prediction"), start + timedelta(seconds=n), "r1", row, 0.5, None, 1.0)
        for n, row in enumerate(rows)
    ]
    operations.append_observations(kept)
    operations.add_labels([Label(each.id, float(n)) for n, each in enumerate(kept)])


@pytest.mark.parametrize("kind", TIMES)
def test_rows_that_do_not_say_when_come_after_all_others(operations, kind):
    source, brief = readings(TIMES[kind]), asked(time="when")
    contract = Contract.infer(source, brief)
    observe(operations, [{"heat": 21.0, "machine": "m1"} for _ in range(80)])
    gathered = harvest(brief, contract, source, operations)

    assert gathered.labelled == 80
    assert [each for each in check(contract, gathered.rows) if each.severity == "error"] == []
    assert gathered.judging.tolist() == list(range(ROWS + 40, ROWS + 80))
    split = propose_split(gathered.rows, contract)
    assert split.kind == "forward"
    learnt = learnable(gathered.rows, contract, split, gathered.judging)
    when = gathered.rows["when"]
    assert when[learnt].max() < when[gathered.judging].min()
    assert len(learnt) == ROWS + 40
    assert gathered.rows["wear"][ROWS:].to_list() == list(range(80))


def test_rows_that_say_when_are_put_in_its_order(operations):
    source, brief = readings(TIMES["iso text"]), asked(time="when")
    contract = Contract.infer(source, brief)
    later = [(date(2021, 1, 1) + timedelta(days=80 - n)).isoformat() for n in range(80)]
    rows = [{"heat": 21.0, "machine": "m1", "when": when} for when in later]
    observe(operations, rows)
    gathered = harvest(brief, contract, source, operations)

    assert gathered.rows["when"].is_sorted()
    assert gathered.rows["wear"][gathered.judging].to_list() == list(range(39, -1, -1))


def test_rows_older_than_the_source_do_not_judge(operations):
    source, brief = readings(TIMES["iso text"]), asked(time="when")
    contract = Contract.infer(source, brief)
    observe(operations, [{"heat": 21.0, "machine": "m1", "when": "2019-05-05"} for _ in range(80)])
    gathered = harvest(brief, contract, source, operations)

    assert gathered.judging is None, "nearly nothing is earlier, so nothing could be learnt from"


def test_a_time_that_nobody_checked_does_not_stop_the_harvest(operations):
    source, brief = readings(TIMES["iso text"]), asked(time="when", group="machine")
    contract = Contract.infer(source, brief)
    odd = ["yesterday", None, 17, {"a": 1}]
    observe(operations, [{"heat": 21.0, "machine": odd[n % 4], "when": odd[n % 4]} for n in range(80)])
    gathered = harvest(brief, contract, source, operations)

    assert gathered.rows["when"][ROWS:].null_count() == 0
    assert gathered.rows["when"][ROWS:].min() > gathered.rows["when"][:ROWS].max()


def test_groups_of_the_judges_are_not_learnt_from(operations):
    source = readings(TIMES["dates"]).drop("when")
    brief = asked(group="machine")
    contract = Contract.infer(source, brief)
    observe(operations, [{"heat": 21.0, "machine": f"m{n // 20}"} for n in range(80)])
    gathered = harvest(brief, contract, source, operations)
    split = propose_split(gathered.rows, contract)
    learnt = learnable(gathered.rows, contract, split, gathered.judging)
    machines = gathered.rows["machine"]

    assert set(machines[gathered.judging]) == {"m2", "m3"}
    assert set(machines[learnt]) == set(machines) - {"m2", "m3"}


@pytest.mark.parametrize(("positives", "judge"), [(0, False), (4, False), (5, True)])
def test_a_handful_of_each_class_is_needed_to_judge(operations, positives, judge):
    problem = {"name": "worn", "target": "worn", "task": "binary", "positive": "yes", "metric": "roc_auc"}
    brief = Brief.from_dict({"problem": problem})
    source = readings(TIMES["dates"]).drop("when").with_columns(worn=pl.Series(["yes", "no"] * (ROWS // 2)))
    kept = [
        Observation(ident("prediction"), datetime.now(UTC), "r1", {"heat": n}, "no", None, 1.0)
        for n in range(80)
    ]
    operations.append_observations(kept)
    operations.add_labels(
        [Label(each.id, "yes" if n >= 80 - positives else "no") for n, each in enumerate(kept)]
    )
    gathered = harvest(brief, Contract.infer(source, brief), source, operations)

    assert (gathered.judging is not None) == judge


def test_without_labels_the_source_stays_as_it_is(operations):
    source, brief = readings(TIMES["dates"]), asked()
    gathered = harvest(brief, Contract.infer(source, brief), source, operations)

    assert gathered.rows is source
    assert gathered.judging is None
