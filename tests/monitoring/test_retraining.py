"""When a new model is called for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from modelwright.monitoring import Labels, Monitoring, RaisedAlarm, decide_retrain

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def monitoring(*alarms, n_labels=500):
    return Monitoring(
        release="release_1",
        watched_since=NOW,
        new=10,
        holds=not alarms,
        alarms=alarms,
        watched=(),
        labels=Labels(predictions=1000, arrived=n_labels, metric="roc_auc"),
        false_alarms_per_year=1.0,
    )


def alarm(promise, status="open"):
    return RaisedAlarm(
        id=f"alarm_{promise}",
        code="MW-M001",
        promise=promise,
        column=None,
        at=NOW,
        since=NOW,
        status=status,
        new=True,
        words=f"{promise} is off",
        advice="look",
    )


def test_what_is_asked_for_is_done():
    decision = decide_retrain(monitoring(), if_needed=False)
    assert decision.decision == "retrain"
    assert "asked for" in decision.reason


@pytest.mark.parametrize("promise", ["performance", "drift", "score", "label", "unseen"])
def test_an_alarm_that_new_labels_can_cure_is_a_reason(promise):
    decision = decide_retrain(monitoring(alarm(promise), alarm("missing")), if_needed=True)
    assert decision.decision == "retrain"
    assert f"{promise} is off" in decision.reason
    assert decision.evidence["alarms"] == [f"alarm_{promise}"]


@pytest.mark.parametrize("promise", ["missing", "out of range"])
def test_what_is_cured_at_its_source_is_none(promise):
    decision = decide_retrain(monitoring(alarm(promise)), if_needed=True)
    assert decision.decision == "keep"
    assert "source" in decision.reason


def test_without_an_alarm_the_model_is_kept():
    assert decide_retrain(monitoring(), if_needed=True).decision == "keep"
    assert decide_retrain(monitoring(alarm("drift", "closed")), if_needed=True).decision == "keep"


def test_without_labels_there_is_nothing_to_learn_from():
    decision = decide_retrain(monitoring(alarm("drift"), n_labels=99), if_needed=True)
    assert decision.decision == "keep"
    assert "only 99 labels" in decision.reason
