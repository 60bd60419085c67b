"""To-dos, requests and what is put off: the part of the operations database that people write."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from modelwright.errors import WorkdayError
from modelwright.store.database import Database, now
from modelwright.store.identity import ident
from modelwright.store.records import Request, Todo

if TYPE_CHECKING:
    from sqlalchemy import Table


class DayRecords(Database):
    """What `Operations` keeps of the working day."""

    # ---- to-dos

    def add_todo(self, words: str, *, by: str, due: date | None = None, link: str = "") -> Todo:
        """Note something to do."""
        from modelwright.store.schema import todo

        made = Todo(ident("todo"), now(), by, words, due, link)
        self._keep(todo, made)
        return made

    def todos(self) -> list[Todo]:
        """List what people noted, oldest first, done or not."""
        from modelwright.store.schema import todo

        return [Todo(**row) for row in self._rows(todo)]

    def finish_todo(self, todo_id: str) -> None:
        """Mark a to-do as done; where it was done before, the first time counts."""
        from modelwright.store.schema import todo

        with self._writing() as connection:
            open_still = (todo.c.id == todo_id) & todo.c.done.is_(None)
            connection.execute(todo.update().where(open_still).values(done=now()))

    # ---- requests

    def add_request(self, words: str, *, by: str, who: str, due: date | None = None) -> Request:
        """Keep what a stakeholder asked, in their words."""
        from modelwright.store.schema import request

        made = Request(ident("request"), now(), by, who, words, due)
        self._keep(request, made)
        return made

    def requests(self) -> list[Request]:
        """List what was asked, oldest first."""
        from modelwright.store.schema import request

        return [Request(**row) for row in self._rows(request)]

    def accept_request(self, request_id: str, diff: str) -> None:
        """Note that a request was taken on, and what it changed in the brief."""
        self._change_request(request_id, {"accepted": now(), "diff": diff})

    def answer_request(self, request_id: str, answer: dict[str, Any]) -> None:
        """Keep the answer to a request; it has one only.

        Raises
        ------
        WorkdayError
            If it was answered before.
        """
        self._change_request(request_id, {"answered": now(), "answer": answer})

    def _change_request(self, request_id: str, values: dict[str, Any]) -> None:
        from modelwright.store.schema import request

        unanswered = (request.c.id == request_id) & request.c.answered.is_(None)
        with self._writing() as connection:
            changed = connection.execute(request.update().where(unanswered).values(**values)).rowcount
        if not changed:
            raise WorkdayError(f"request {request_id} is answered already; add another one")

    # ---- putting off

    def put_off(self, key: str, until: datetime, *, by: str) -> None:
        """Leave an item out of the day until a time; the newest word counts."""
        from modelwright.store.schema import snooze

        with self._writing() as connection:
            connection.execute(snooze.delete().where(snooze.c.key == key))
            connection.execute(snooze.insert(), {"key": key, "at": now(), "until": until, "by": by})

    def snoozes(self) -> dict[str, datetime]:
        """Return until when each item is put off, by its key."""
        from modelwright.store.schema import snooze

        with self._reading() as connection:
            rows = connection.execute(snooze.select()).mappings().all()
        return {row["key"]: row["until"] for row in rows}

    # ---- rows

    def _keep(self, table: Table, record: Todo | Request) -> None:
        row = asdict(record)
        row["due"] = None if record.due is None else record.due.isoformat()
        with self._writing() as connection:
            connection.execute(table.insert(), row)

    def _rows(self, table: Table) -> list[dict[str, Any]]:
        with self._reading() as connection:
            rows = connection.execute(table.select().order_by(table.c.at, table.c.id)).mappings().all()
        return [dict(row) | {"due": _date(row["due"])} for row in rows]


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
