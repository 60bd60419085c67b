"""One process watches a project, again and again, and a failure does not end it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from modelwright.errors import ProjectError, StoreError
from modelwright.lifecycle import keep_watch, seconds_of
from modelwright.lifecycle.results import Retrained
from modelwright.monitoring import Labels, Monitoring

HOLDER = """
import sys
from pathlib import Path
from modelwright.lifecycle import keep_watch
keep_watch(Path(sys.argv[1]), 3600, lambda: (_ for _ in ()).throw(OSError("no")), None,
           lambda visited: print(visited.words, flush=True))
print("ended", flush=True)
"""


def looked():
    from datetime import UTC, datetime

    return Monitoring(
        release="release_1",
        watched_since=datetime(2026, 1, 1, tzinfo=UTC),
        new=3,
        holds=True,
        alarms=(),
        watched=(),
        labels=Labels(predictions=3, arrived=0, metric="roc_auc"),
        false_alarms_per_year=1.0,
    )


def test_each_visit_looks_and_then_asks_whether_to_retrain(tmp_path):
    seen = []
    kept = Retrained("kept", "Every promise holds.")
    assert keep_watch(tmp_path, 0.0, looked, lambda: kept, seen.append, visits=2) == 2
    assert [each.words for each in seen] == [
        "3 new predictions; every promise holds; kept: Every promise holds."
    ] * 2


def test_a_visit_that_fails_is_told_and_the_next_one_tries_again(tmp_path):
    answers = iter([StoreError("locked"), None])

    def look():
        if (error := next(answers)) is not None:
            raise error
        return looked()

    seen = []
    keep_watch(tmp_path, 0.0, look, None, seen.append, visits=2)
    assert [each.failure for each in seen] == ["locked", ""]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_one_process_at_a_time_and_a_clean_start_after_any_end(tmp_path, how):
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "failed: no\n"
        with pytest.raises(ProjectError, match=rf"watched already, by process {other.pid}"):
            keep_watch(tmp_path, 0.0, looked, None, print, visits=1)
        os.kill(other.pid, how)
        rest = other.stdout.read()
    assert rest == ("ended\n" if how == signal.SIGTERM else "")
    began = time.monotonic()
    assert keep_watch(tmp_path, 3600.0, looked, None, lambda _: None, visits=1) == 1
    assert time.monotonic() - began < 600


@pytest.mark.parametrize("said", ["soon", "0m", "5 rows"])
def test_what_is_no_time_is_refused(said):
    with pytest.raises(ProjectError, match="--every"):
        seconds_of(said)


def test_times_are_read():
    assert seconds_of("10m") == 600
    assert seconds_of(2.5) == 2.5
