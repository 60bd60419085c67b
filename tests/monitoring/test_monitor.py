"""The watch over a release of a real table, visit by visit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from modelwright.errors import PackageError
from modelwright.monitoring import monitor, report_incident
from modelwright.store import Label

from .adult import BRIEF, CLASSES, Packed, World

START = datetime(2026, 3, 1, tzinfo=UTC)
CALIBRATION = ("outcomes above", "outcomes below")


@pytest.fixture(scope="module")
def world():
    return World.make()


@pytest.fixture
def served(world, tmp_path):
    """A release of the world's model that has given no prediction yet."""
    with world.release(tmp_path) as opened:
        yield opened


def promises(monitoring):
    return {(alarm.promise, alarm.column) for alarm in monitoring.alarms}


def test_before_the_first_prediction_there_is_nothing_to_watch(served):
    found = served.visit()
    assert found.holds
    assert found.alarms == ()
    assert found.words.startswith("Nothing to watch yet")


def test_while_nothing_changes_everything_holds_and_the_metric_has_an_interval(served, world):
    served.predict(world.fresh(3000))
    served.label(2000)
    found = served.visit()
    assert found.holds
    assert found.alarms == ()
    assert found.new == found.labels.predictions == 3000
    assert found.labels.arrived == found.labels.rows == 2000
    assert found.labels.score.low < world.metric_on_vault < found.labels.score.high
    assert len(found.watched) > 20
    assert {"latency", "cost", "estimated performance", *CALIBRATION} <= {
        each.promise for each in found.watched
    }
    assert found.estimated.low < world.metric_on_vault < found.estimated.high
    assert "cannot see concept change" in found.words
    assert all(each.advice == "" for each in found.watched)


def test_labels_that_turn_against_the_model_break_its_promise_once(served, world):
    served.predict(world.fresh(400))
    served.label(400, flip=True)
    found = served.visit()
    assert not found.holds
    assert ("performance", None) in promises(found)
    assert promises(found) <= {(each, None) for each in ("performance", "cost", *CALIBRATION)}
    assert found.alarms[0].new
    assert found.alarms[0].code == "MW-M001"
    assert "at most" in found.words

    served.predict(world.fresh(100))
    served.label(500, flip=True)
    again = served.visit()
    assert len([alarm for alarm in again.alarms if alarm.promise == "performance"]) == 1
    assert not again.alarms[0].new
    assert not again.holds

    for alarm in again.alarms:
        served.operations.close_alarm(alarm.id)
    closed = served.visit()
    assert closed.holds
    assert len(closed.alarms) == len(again.alarms)


@pytest.mark.parametrize(
    ("change", "n_rows", "expected"),
    [
        (pl.col("age") * 12, 60, {("out of range", "age"), ("drift", "age")}),
        (
            pl.lit(None, pl.String).alias("occupation"),
            60,
            {("missing", "occupation"), ("drift", "occupation")},
        ),
        (pl.lit("Self-made").alias("workclass"), 60, {("unseen", "workclass"), ("drift", "workclass")}),
    ],
)
def test_a_change_of_a_column_is_named(served, world, change, n_rows, expected):
    served.predict(world.fresh(1000))
    assert served.visit().holds
    served.predict(world.fresh(n_rows).with_columns(change))
    found = served.visit()
    assert expected <= promises(found)
    by_column = {alarm.column for alarm in found.alarms if alarm.promise not in ("score", "label")}
    assert by_column == {column for _, column in expected}
    for alarm in found.alarms:
        assert alarm.since >= START + timedelta(minutes=900)


def test_slow_answers_break_the_promised_latency_but_a_large_request_does_not(served, world):
    served.predict(world.fresh(300))
    assert served.visit().holds
    served.predict(world.fresh(400), at=served.clock, latency_ms=400.0)  # one request, a millisecond a row
    assert ("latency", None) not in promises(served.visit())
    for row in world.fresh(12).iter_slices(1):
        served.predict(row, latency_ms=400.0)
    assert ("latency", None) in promises(served.visit())


def test_a_vanished_category_is_seen(served, world):
    served.predict(world.fresh(1000))
    served.visit()
    served.predict(world.fresh(2000).filter(pl.col("sex") == "Male").head(600))
    found = served.visit()
    assert ("drift", "sex") in promises(found)
    assert "Female" not in found.words  # a protected column's values are never shown
    assert "Male" not in found.words


def test_how_often_someone_looks_changes_nothing(world, tmp_path):
    rows, evidence = world.fresh(600).with_columns(pl.col("age") + 6), []
    for name, visits in (("once", [600]), ("often", [1, 10, 11, 50, 300, 600])):
        with world.release(tmp_path / name) as served:
            for start, stop in zip([0, *visits], visits, strict=False):
                served.predict(rows[start:stop])
                found = served.visit()
            evidence.append([each.evidence for each in found.watched])
            assert found.labels.predictions == 600
    assert evidence[0] == pytest.approx(evidence[1])


def test_a_prediction_that_shows_up_late_is_counted_once(served, world):
    served.predict(world.fresh(50))
    served.visit()
    late = served.predict(world.fresh(1), at=served.clock - timedelta(seconds=2))
    assert served.visit().new == 1
    assert served.visit().new == 0
    assert served.operations.observation(late[0]) is not None


def test_a_visit_that_is_killed_is_repeated_without_a_second_alarm(served, world, monkeypatch):
    served.predict(world.fresh(300))
    served.label(300, flip=True)
    with monkeypatch.context() as patch:
        patch.setattr(served.operations, "keep_watch", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            served.visit()
    found = served.visit()
    assert found.new == 300
    assert len(promises(found)) == len(found.alarms) > 0


def test_a_corrected_label_counts_in_the_metric_but_is_no_new_evidence(served, world):
    served.predict(world.fresh(300))
    served.label(300)
    before = served.visit()
    served.label(300, flip=True)
    after = served.visit()
    assert after.labels.arrived == before.labels.arrived
    assert after.watched[0].evidence == before.watched[0].evidence
    assert after.labels.score.value == pytest.approx(1 - before.labels.score.value)


def test_a_metric_that_is_not_defined_yet_is_said_so(served, world):
    ids = served.predict(world.fresh(5))
    served.operations.add_labels([Label(each, CLASSES[0]) for each in ids])
    found = served.visit()
    assert found.labels.score is None
    assert "not defined" in found.labels.words


def test_a_package_without_a_reference_cannot_be_watched(served, world):
    bare = Packed(world.package.folder, world.contract, {})
    with pytest.raises(PackageError, match="build the package again"):
        monitor(served.operations, served.release, bare, BRIEF)


def test_a_new_release_is_watched_from_the_start(served, world):
    served.predict(world.fresh(300))
    served.label(300, flip=True)
    assert not served.visit().holds
    served.release_again()
    found = served.visit()
    assert found.holds
    assert found.labels.predictions == 0


def test_a_broken_column_is_one_incident_that_says_what_it_costs_and_where(served, world):
    served.predict(world.fresh(1000))
    served.label(1000)
    served.visit()
    served.predict(world.fresh(400).with_columns(pl.col("education_num") * 12))
    served.label(1400)
    found = served.visit()
    assert {alarm.incident for alarm in found.alarms} == {found.alarms[0].incident}
    (incident,) = served.operations.incidents()
    report = report_incident(served.operations, incident)
    assert report.since == min(alarm.since for alarm in found.alarms)
    assert {each.column for each in report.alarms} >= {"education_num"}
    effects = {each.measure: each for each in report.alarms[0].effects}
    assert effects["accuracy"].high < 0
    assert effects["cost"].low > 0
    assert "EUR a day" in report.words
    assert "What to do:" in report.words


def test_a_closed_incident_is_reopened_when_its_promise_is_still_broken(served, world):
    served.predict(world.fresh(400))
    served.label(400, flip=True)
    first = served.visit()
    (incident,) = served.operations.incidents()
    served.operations.close_incident(incident.id, by="ada", reason="fixed, I think")
    assert served.visit().holds
    served.predict(world.fresh(300))
    served.label(700, flip=True)
    again = served.visit()
    assert not again.holds
    assert [alarm.id for alarm in again.alarms] == [alarm.id for alarm in first.alarms]
    assert again.alarms[0].new
    acts = [event.act for event in served.operations.incident_history(incident.id)]
    assert acts == ["opened", "closed", "reopened"]


def test_a_closed_incident_stays_closed_when_the_trouble_is_over(served, world):
    served.predict(world.fresh(300))
    served.label(300, flip=True)
    served.visit()
    (incident,) = served.operations.incidents()
    served.operations.close_incident(incident.id, by="ada", reason="the labels were swapped")
    served.predict(world.fresh(3000))
    served.label(3300)
    assert served.visit().holds
    assert served.operations.incident(incident.id).status == "closed"
