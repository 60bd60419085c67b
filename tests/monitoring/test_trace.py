"""From a prediction back to the request."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from modelwright.errors import TraceError
from modelwright.monitoring import Origin, trace
from modelwright.store import Label, Observation, Operations

AT = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
ORIGIN = Origin("brisk-otter", "5nap", "rows.csv", "c0ntract", "Who will leave?", "the sales team")


@pytest.fixture
def operations(tmp_path):
    with Operations(f"sqlite:///{tmp_path / 'operations.db'}") as opened:
        release = opened.add_release(run="run_7", package="package", version=1, verdict={})
        for name, owner in (("p1", release.id), ("p2", "elsewhere")):
            made = Observation(name, AT, owner, {"age": 3}, "yes", {"no": 0.2, "yes": 0.8}, 1.0)
            opened.append_observations([made])
        yield opened


def test_the_way_leads_back_to_the_request(operations):
    operations.add_labels([Label("p1", "no")])
    release = operations.current_release()
    operations.add_alarm(release=release.id, promise="drift", column="age", evidence={})
    asked = []
    found = trace(operations, "p1", lambda run: asked.append(run) or ORIGIN)
    assert asked == ["run_7"]
    assert (found.release, found.run, found.snapshot, found.request) == (
        release.id,
        "run_7",
        "5nap",
        "Who will leave?",
    )
    assert (found.answer, found.label, len(found.alarms)) == ("yes", "no", 1)
    steps = dict(found.steps())
    assert steps["snapshot"] == "5nap (from rows.csv)"
    assert steps["prediction"] == "p1 (2026-02-03 04:05:06 UTC)"


def test_a_label_that_has_not_come_is_said_so(operations):
    assert dict(trace(operations, "p1", lambda _: ORIGIN).steps())["label"] == "not known yet"


@pytest.mark.parametrize(
    ("name", "message"), [("p9", "no prediction is called"), ("p2", "no release of this project")]
)
def test_what_is_not_known_is_an_error(operations, name, message):
    with pytest.raises(TraceError, match=message):
        trace(operations, name, lambda _: ORIGIN)
