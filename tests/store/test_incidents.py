"""Incidents: alarms that belong together, what was done about them, and who was told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from modelwright.errors import AlarmError
from modelwright.store import Operations
from modelwright.store.delivery_records import LEASE

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    return f"sqlite:///{tmp_path_factory.mktemp('incidents') / 'operations.db'}"


@pytest.fixture
def operations(url):
    with Operations(url) as opened:
        yield opened


@pytest.fixture
def alarm(operations):
    columns = iter(range(10**6))

    def add(promise="drift"):
        column = f"c{len(operations.alarms())}-{next(columns)}"
        return operations.add_alarm(release="r", promise=promise, column=column, evidence={})

    return add


@pytest.fixture
def incident(operations, alarm):
    return operations.open_incident(release="r", title="drift", since=NOW, alarms=[alarm().id])


def acts(operations, incident):
    return [event.act for event in operations.incident_history(incident.id)]


def test_an_incident_holds_its_alarms_and_tells_its_history(operations, alarm, incident):
    more, worse = alarm(), alarm("performance")
    operations.join_incident(incident.id, [more.id])
    operations.join_incident(incident.id, [worse.id], title="the loss is above its promise")
    operations.acknowledge_incident(incident.id, by="ada", reason="looking")
    assert len(operations.alarms(incident=incident.id)) == 3
    found = operations.incident(incident.id)
    assert (found.title, found.status, found.owner) == (
        "the loss is above its promise",
        "acknowledged",
        "ada",
    )
    assert acts(operations, incident) == ["opened", "joined", "worsened", "acknowledged"]
    assert operations.incident_history(incident.id)[2].alarms == [worse.id]
    assert found in operations.incidents("r", "acknowledged")


def test_an_alarm_belongs_to_one_incident_only(operations, incident):
    mine = operations.alarms(incident=incident.id)[0]
    other = operations.open_incident(release="r", title="other", alarms=[mine.id])
    assert operations.alarms(incident=other.id) == []
    operations.join_incident(other.id, [mine.id])
    assert acts(operations, other) == ["opened"]


def test_closing_and_reopening_take_the_alarms_along(operations, alarm, incident):
    again = alarm()
    operations.join_incident(incident.id, [again.id])
    operations.close_incident(incident.id, by="ada", reason="sensor repaired")
    assert {each.status for each in operations.alarms(incident=incident.id)} == {"closed"}
    operations.reopen_incident(incident.id, reason="broken again", alarms=[again.id])
    status = {each.id: each.status for each in operations.alarms(incident=incident.id)}
    assert status[again.id] == "open"
    assert sorted(status.values()) == ["closed", "open"]
    assert operations.incident(incident.id).status == "open"


def test_what_makes_no_sense_is_refused(operations, incident):
    with pytest.raises(AlarmError, match="it cannot be reopened"):
        operations.reopen_incident(incident.id, by="ada")
    operations.close_incident(incident.id, by="ada")
    with pytest.raises(AlarmError, match="is closed, so it cannot be acknowledged"):
        operations.acknowledge_incident(incident.id, by="ada")
    operations.note_incident(incident.id, by="ada", reason="a remark after the fact")
    assert operations.incident(incident.id).status == "closed"


def test_an_incident_is_found_by_the_end_of_its_identifier(operations, incident):
    assert operations.incident(incident.id[-8:]) == incident
    with pytest.raises(AlarmError, match="no incident 'nothing'"):
        operations.incident("nothing")
    with pytest.raises(AlarmError, match="no incident ''"):
        operations.incident("")


def test_a_silence_has_a_reason_an_end_and_something_to_be_silent_about(operations):
    later = NOW + timedelta(hours=2)
    made = operations.add_silence(until=later, by="ada", reason="migration of the source", column="age")
    assert made in operations.silences(at=NOW + timedelta(hours=1))
    assert made not in operations.silences(at=later)
    ended = operations.end_silence(made.id)
    assert ended not in operations.silences(at=NOW + timedelta(hours=1))
    for wrong, match in (
        ({"reason": " ", "until": later, "column": "age"}, "needs a reason"),
        ({"reason": "x", "until": NOW - timedelta(days=1), "column": "age"}, "is past"),
        ({"reason": "x", "until": later}, "something to be silent about"),
    ):
        with pytest.raises(AlarmError, match=match):
            operations.add_silence(by="ada", **wrong)


# ---- messages: reserved before they are sent


def notice(operations, incident):
    return operations.incident_history(incident.id)[0].id


def reserve(operations, incident, *, repeatable=False):
    return operations.reserve_delivery(notice(operations, incident), "chat", repeatable=repeatable)


def test_a_message_is_reserved_by_one_sender_only(operations, incident):
    mine = reserve(operations, incident)
    assert reserve(operations, incident) is None
    operations.settle_delivery(mine, "sent")
    assert reserve(operations, incident, repeatable=True) is None


def test_a_message_that_failed_is_tried_again_when_it_is_due(operations, incident):
    mine = reserve(operations, incident)
    operations.settle_delivery(mine, "failed", error="refused", due=NOW + timedelta(days=1))
    assert reserve(operations, incident) is None
    operations.settle_delivery(mine, "failed", error="refused", due=NOW)
    assert reserve(operations, incident).attempts == 2


@pytest.mark.parametrize("repeatable", [True, False])
def test_a_sender_that_was_killed_leaves_a_message_that_may_have_arrived(
    operations, incident, repeatable, monkeypatch
):
    reserve(operations, incident)
    monkeypatch.setattr(
        "modelwright.store.delivery_records.now", lambda: datetime.now(UTC) + LEASE + timedelta(seconds=1)
    )
    again = reserve(operations, incident, repeatable=repeatable)
    assert (again is not None) == repeatable
    (kept,) = operations.deliveries([notice(operations, incident)])
    assert kept.status == ("sending" if repeatable else "uncertain")
    assert reserve(operations, incident) is None
    if not repeatable:
        operations.resend_delivery(kept.notice, "chat")
        assert reserve(operations, incident).attempts == 2
        with pytest.raises(AlarmError, match="is sending; it is not sent again"):
            operations.resend_delivery(kept.notice, "chat")


def test_people_are_told_of_what_monitoring_did(operations, alarm, incident):
    operations.join_incident(incident.id, [alarm().id])
    operations.acknowledge_incident(incident.id, by="ada")
    told = [
        event.act for event in operations.notices(NOW - timedelta(days=1)) if event.incident == incident.id
    ]
    assert told == ["opened"]
