"""To-dos: a person's stay until they are done, the state's come and go by themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.errors import WorkdayError
from modelwright.workday import Todos
from modelwright.workday.calendar_form import from_calendar, to_calendar
from modelwright.workday.markdown_form import from_markdown, to_markdown
from modelwright.workday.noted import Noted
from modelwright.workday.todos import day

FRIDAY = date(2026, 11, 27)
AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


@pytest.fixture
def todos(world) -> Todos:
    return Todos(world.root)


def test_a_person_s_item_stays_until_it_is_done(todos):
    made = todos.add("ask for labels", due="2026-12-01", link="alarm_1")
    (item,) = todos.listed()
    assert (item.key, item.due, item.person) == (made.id, date(2026, 12, 1), True)
    assert "alarm_1" in item.words
    todos.done(item.short)

    assert todos.listed() == ()
    with pytest.raises(WorkdayError, match="no to-do"):
        todos.done(item.short)


def test_what_the_state_raises_cannot_be_ticked_off(world, todos):
    world.alarm()
    (item,) = todos.listed()

    with pytest.raises(WorkdayError, match="modelwright incident open"):
        todos.done(item.short)


def test_a_snoozed_item_comes_back_by_itself(world, todos):
    world.alarm()
    (item,) = todos.listed()
    _, morning = todos.snooze(item.short, "3d")

    assert todos.listed() == ()
    assert world.day().put_off == 1
    assert [each.key for each in world.day(now=morning).items] == [item.key]
    with pytest.raises(WorkdayError, match="later day"):
        todos.snooze(todos.add("something").id, "today")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("today", FRIDAY), ("tomorrow", date(2026, 11, 28)), ("friday", date(2026, 12, 4)),
        ("mon", date(2026, 11, 30)), ("3d", date(2026, 11, 30)), ("2w", date(2026, 12, 11)),
        ("2026-12-24", date(2026, 12, 24)),
    ],
)  # fmt: skip
def test_days_are_read_as_people_say_them(said, meant):
    assert day(said, FRIDAY) == meant


def test_a_day_that_is_none_is_an_error():
    with pytest.raises(WorkdayError, match="tomorrow, friday"):
        day("soonish")


LINES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=120).map(
    lambda text: " ".join(text.split())
)
NOTED = st.builds(
    Noted,
    key=st.integers(0).map("todo_{}".format),
    words=LINES.filter(lambda text: text and "<!--" not in text and not text.endswith(")")),
    due=st.none() | st.dates(date(1970, 1, 2), date(2200, 1, 1)),
    done=st.none() | st.just(AT),
    at=st.just(AT),
)


@given(st.lists(NOTED, max_size=4))
def test_what_is_written_as_a_calendar_is_read_back(noted):
    text = to_calendar(noted)

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert [(n.key, n.words, n.due, n.done) for n in from_calendar(text)] == [
        (n.key, n.words, n.due, n.done) for n in noted
    ]


@given(st.lists(NOTED, max_size=4))
def test_what_is_written_as_markdown_is_read_back(noted):
    read = from_markdown(to_markdown(noted))

    assert [(n.key, n.words, n.due, n.done is None) for n in read] == [
        (n.key, n.words, n.due, n.done is None) for n in noted
    ]


def test_calendars_of_other_programs_are_read():
    text = """\
BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Europe/Berlin
END:VTIMEZONE
BEGIN:VTODO
UID:other-1
SUMMARY;LANGUAGE=en:Call Ann\\, then
  write
DUE;TZID="Europe/Berlin":20261201T170000
BEGIN:VALARM
SUMMARY:not this
END:VALARM
END:VTODO
BEGIN:VEVENT
SUMMARY:a meeting
END:VEVENT
BEGIN:VTODO
SUMMARY:done
STATUS:COMPLETED
END:VTODO
END:VCALENDAR
""".replace("\n", "\r\n")
    first, second = from_calendar(text)

    assert (first.key, first.words, first.due, first.done) == (
        "other-1",
        "Call Ann, then write",
        date(2026, 12, 1),
        None,
    )
    assert second.done is not None
    with pytest.raises(WorkdayError, match="BEGIN:VCALENDAR"):
        from_calendar("a shopping list")


@pytest.mark.parametrize("name", ["todo.md", "todo.ics"])
def test_a_file_goes_out_is_edited_and_comes_back(world, todos, tmp_path, name):
    todos.add("ask for labels")
    world.alarm()
    path = tmp_path / name
    assert todos.export(path) == 2
    before = path.read_text()
    if name.endswith("md"):
        path.write_text(before.replace("- [ ] ask", "- [x] ask") + "- [ ] look at region\n")
    else:
        new = "BEGIN:VTODO\nSUMMARY:look at region\nEND:VTODO\nEND:VCALENDAR"
        path.write_text(
            before.replace("STATUS:NEEDS-ACTION", "STATUS:COMPLETED", 1).replace("END:VCALENDAR", new)
        )
    came = todos.take_in(path)

    assert (came.added, came.finished, came.known) == (1, 1, 1)
    assert [item.words for item in todos.listed() if item.person] == ["look at region"]
    assert todos.take_in(path).added == 0


def test_the_commands(world, call, tmp_path):
    where = ("--project", world.root)
    made = call("todo", "add", "ask for labels", "--due", "2026-12-01", *where)
    short = made.out.split()[0]
    assert "ask for labels, due 2026-12-01" in made.out
    assert short in call("todo", "list", *where).out
    assert call("todo", "export", tmp_path / "todo.md", *where).code == 0
    assert call("todo", "import", tmp_path / "todo.md", *where, "--json").json["known"] == 1
    assert "put off until" in call("todo", "snooze", short, "--until", "2w", *where).out
    assert call("todo", "done", short, *where).out.startswith("done: ask for labels")
    assert "no to-do is called" in call("todo", "done", "zzzzzz", *where).err
    assert "name such a file" in call("todo", "export", tmp_path / "todo.txt", *where).err
