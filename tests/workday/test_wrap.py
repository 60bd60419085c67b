"""The day ends: what keeps running, what is written, and what comes first on the next."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from modelwright.errors import WorkdayError
from modelwright.lifecycle.alone import alone
from modelwright.workday import Requests, Todos, journals, search_journal, wrap
from modelwright.workday.looking import builder_of

TODAY = f"{datetime.now().astimezone():%Y-%m-%d}"
BUILDER = """
import pathlib, signal, sys, time
from modelwright.lifecycle.alone import alone
came = []
signal.signal(signal.SIGINT, lambda *_: came.append(1))  # two, as a build takes them
with alone(pathlib.Path(sys.argv[1])):
    print("building", flush=True)
    while len(came) < 2:
        time.sleep(0.02)
"""


@pytest.fixture
def day(world):
    """A day on which something happened."""
    world.run("one", score=0.81)
    requests, todos = Requests(world.root), Todos(world.root)
    made = requests.add("Mind the region.", who="legal")
    requests.answer(made.id, no="it is not in the data")
    todos.done(todos.add("ask for labels").id)
    todos.add("look at region", due="2000-01-01")
    return world


def test_the_day_is_written_and_names_what_comes_first(day):
    wrapped = wrap(day.root, note="Region matters.", registry=day.registry)
    text = (day.root / "journal" / f"{TODAY}.md").read_text()

    told = ["one (", "score 0.81", "legal: Mind the region.", "answered legal (no): it is not in the data"]
    for said in (*told, "- ask for labels", "Region matters."):
        assert said in text
    assert wrapped.first.startswith("look at region")
    assert text.rstrip().endswith(f"First tomorrow: {wrapped.first}")
    assert day.day().first == (f"churn: {wrapped.first}",)


def test_what_a_person_wrote_stays_and_a_second_wrap_tells_the_rest(day):
    path = wrap(day.root, registry=day.registry).journal
    Path(path).write_text(f"{Path(path).read_text()}\nMy own words.\n")
    day.run("two")
    wrap(day.root, first="write to legal", registry=day.registry)
    text = Path(path).read_text()

    assert text.count("## Wrapped at") == 2
    assert text.count("one (") == 1
    assert "My own words." in text
    assert day.day().first == ("churn: write to legal",)


def test_a_build_that_runs_is_told_and_left_alone(world):
    place = world.begin_build("r1", fits=5)
    with alone(place):
        wrapped = wrap(world.root, registry=world.registry)

    assert wrapped.running == ("build 20261127-090000, 5 fits kept",)
    assert "keeps running: build 20261127-090000" in wrapped.text


def test_a_build_is_paused_by_as_many_interrupts_as_it_takes(world):
    place = world.begin_build("r1")
    with subprocess.Popen([sys.executable, "-c", BUILDER, str(place)], stdout=subprocess.PIPE) as builder:
        assert builder.stdout.readline() == b"building\n"
        assert builder_of(place) == builder.pid
        wrapped = wrap(world.root, pause=True, registry=world.registry)
        assert builder.wait(timeout=60) == 0

    assert wrapped.paused == ("build 20261127-090000, 3 fits kept",)
    assert "did not finish" in world.words()[0]


def test_the_journal_is_searched_by_all_its_words(day, call):
    wrap(day.root, note="Region matters, says Legal.", registry=day.registry)
    (found,) = search_journal("LEGAL matters", journals(day.registry))

    assert (found.project, found.day, found.heading) == (
        "churn",
        TODAY,
        "Notes",
    )
    assert search_journal("nobody wrote this", [day.root]) == []
    with pytest.raises(WorkdayError, match="what to look for"):
        search_journal(" ", [day.root])
    assert "Region matters" in call("journal", "--search", "matters", "--all").out
    assert "## Wrapped at" in call("journal", "--project", day.root).out


def test_nothing_to_tell_is_said_too(world, call):
    said = call("wrap", "--project", world.root)

    assert "Nothing happened." in said.out
    assert "First tomorrow: nothing waits." in said.out
    assert world.operations.events("day wrapped")[0].body["first"] == ""
    assert world.registry.find(str(world.root)).wrapped <= datetime.now(UTC)
