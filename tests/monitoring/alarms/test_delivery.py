"""Messages to real servers on this machine: taken, refused, in doubt, and after a kill."""

from __future__ import annotations

import email
import json
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from modelwright.errors import AlarmError, BriefError
from modelwright.monitoring import deliver, report_incident
from modelwright.monitoring.alarms.delivering import ATTEMPTS, wait
from modelwright.problem import Brief
from modelwright.store import Operations
from modelwright.store import delivery_records as records

from .servers import http_server, smtp_server

PROBLEM = {"name": "churn", "target": "y", "task": "binary", "positive": "yes", "metric": "roc_auc"}


def brief(**alerts):
    return Brief.from_dict({"problem": PROBLEM, "alerts": alerts})


@pytest.fixture
def operations(tmp_path):
    with Operations(f"sqlite:///{tmp_path / 'operations.db'}") as opened:
        yield opened


@pytest.fixture
def incident(operations):
    evidence = {
        "code": "MW-M004",
        "words": "column 'age': 40 % of recent rows are <above> 60",
        "advice": "ask what has changed",
        "evidence": 5000.0,
        "threshold": 900.0,
    }
    alarm = operations.add_alarm(release="r1", promise="drift", column="age", evidence=evidence)
    return operations.open_incident(release="r1", title=evidence["words"], since=alarm.at, alarms=[alarm.id])


def statuses(told):
    return [(each.channel, each.status) for each in told]


def later(monkeypatch, by):
    """Let time pass, for the database and for who sends."""
    moved = datetime.now(UTC) + by
    monkeypatch.setattr(records, "now", lambda: moved)


# ---- taken


def test_a_webhook_gets_slacks_json_once(operations, incident, tmp_path):
    with http_server() as (url, taken):
        asked = brief(webhook=f"{url}/hook")
        assert statuses(deliver(operations, asked, tmp_path)) == [("webhook", "sent")]
        assert deliver(operations, asked, tmp_path) == ()
    ((path, headers, document),) = taken.requests
    assert path == "/hook"
    assert headers["Idempotency-Key"] == operations.incident_history(incident.id)[0].id
    assert document["text"].startswith("[churn] New: column 'age'")
    assert "&lt;above&gt;" in document["text"]
    assert [block["type"] for block in document["blocks"]] == ["header", "section", "context"]
    assert "What to do: ask what has changed" in document["blocks"][1]["text"]["text"]


def test_alertmanager_gets_an_alert_that_ends_with_its_incident(operations, incident, tmp_path):
    with http_server() as (url, taken):
        asked = brief(alertmanager=url)
        deliver(operations, asked, tmp_path)
        operations.close_incident(incident.id, by="ada", reason="repaired")
        deliver(operations, asked, tmp_path)
    (path, _, (fired,)), (_, _, (resolved,)) = taken.requests
    assert path == "/api/v2/alerts"
    assert fired["labels"] == resolved["labels"]
    assert fired["labels"]["alertname"] == "ModelwrightIncident"
    assert set(fired) == {"labels", "annotations", "startsAt", "endsAt"}
    assert datetime.fromisoformat(fired["endsAt"]) > datetime.now(UTC) + timedelta(days=29)
    assert datetime.fromisoformat(resolved["endsAt"]) <= datetime.now(UTC)
    assert all(isinstance(value, str) for value in (fired["labels"] | fired["annotations"]).values())


def test_mail_arrives_with_a_subject_and_the_whole_story(operations, incident, tmp_path):
    with smtp_server() as (url, taken):
        asked = brief(smtp=url, email_from="mw@example.org", email_to=["ada@example.org", "bob@example.org"])
        assert statuses(deliver(operations, asked, tmp_path)) == [("email", "sent")]
    (letter,) = (email.message_from_string(each, policy=email.policy.default) for each in taken.letters)
    assert letter["Subject"].startswith("[churn] New: column 'age'")
    assert letter["To"] == "ada@example.org, bob@example.org"
    assert letter["Message-ID"].endswith("@modelwright>")
    assert "What to do: ask what has changed" in letter.get_content()


def test_a_file_has_one_line_for_each_message_also_after_a_torn_one(operations, incident, tmp_path):
    asked = brief(file="alarms.jsonl")
    (tmp_path / "alarms.jsonl").write_text('{"message": "torn')
    deliver(operations, asked, tmp_path)
    operations.close_incident(incident.id, by="ada", reason="repaired")
    deliver(operations, asked, tmp_path)
    torn, *lines = (tmp_path / "alarms.jsonl").read_text().splitlines()
    assert torn == '{"message": "torn'
    assert [json.loads(line)["act"] for line in lines] == ["opened", "closed"]
    assert json.loads(lines[0])["incident"]["alarms"][0]["column"] == "age"


# ---- not told


def test_who_is_silenced_hears_nothing_until_the_silence_ends(operations, incident, tmp_path):
    asked = brief(file="alarms.jsonl")
    until = datetime.now(UTC) + timedelta(hours=1)
    silence = operations.add_silence(until=until, by="ada", reason="known", column="age")
    assert deliver(operations, asked, tmp_path) == ()
    assert report_incident(operations, incident).silenced.endswith("by ada: known")
    operations.end_silence(silence.id)
    assert statuses(deliver(operations, asked, tmp_path)) == [("file", "sent")]


def test_a_silence_of_one_column_does_not_cover_an_alarm_of_another(operations, incident, tmp_path):
    other = operations.add_alarm(release="r1", promise="drift", column="job", evidence={})
    operations.join_incident(incident.id, [other.id])
    until = datetime.now(UTC) + timedelta(hours=1)
    operations.add_silence(until=until, by="ada", reason="known", column="age")
    assert len(deliver(operations, brief(file="alarms.jsonl"), tmp_path)) == 1


def test_what_was_over_before_anyone_was_told_is_no_news(operations, incident, tmp_path):
    operations.close_incident(incident.id, by="ada", reason="repaired")
    assert deliver(operations, brief(file="alarms.jsonl"), tmp_path) == ()


# ---- refused, and in doubt


def test_what_was_refused_is_tried_again_later_and_given_up_in_the_end(
    operations, incident, tmp_path, monkeypatch
):
    with http_server() as (url, taken):
        asked, taken.status = brief(webhook=url), 503
        (first,) = deliver(operations, asked, tmp_path)
        assert (first.status, first.error) == ("failed", "the webhook refused it with status 503")
        assert deliver(operations, asked, tmp_path) == ()  # it is not due yet
        for attempt in range(2, ATTEMPTS + 1):
            later(monkeypatch, timedelta(days=attempt))
            (last,) = deliver(operations, asked, tmp_path)
        assert (last.status, last.attempts) == ("given up", ATTEMPTS)
        later(monkeypatch, timedelta(days=30))
        assert deliver(operations, asked, tmp_path) == ()
    assert len(taken.requests) == ATTEMPTS
    assert [wait(n) // timedelta(minutes=1) for n in (1, 2, 3, 7)] == [1, 4, 16, 720]


def test_nobody_there_is_no_doubt(operations, incident, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    asked = brief(
        webhook=f"http://127.0.0.1:{port}",
        smtp=f"smtp://127.0.0.1:{port}",
        email_from="a@b.c",
        email_to=["a@b.c"],
    )
    assert {each.status for each in deliver(operations, asked, tmp_path)} == {"failed"}


def test_an_answer_that_never_comes_leaves_doubt_and_no_second_message(
    operations, incident, tmp_path, monkeypatch
):
    with http_server() as (url, hook), smtp_server() as (mail, box):
        hook.hangs_up = box.hangs_up = True
        asked = brief(
            webhook=url, alertmanager=url, smtp=mail, email_from="a@example.org", email_to=["b@example.org"]
        )
        told = dict(statuses(deliver(operations, asked, tmp_path)))
        assert told == {"webhook": "uncertain", "email": "uncertain", "alertmanager": "failed"}
        hook.hangs_up = box.hangs_up = False
        later(monkeypatch, timedelta(days=1))
        assert statuses(deliver(operations, asked, tmp_path)) == [("alertmanager", "sent")]
        assert len(box.letters) == 1
    assert any("uncertain" in told for told in report_incident(operations, incident).history[0].told)


def test_a_mail_server_that_refuses_the_letter_or_an_address(operations, incident, tmp_path, monkeypatch):
    with smtp_server() as (url, box):
        box.refuses = "552 too large"
        asked = brief(smtp=url, email_from="a@example.org", email_to=["b@example.org"])
        (told,) = deliver(operations, asked, tmp_path)
        assert (told.status, told.error) == ("failed", "the mail server refused it: too large")
    with smtp_server() as (url, box):
        asked = brief(smtp=url, email_from="a@example.org", email_to=["nobody@example.org"])
        later(monkeypatch, timedelta(hours=1))
        (told,) = deliver(operations, asked, tmp_path)
        assert told.error == "the mail server refused it: 550 no such user"
        assert box.letters == []


# ---- killed

_SENDER = """
import sys
from pathlib import Path
from modelwright.monitoring import deliver
from modelwright.problem import Brief
from modelwright.store import Operations
brief = Brief.read(Path(sys.argv[2]))
with Operations(sys.argv[1]) as operations:
    deliver(operations, brief, Path(sys.argv[2]).parent)
"""


def test_who_is_killed_after_sending_does_not_send_again(operations, incident, tmp_path, monkeypatch):
    """The server has the message, the sender is killed before it hears so."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        asked = brief(webhook=f"http://127.0.0.1:{server.getsockname()[1]}/hook")
        (tmp_path / "modelwright.toml").write_text(asked.to_toml())
        arguments = [f"sqlite:///{tmp_path / 'operations.db'}", str(tmp_path / "modelwright.toml")]
        server.settimeout(60)
        sender = subprocess.Popen([sys.executable, "-c", _SENDER, *arguments])
        connection, _ = server.accept()
        with connection:
            assert b"POST /hook" in connection.recv(65_536)
            sender.send_signal(signal.SIGKILL)
            sender.wait()
        server.settimeout(0.2)
        assert deliver(operations, asked, tmp_path) == ()  # perhaps somebody sends it just now
        later(monkeypatch, records.LEASE + timedelta(seconds=1))
        assert deliver(operations, asked, tmp_path) == ()
        with pytest.raises(TimeoutError):
            server.accept()
    (kept,) = operations.deliveries()
    assert (kept.status, kept.error) == ("uncertain", "its sender was stopped while it was under way")


# ---- the brief


@pytest.mark.parametrize(
    ("alerts", "match"),
    [
        ({"webhook": "https://hooks.example.org/T0/secret"}, "does not belong in a file"),
        ({"smtp": "smtp://ada:secret@example.org"}, "holds a password"),
        ({"smtp": "mail.example.org"}, "must be a URL such as smtp://"),
        ({"smtp": "smtp://example.org", "email_from": "a@b.c"}, "alerts.email_to"),
        ({"email_to": ["Ada <ada@example.org>"]}, "must be a plain address"),
        ({"alertmanager": "ftp://example.org"}, "must be a URL such as http://"),
        ({"slack": "x"}, "slack"),
    ],
)
def test_a_wrong_section_is_refused(alerts, match):
    with pytest.raises(BriefError, match=match):
        brief(**alerts)


def test_a_secret_comes_from_the_environment(operations, incident, tmp_path, monkeypatch):
    asked = brief(webhook="${MW_TEST_HOOK}")
    with pytest.raises(AlarmError, match="MW_TEST_HOOK; export it first"):
        deliver(operations, asked, tmp_path)
    with http_server() as (url, taken):
        monkeypatch.setenv("MW_TEST_HOOK", f"{url}/hook?token=hidden")
        assert "hidden" not in str(deliver(operations, asked, tmp_path))
        assert taken.requests[0][0] == "/hook?token=hidden"
    with pytest.raises(AlarmError, match="MODELWRIGHT_SMTP_PASSWORD is not set"):
        deliver(
            operations,
            brief(smtp="smtp://ada@example.org", email_from="a@b.c", email_to=["a@b.c"]),
            tmp_path,
        )


def test_the_section_survives_being_written(tmp_path):
    asked = brief(webhook="${HOOK}", file="alarms.jsonl", email_to=[])
    (tmp_path / "modelwright.toml").write_text(asked.to_toml())
    assert Brief.read(tmp_path / "modelwright.toml") == asked
