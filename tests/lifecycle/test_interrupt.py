"""Ctrl-C: once, and a build finishes with the best so far; twice, and it stops at once and can be resumed."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from modelwright.lifecycle.interrupting import Interruption
from modelwright.training import Deadline
from tests.lifecycle.test_kill import assert_whole, start


@pytest.fixture(autouse=True)
def _python_handles_interrupts() -> Iterator[None]:
    """A runner in the background starts with interrupts ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupted_at(process: subprocess.Popen[str], line: str) -> None:
    """Interrupt a process once it says so, and wait until it has noticed."""
    assert process.stdout is not None
    assert any(said.strip() == line for said in process.stdout)
    process.send_signal(signal.SIGINT)
    assert any(said.startswith("interrupted") for said in process.stdout)


def test_interrupted_once_a_build_finishes_with_the_best_so_far(framed):
    root = framed.folder.root
    with start("finish", root) as process:
        interrupted_at(process, "fitting lightgbm")
        rest, said = process.communicate()
    assert process.returncode == 0, said
    built = json.loads(rest.splitlines()[-1])

    assert built["ended"] == "interrupted"
    assert {row["folds"] for row in built["leaderboard"]} == {1}, "no second fold was begun"
    assert Path(built["package"], "model.onnx").exists()
    assert framed.report(built["run"]).evaluation.looks == 1
    assert_whole(root)


def test_interrupted_twice_a_build_stops_at_once_and_can_be_resumed(framed):
    root = framed.folder.root
    with start("stop", root) as process:
        interrupted_at(process, "fitting lightgbm")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()

    assert process.returncode != 0
    assert "KeyboardInterrupt" in said
    assert framed.runs()[0].status == "KILLED"
    assert_whole(root)
    assert framed.build(resume=True).package


def test_an_interrupt_cuts_the_deadline_whenever_it_comes():
    told = []
    with Interruption(lambda: told.append(1)) as interruption:
        before, later = Deadline(600.0), Deadline(600.0)
        interruption.watch(before)
        signal.raise_signal(signal.SIGINT)
        interruption.watch(later)
        assert (before.left(), later.left(), before.within(60.0).left()) == (0.0, 0.0, 0.0)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)

    assert told == [1]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_stream_that_is_being_written_to_does_not_stop_the_build():
    def reentrant() -> None:
        raise RuntimeError("reentrant call inside")

    with Interruption(reentrant) as interruption:
        signal.raise_signal(signal.SIGINT)
        assert interruption.came


def test_a_program_that_handles_interrupts_itself_goes_on_doing_so():
    came = []
    before = signal.signal(signal.SIGINT, lambda *_: came.append(1))
    try:
        with Interruption(lambda: None) as interruption:
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)

    assert (came, interruption.came) == ([1], False)


def test_outside_of_the_main_thread_signals_are_left_alone():
    def build() -> None:
        with Interruption(lambda: None):
            pass

    thread = threading.Thread(target=build)
    thread.start()
    thread.join()

    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
