"""Which alarms belong together, what drives them and what they cost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from modelwright.monitoring.alarms.drivers import drivers_of
from modelwright.monitoring.alarms.effects import effects_of
from modelwright.monitoring.alarms.grouping import close_superseded, group
from modelwright.problem import Brief
from modelwright.store import Operations

NOW = datetime.now(UTC)


@pytest.fixture
def operations(tmp_path):
    with Operations(f"sqlite:///{tmp_path / 'operations.db'}") as opened:
        yield opened


def raised(operations, promise, column, hours_ago):
    since = NOW - timedelta(hours=hours_ago)
    evidence = {"words": f"{promise} of {column}"}
    operations.add_alarm(release="r", promise=promise, column=column, since=since, evidence=evidence)
    return column


def members(operations):
    return [
        {(alarm.promise, alarm.column) for alarm in operations.alarms(incident=each.id)}
        for each in operations.incidents()
    ]


def test_alarms_that_began_together_are_one_incident_and_others_are_not(operations):
    raised(operations, "drift", "age", 50.0)
    raised(operations, "drift", "job", 49.5)
    raised(operations, "drift", "city", 1.0)
    group(operations, "r")
    assert members(operations) == [{("drift", "age"), ("drift", "job")}, {("drift", "city")}]
    group(operations, "r")
    assert len(operations.incidents()) == 2


def test_what_follows_from_a_column_joins_its_incident_and_makes_it_worse(operations):
    raised(operations, "missing", "age", 60.0)
    group(operations, "r")
    raised(operations, "drift", "age", 2.0)
    raised(operations, "performance", None, 3.0)
    group(operations, "r")
    (incident,) = operations.incidents()
    assert incident.title == "performance of None (and 2 more alarms)"
    assert [event.act for event in operations.incident_history(incident.id)] == ["opened", "worsened"]


def test_mistakes_that_began_before_a_column_changed_are_not_put_down_to_it(operations):
    raised(operations, "performance", None, 90.0)
    raised(operations, "drift", "age", 2.0)
    group(operations, "r")
    assert len(operations.incidents()) == 2


def test_another_release_closes_the_incidents_of_the_one_before(operations):
    raised(operations, "drift", "age", 2.0)
    group(operations, "r")
    close_superseded(operations, "r")
    assert operations.incidents()[0].status == "open"
    close_superseded(operations, "next")
    (incident,) = operations.incidents()
    assert incident.status == "closed"
    assert operations.incident_history(incident.id)[-1].reason == "next has taken the place of r"


# ---- drivers


def table(rng, n_rows):
    return pl.DataFrame(
        {
            "group": np.where(rng.random(n_rows) < 0.2, "minor", "major"),
            "other": rng.choice(["a", "b", "c"], n_rows),
        }
    )


def test_the_group_in_which_a_change_is_concentrated_is_named_and_no_other():
    found = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        rows, after = table(rng, 2000), np.arange(2000) >= 1000
        rate = 0.2 + 0.5 * (after & (rows["group"] == "minor").to_numpy())
        drivers = drivers_of(rows, (rng.random(2000) < rate).astype(float), after)
        found += [each.value for each in drivers] == ["minor"]
        assert {each.column for each in drivers} <= {"group"}
        hidden = drivers_of(rows, (rng.random(2000) < rate).astype(float), after, {"group"})
        assert all("minor" not in each.words for each in hidden)
    assert found >= 18


def test_a_change_in_all_rows_has_no_driver():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        rows, after = table(rng, 2000), np.arange(2000) >= 1000
        assert drivers_of(rows, (rng.random(2000) < 0.2 + 0.2 * after).astype(float), after) == ()


# ---- what it costs


def labelled(rng, said, true):
    at = [NOW + timedelta(minutes=int(n)) for n in range(len(said))]
    return pl.DataFrame({"at": at, "prediction": said, "label": true})


def test_money_and_accuracy_are_compared_before_and_after():
    problem = {"name": "m", "target": "y", "task": "binary", "positive": "yes", "metric": "roc_auc"}
    costs = {"currency": "EUR", "false_positive": 1.0, "false_negative": 5.0}
    brief = Brief.from_dict({"problem": problem, "costs": costs})
    rng, inside = np.random.default_rng(0), 0
    for _ in range(200):
        true = rng.random(600) < 0.5
        wrong = rng.random(600) < np.where(np.arange(600) < 300, 0.1, 0.3)
        names = np.array(["no", "yes"])
        frame = labelled(rng, names[(true ^ wrong).astype(int)], names[true.astype(int)])
        accuracy, cost = effects_of(brief, frame, (NOW + timedelta(minutes=300)).timestamp(), 1440.0)
        inside += accuracy.low <= -0.2 <= accuracy.high and cost.low <= 0.6 <= cost.high
    assert inside >= 175  # both limits at 95 %
    assert accuracy.rows_before == accuracy.rows_after == 300
    assert "EUR a day" in cost.words
    assert cost.per_day == pytest.approx(1440 * (cost.after - cost.before))


def test_a_regression_is_compared_by_its_errors_and_few_labels_say_nothing():
    problem = {"name": "m", "target": "price", "task": "regression", "metric": "mae"}
    brief, rng = Brief.from_dict({"problem": problem}), np.random.default_rng(1)
    said = rng.normal(size=200)
    frame = labelled(rng, said, said + np.where(np.arange(200) < 100, 1.0, 3.0))
    (effect,) = effects_of(brief, frame, (NOW + timedelta(minutes=100)).timestamp(), 10.0)
    assert (effect.before, effect.after, effect.per_day) == pytest.approx((1.0, 3.0, 20.0))
    assert effects_of(brief, frame, (NOW + timedelta(minutes=190)).timestamp(), 10.0) == ()
