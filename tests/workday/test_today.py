"""One screen over all projects: where work stopped, what happened since, what is due."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from modelwright.errors import WorkdayError
from modelwright.lifecycle.alone import alone
from modelwright.store import Label, Observation, ident
from modelwright.workday import Urgency, Visit, today
from tests.workday.conftest import write_brief

NOW = datetime.now(UTC)


def item(world, start: str):
    """Return the one item whose key begins so."""
    day = world.day()
    (found,) = [each for each in (*day.items, *day.news) if each.key.startswith(start)]
    return found


def observe(world, release: str, n: int) -> list[str]:
    """Have a release answer so many times."""
    made = [
        Observation(ident("prediction"), datetime.now(UTC), release, {}, "yes", {"yes": 1.0, "no": 0.0}, 1.0)
        for _ in range(n)
    ]
    world.operations.append_observations(made)
    return [each.id for each in made]


def test_a_person_without_projects_is_told_how_to_name_one(registry):
    assert "modelwright projects add FOLDER" in today(registry=registry).words


def test_a_project_in_which_nothing_is_the_matter_raises_nothing(world):
    assert world.words() == []
    assert world.day().words == "1 project, 0 runs: nothing to deal with."


# ---- where work stopped


def test_an_unfinished_build_is_to_be_resumed(world):
    world.begin_build("r1", fits=4)
    found = item(world, "build:r1")

    assert "4 fits" in found.words
    assert found.command == f"modelwright build --resume -p {world.root}"


def test_an_unfinished_build_is_no_matter_once_a_later_one_finished(world):
    place = world.begin_build("r1")
    os.utime(place / "start.json", (0, 0))
    world.run("later")

    assert not any("did not finish" in words for words in world.words())


def test_a_build_that_is_running_is_known_and_not_to_be_resumed(world):
    place = world.begin_build("r1")
    with alone(place):
        running = item(world, "build:r1")

    assert running.urgency is Urgency.NEWS
    assert "is running" in running.words
    assert "did not finish" in item(world, "build:r1").words


def test_the_last_command_is_told_where_it_did_not_come_to_its_end(world):
    world.registry.note(str(world.root), Visit("modelwright retrain", NOW))

    assert "did not come to its end: modelwright retrain" in item(world, "command:").words


def test_uncommitted_changes_are_counted(world):
    git = ["git", "-C", str(world.root), "-c", "user.name=a", "-c", "user.email=a@b"]
    for words in (["init", "-q"], ["add", "modelwright.toml"], ["commit", "-q", "-m", "brief"]):
        subprocess.run([*git, *words], check=True)
    write_brief(world.root, request="Something else.")

    assert item(world, "uncommitted:").command == f"git -C {world.root} status"


# ---- what happened since


def test_an_alarm_is_worth_what_the_model_saves_a_day(world):
    run = world.run("champion", saving_per_row=2.5, expected_cost=1.0)
    release = world.release(run)
    observe(world, release.id, 40)
    raised = world.alarm()
    found = item(world, "alarm:")

    assert found.cost_a_day == pytest.approx(100.0)
    assert found.currency == "EUR"
    assert found.command.startswith(f"modelwright incident open {raised.id}")


def test_an_alarm_disappears_once_it_is_closed(world):
    raised = world.alarm()
    assert any("alarm" in words for words in world.words())
    world.operations.close_alarm(raised.id)

    assert world.words() == []


def test_others_runs_failures_releases_and_labels_are_told(world):
    world.run("theirs", by="somebody else")
    world.run("broken", "FAILED")
    release = world.release()
    (prediction,) = observe(world, release.id, 1)
    world.operations.add_labels([Label(prediction, "yes")])
    told = {each.words for each in (*world.day().items, *world.day().news)}

    assert {"run theirs by somebody else finished", "run broken failed", "1 labels arrived"} <= told
    assert any("was released" in words for words in told)


def test_what_happened_before_is_no_news(world):
    world.run("theirs", by="somebody else")

    assert any("theirs" in each.words for each in world.day(since="1h").news)
    later = world.day(since="1h", now=NOW + timedelta(hours=3))
    assert not any("theirs" in each.words for each in later.news)


def test_news_are_told_since_the_last_wrap(world):
    world.run("theirs", by="somebody else")
    world.registry.wrapped(str(world.root), datetime.now(UTC), "ask for labels")
    day = world.day()

    assert not any("theirs" in each.words for each in day.news)
    assert day.first == ("churn: ask for labels",)


def test_a_better_candidate_is_worth_what_it_saves_more(world):
    release = world.release(world.run("champion", expected_cost=3.0))
    observe(world, release.id, 10)
    world.run("challenger", expected_cost=2.0)

    assert item(world, "run:").cost_a_day == pytest.approx(10.0)
    assert "is expected to save 10 EUR a day more" in item(world, "run:").words


# ---- what is due


def test_a_promise_near_its_limit_is_told_before_it_breaks(world):
    release = world.release()
    promise = {"promise": "drift", "column": "age", "holds": True, "threshold": 1000.0, "words": "age moves"}
    for evidence, told in ((10.0, 0), (100.0, 1)):
        world.operations.keep_watch(release.id, {"promises": [promise | {"evidence": evidence}]})
        assert len([words for words in world.words() if "near its limit" in words]) == told


def test_contract_changes_are_told_until_they_are_accepted(world):
    world.operations.add_event("contract changes", {"source": "new.csv", "columns": ["plan"]})
    assert "new.csv" in item(world, "contract:").command
    world.operations.add_event("contract accepted", {})

    assert world.words() == []


def test_a_key_about_to_expire_is_told_unless_another_takes_over(world):
    soon, later = NOW + timedelta(days=5), NOW + timedelta(days=90)
    world.operations.add_key("crm", ["predict"], soon)
    world.operations.add_key("shop", ["predict"], later)
    (found,) = world.day().items
    assert "the last key of crm expires" in found.words
    assert found.command.startswith("modelwright key add crm")
    world.operations.add_key("crm", ["predict"], later)

    assert world.words() == []


def test_a_model_gone_stale_is_told(world):
    world.release()

    assert world.words(now=NOW + timedelta(days=80)) == []
    (words,) = world.words(now=NOW + timedelta(days=91))
    assert "days old" in words


def test_the_dearest_comes_first_then_the_most_urgent(worlds):
    first, second = worlds("one"), worlds("two")
    release = first.release(first.run("champion", saving_per_row=1.0))
    observe(first, release.id, 5)
    first.alarm("dear")
    second.alarm("nobody knows what it costs")
    second.operations.add_todo("late", by="me", due=NOW.date() - timedelta(days=2))
    second.operations.add_todo("some day", by="me")
    words = first.words()

    assert [each.split(";")[0].split(",")[0] for each in words] == [
        "alarm: dear", "alarm: nobody knows what it costs", "late", "some day",
    ]  # fmt: skip


def test_a_project_that_cannot_be_read_spoils_nothing(worlds):
    good, bad = worlds("good"), worlds("bad")
    good.alarm()
    (bad.root / "modelwright.toml").write_text("not = [toml")
    words = good.words()

    assert len(words) == 2
    assert any("cannot be looked at" in each and "modelwright.toml" in each for each in words)


def test_a_team_s_store_is_looked_at_by_its_url(worlds, tmp_path):
    theirs = worlds()
    theirs.alarm()
    theirs.registry.remove(str(theirs.root))
    state = theirs.root / ".modelwright"
    theirs.registry.add(
        f"sqlite:///{state / 'operations.db'}", name="churn", tracking=f"sqlite:///{state / 'mlflow.db'}"
    )

    (found,) = theirs.day().items
    assert found.project == "churn"
    assert found.key.startswith("alarm:")


def test_databases_of_an_earlier_version_are_brought_up_to_date_all_at_once(worlds):
    for name in ("one", "two", "three"):
        made = worlds(name)
        made.operations.close()
        path = made.root / ".modelwright" / "operations.db"
        path.unlink()
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.close()

    assert made.words() == []


def test_a_time_is_read_in_the_ways_people_write_it(world):
    for text in ("2d", "12h", "30m", "1w", "2026-11-20"):
        world.day(since=text)
    with pytest.raises(WorkdayError, match="2d, 12h or 2026-11-20"):
        world.day(since="yesterday-ish")


# ---- the command


def test_today_is_printed_as_json_and_as_a_page(world, call, tmp_path):
    world.alarm()
    page = tmp_path / "today.html"
    said = call("today", "--json", "--html", page)

    assert said.code == 0
    assert [each["urgency"] for each in said.json["items"]] == ["alarm"]
    assert "modelwright incident open" in page.read_text()
    assert "alarm" in call("today").out


def test_a_command_in_a_project_makes_it_known(world, call, registry):
    registry.remove(str(world.root))
    call("runs", "--project", world.root)
    (known,) = registry.projects()

    assert known.root == str(world.root)
    assert (known.last.command, known.last.code) == (f"modelwright runs --project {world.root}", 0)


def test_passwords_in_urls_are_not_noted(world, call, registry):
    call("check", "postgresql://me:secret@host/db#t", "--project", world.root)

    assert "secret" not in registry.find(str(world.root)).last.command


def test_projects_are_listed_added_and_forgotten(world, call):
    assert call("projects", "--json").json["projects"][0]["root"] == str(world.root)
    assert call("projects", "remove", world.root).code == 0
    assert call("projects", "--json").json["projects"] == []
    assert call("projects", "add", world.root).code == 0
    assert "is not a project" in call("projects", "add", world.root.parent).err


def test_today_imports_no_heavy_library(world):
    program = (
        "import sys\nfrom modelwright.cli import main\nsys.argv = ['modelwright', 'today']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\nprint(*{name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    heavy = {"sqlalchemy", "mlflow", "polars", "numpy", "jinja2", "alembic"}

    assert set(done.stdout.splitlines()[-1].split()) & heavy == set()
