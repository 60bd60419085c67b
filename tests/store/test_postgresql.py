"""Everything that the operations database keeps, on a real PostgreSQL server."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from modelwright.errors import FeedbackError
from modelwright.store import Label, Observation, Operations

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def url(postgresql):
    """Return the URL of an empty database."""
    import pg8000.native

    at = postgresql.removeprefix("postgresql://")
    user, rest = at.split("@")
    host, port = rest.split("/")[0].split(":")
    with pg8000.native.Connection(user, host=host, port=int(port), database="postgres") as connection:
        connection.run("CREATE DATABASE operations")
    return f"postgresql+pg8000://{at.removesuffix('/postgres')}/operations"


@pytest.fixture
def operations(url):
    with Operations(url) as opened:
        yield opened


def observed(name, release, minute, **row):
    at = START + timedelta(minutes=minute)
    return Observation(name, at, release, row, "no", {"no": 0.75, "yes": 0.25}, 1.5)


def test_observations_come_back_with_their_latest_labels(operations):
    rows = [observed(f"a{n}", "typed", n, age=30 + n, job="smith" if n else None) for n in range(4)]
    operations.append_observations(rows)
    assert operations.add_labels([Label("a0", "no"), Label("a0", "yes"), Label("a2", "no")]) == 3
    frame = operations.observations("typed")
    assert frame["id"].to_list() == ["a0", "a1", "a2", "a3"]
    assert frame["at"].to_list() == [each.at for each in rows]
    assert frame["row"].struct.field("age").to_list() == [30, 31, 32, 33]
    assert frame["probabilities"].struct.field("yes").to_list() == [0.25] * 4
    assert frame["label"].to_list() == ["yes", None, "no", None]
    assert operations.first_labels("typed")["label"].to_list() == ["no", "no"]
    assert operations.observations("typed", labelled=True, newest=1)["id"].to_list() == ["a2"]
    assert operations.observation("a0").label == "yes"
    assert operations.observation("a1") == rows[1]


def test_a_label_of_an_unknown_prediction_is_refused_and_none_is_kept(operations):
    operations.append_observations([observed("b0", "refused", 0)])
    with pytest.raises(FeedbackError, match="no prediction is called nobody"):
        operations.add_labels([Label("b0", "no"), Label("nobody", "no")])
    assert operations.observation("b0").label is None


def test_labels_in_any_order_repeated_and_corrected_leave_the_last_one(operations):
    operations.append_observations([observed(f"c{n}", "corrected", n) for n in range(3)])
    assert operations.add_labels([Label("c2", "no"), Label("c0", "no")]) == 2
    assert operations.add_labels([Label("c2", "no"), Label("c1", "yes"), Label("c0", "yes")]) == 2
    assert operations.observations("corrected")["label"].to_list() == ["yes", "yes", "no"]
    assert operations.first_labels("corrected")["id"].to_list() == ["c2", "c0", "c1"]


def test_threads_write_side_by_side(operations):
    def write(thread):
        for n in range(10):
            operations.append_observations([observed(f"d{thread}-{n}", "threads", n)])
            operations.add_labels([Label(f"d{thread}-{n}", "no")])

    threads = [threading.Thread(target=write, args=(each,)) for each in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert operations.observations("threads", labelled=True).height == 40


def test_alarms_states_and_decisions_are_kept(operations, url):
    raised = operations.add_alarm(release="r", promise="drift", column="age", evidence={"e": 12.5})
    again = operations.add_alarm(release="r", promise="drift", column="age", evidence={"e": 13.5})
    assert again == raised
    operations.keep_watch("r", {"rows": 1})
    operations.keep_watch("r", {"rows": 2})
    decided = operations.add_decision("keep", "why", {"labels": 3})
    with Operations(url) as opened:
        assert opened.alarms("r") == [raised]
        assert opened.watch("r") == {"rows": 2}
        assert opened.decisions() == [decided]
