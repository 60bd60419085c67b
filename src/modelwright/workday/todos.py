"""To-dos of one project: a person's, and those that the state raises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TypeVar

from modelwright.errors import WorkdayError
from modelwright.store import Operations, Todo, current_user, write_atomic
from modelwright.workday.calendar_form import from_calendar, to_calendar
from modelwright.workday.item import Item
from modelwright.workday.markdown_form import from_markdown, to_markdown
from modelwright.workday.morning import today
from modelwright.workday.noted import Noted
from modelwright.workday.opened import Opened

T = TypeVar("T")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_READ: dict[str, Callable[[str], list[Noted]]] = {".md": from_markdown, ".ics": from_calendar}
_WRITTEN: dict[str, Callable[[Sequence[Noted]], str]] = {".md": to_markdown, ".ics": to_calendar}


@dataclass(frozen=True)
class Imported:
    """What came from a file.

    Attributes
    ----------
    added, finished, known : int
        New ones; those that the file says are done; those that were there already.
    """

    added: int
    finished: int
    known: int


class Todos:
    """The to-dos of one project.

    Parameters
    ----------
    project : str or Path
        Its folder, or the URL of its operations database.
    """

    def __init__(self, project: str | Path) -> None:
        self.project = str(project)

    def listed(self) -> tuple[Item, ...]:
        """List what is to do, the dearest first: a person's and what the state raises."""
        return today(only=self.project, here=Path.cwd()).items

    def add(self, words: str, *, due: str | None = None, link: str = "") -> Todo:
        """Note something to do.

        Parameters
        ----------
        words : str
        due : str, optional
            As `day` reads it.
        link : str
            A run, an alarm, a request or a release that it is about.
        """
        if not words.strip():
            raise WorkdayError("a to-do needs words; say what is to do")
        when = None if due is None else day(due)
        with Opened(self.project) as operations:
            return operations.add_todo(words.strip(), by=current_user(), due=when, link=link)

    def done(self, which: str) -> Todo:
        """Mark a person's to-do as done.

        Raises
        ------
        WorkdayError
            If there is none such, or the state raised it: that goes by itself.
        """
        with Opened(self.project) as operations:
            waiting = [each for each in operations.todos() if each.done is None]
            found = named(which, waiting, key=lambda each: each.id)
            if found is None:
                raise WorkdayError(self._no_such(which))
            operations.finish_todo(found.id)
        return replace(found, done=datetime.now(UTC))

    def snooze(self, which: str, until: str) -> tuple[Item, datetime]:
        """Put an item off, a person's or one that the state raises, until the morning of a day."""
        found = named(which, self.listed(), key=lambda each: each.key)
        if found is None:
            raise WorkdayError(f"no item is called '{which}'; `modelwright todo list` lists them")
        morning = datetime.combine(day(until), time()).astimezone()
        if morning <= datetime.now(UTC):
            raise WorkdayError(f"{until} has begun already; name a later day")
        with Opened(self.project) as operations:
            operations.put_off(found.key, morning, by=current_user())
        return found, morning

    def export(self, path: Path) -> int:
        """Write all to-dos of people, done or not, and what the state raises now; return how many."""
        write = _WRITTEN[_form(path)]
        with Opened(self.project) as operations:
            noted = [Noted(each.id, each.words, each.due, each.done, each.at) for each in operations.todos()]
        at = datetime.now(UTC)
        raised = [each for each in self.listed() if not each.person]
        noted += [
            Noted(each.key, f"{each.words} [{each.command}]", each.due, None, each.at or at)
            for each in raised
        ]
        write_atomic(path, write(noted), mode=0o666)
        return len(noted)

    def take_in(self, path: Path) -> Imported:
        """Read to-dos from a file: new ones are added, those checked off are done; nothing is removed."""
        try:
            noted = _READ[_form(path)](path.read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise WorkdayError(f"{path} is not UTF-8 text: {error}") from error
        with Opened(self.project) as operations:
            return _take_in(operations, noted)

    def _no_such(self, which: str) -> str:
        raised = named(which, self.listed(), key=lambda each: each.key)
        if raised is not None:
            return f"'{which}' is raised by the state, and goes by itself once dealt with: {raised.command}"
        return f"no to-do is called '{which}'; `modelwright todo list` lists them"


def _take_in(operations: Operations, noted: Iterable[Noted]) -> Imported:
    here = {each.id: each for each in operations.todos()}
    by_words = {each.words: each for each in here.values()}
    added = finished = known = 0
    for each in noted:
        if each.key and not each.key.startswith("todo_") and ":" in each.key:
            continue  # the state raised it, and raises it again as long as it is so
        found = here.get(each.key) or by_words.get(each.words)
        if found is None:
            found = operations.add_todo(each.words, by=current_user(), due=each.due)
            by_words[each.words] = found
            added += 1
        else:
            known += 1
        if each.done is not None and found.done is None:
            operations.finish_todo(found.id)
            finished += 1
    return Imported(added, finished, known)


def named(which: str, items: Iterable[T], *, key: Callable[[T], str]) -> T | None:
    """Find what is meant by six letters, or by a whole key."""
    return next((each for each in items if which in {key(each), Item.short_of(key(each))}), None)


def day(text: str, today_is: date | None = None) -> date:
    """Read a day: ``2026-12-01``, ``today``, ``tomorrow``, a weekday (the next such), ``3d`` or ``2w``.

    Raises
    ------
    WorkdayError
        If it is none of these.
    """
    now, word = today_is or datetime.now().astimezone().date(), text.strip().lower()
    if word in {"today", "tomorrow"}:
        return now + timedelta(days=word == "tomorrow")
    matching = [at for at, name in enumerate(_WEEKDAYS) if len(word) >= 3 and name.startswith(word)]
    if matching:
        return now + timedelta(days=(matching[0] - now.weekday() - 1) % 7 + 1)
    if word[-1:] in {"d", "w"} and word[:-1].isdigit():
        return now + timedelta(days=int(word[:-1]) * (7 if word[-1] == "w" else 1))
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        raise WorkdayError(
            f"'{text}' is no day; write such as 2026-12-01, tomorrow, friday, 3d or 2w"
        ) from error


def _form(path: Path) -> str:
    if (suffix := path.suffix.lower()) not in _READ:
        raise WorkdayError(
            f"{path}: to-dos are kept as .md (Markdown checkboxes) or .ics (iCalendar); name such a file"
        )
    return suffix
