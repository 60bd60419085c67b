"""On call: from an alarm over the safe acts to the written account."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from modelwright.errors import ReleaseError, WorkdayError
from modelwright.lifecycle.results import LINEAR_ALONE
from modelwright.store import write_json
from modelwright.workday import Incidents


@pytest.fixture
def incidents(world) -> Incidents:
    return Incidents(world.root)


def release(world, run: str):
    """Put a run into use that the registry does not know."""
    return world.operations.add_release(run=run, package=f"runs/{run}/package", version=None, verdict={})


def baseline(world) -> str:
    """Leave a run behind whose candidate is the linear baseline alone."""
    run = world.run("simple")
    place = world.root / ".modelwright" / "runs" / run
    version = world.tracking.register("churn", run, "package")
    write_json(place / "built.json", {"choice": LINEAR_ALONE, "version": version})
    write_json(place / "verdict.json", {"verdict": {"held": False, "words": "simple"}})
    return run


def test_an_incident_is_opened_from_an_alarm_once(world, incidents):
    raised = world.alarm()
    first, again = incidents.open(raised.id), incidents.open(raised.id[-8:])

    assert first.incident.id == again.incident.id
    assert [each.id for each in first.alarms] == [raised.id]
    assert first.incident.title == "the loss is 0.31, where 0.20 was promised"
    with pytest.raises(WorkdayError, match="no alarm is called"):
        incidents.open("alarm_unknown")


def test_an_act_that_cannot_be_done_says_why(world, incidents):
    acts = {act.act: act for act in incidents.open(world.alarm().id).acts}

    assert "first release" in acts["rollback"].why_not
    assert "linear baseline" in acts["baseline"].why_not
    assert "no other run" in acts["shadow"].why_not
    assert acts["silence"].why_not == ""


def test_a_rollback_is_done_and_recorded_with_its_time(world, incidents):
    release(world, "older")
    release(world, "newer")
    incident = incidents.open(world.alarm().id).incident.id
    before = datetime.now(UTC)
    told = incidents.act(incident, "rollback", reason="the loss doubled")

    assert world.operations.current_release().run == "older"
    assert told.history[-1].at >= before
    assert told.history[-1].reason.startswith("rollback: run older answers in place of release_")
    assert told.history[-1].reason.endswith("because the loss doubled")


def test_falling_back_to_the_baseline_is_undone_by_a_rollback(world, incidents):
    release(world, "champion")
    run = baseline(world)
    incident = incidents.open(world.alarm().id).incident.id
    incidents.act(incident, "baseline", reason="the loss doubled")
    assert world.operations.current_release().run == run
    incidents.act(incident, "rollback", reason="it was the labels")

    assert world.operations.current_release().run == "champion"


def test_a_silence_has_a_reason_and_an_end(world, incidents):
    incident = incidents.open(world.alarm().id).incident.id
    with pytest.raises(WorkdayError, match="say why"):
        incidents.act(incident, "silence", reason=" ")
    incidents.act(incident, "silence", reason="a known campaign", until="2d")
    (silence,) = world.operations.silences()

    assert (silence.incident, silence.reason) == (incident, "a known campaign")


def test_what_fails_is_not_recorded_as_done(world, incidents):
    incident = incidents.open(world.alarm().id).incident.id
    with pytest.raises(ReleaseError):
        incidents.act(incident, "rollback", reason="try it")
    with pytest.raises(WorkdayError, match="no safe act"):
        incidents.act(incident, "delete everything", reason="try it")

    assert not any("rollback" in event.reason for event in incidents.show(incident).history)


def test_it_ends_in_a_written_account(world, incidents):
    incident = incidents.open(world.alarm().id).incident.id
    incidents.note(incident, "region has a new spelling")
    closed = incidents.close(incident, "A new spelling of region.")
    account = Path(closed.account).read_text()

    for said in ("# the loss is 0.31", "**What it was.** A new spelling of region.", "code: MW-M001",
                 "region has a new spelling", "next time"):  # fmt: skip
        assert said in account
    assert len(re.findall(r"^\| \d{4}-\d\d-\d\d \d\d:\d\d:\d\d", account, re.MULTILINE)) == 4
    assert world.words() == []
    with pytest.raises(WorkdayError, match="is closed"):
        incidents.act(incident, "silence", reason="too late")


def test_the_commands(world, call):
    where = ("--project", world.root)
    said = call("incident", "open", world.alarm().id, *where)
    assert "Safe acts" in said.out
    short = re.search(r"incident (\w{8}),", said.out)[1]
    assert "not now" in call("incident", "show", short, *where).out
    assert call("incident", "note", short, "looked at it", *where).code == 0
    assert "silence" in call("incident", "act", short, "silence", "--reason", "known", *where).out
    assert "account" in call("incident", "close", short, "it was nothing", *where).out
    assert call("incident", "list", *where, "--json").json["incidents"][0]["status"] == "closed"
