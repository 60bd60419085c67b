"""Alarms, and for how long nobody is told of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from modelwright.errors import AlarmError
from modelwright.store.database import Database, now
from modelwright.store.identity import ident
from modelwright.store.incident_records import Silence
from modelwright.store.records import Alarm, AlarmStatus

if TYPE_CHECKING:
    from sqlalchemy import Connection

_ADVISORY_LOCK = 0x4D6F6465616C726D  # "Modealrm", the name of our lock in PostgreSQL


class AlarmRecords(Database):
    """Broken promises and silences."""

    @contextmanager
    def _alarming(self) -> Iterator[Connection]:
        """Write alone: two visits at once neither raise an alarm twice nor send a message twice."""
        with self._writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
            yield connection

    def add_alarm(
        self,
        *,
        release: str,
        promise: str,
        column: str | None,
        evidence: dict[str, Any],
        since: datetime | None = None,
    ) -> Alarm:
        """Raise an alarm; it is open until `close_alarm`.

        A promise is broken once for a release: where the alarm was raised before, it is returned as it is.
        """
        from modelwright.store.schema import alarm

        made = Alarm(ident("alarm"), now(), release, promise, column, since, "open", evidence)
        same = (
            (alarm.c.release == release)
            & (alarm.c.promise == promise)
            & alarm.c.column.is_not_distinct_from(column)
        )
        with self._alarming() as connection:
            earlier = connection.execute(alarm.select().where(same)).mappings().first()
            if earlier is not None:
                return Alarm(**earlier)
            connection.execute(alarm.insert(), asdict(made))
        return made

    def close_alarm(self, alarm_id: str) -> None:
        """Mark an alarm as dealt with."""
        from modelwright.store.schema import alarm

        with self._writing() as connection:
            connection.execute(alarm.update().where(alarm.c.id == alarm_id).values(status="closed"))

    def alarms(
        self, release: str | None = None, status: AlarmStatus | None = None, incident: str | None = None
    ) -> list[Alarm]:
        """List alarms, oldest first, where asked only of one release, status or incident."""
        from modelwright.store.schema import alarm

        statement = alarm.select()
        given = {"release": release, "status": status, "incident": incident}
        for name, value in given.items():
            if value is not None:
                statement = statement.where(alarm.c[name] == value)
        return [Alarm(**row) for row in self._all(statement, alarm)]

    # ---- silences

    def add_silence(
        self,
        *,
        until: datetime,
        by: str,
        reason: str,
        incident: str | None = None,
        promise: str | None = None,
        column: str | None = None,
    ) -> Silence:
        """Tell nobody of some alarms until an instant; they are raised and kept all the same.

        Raises
        ------
        AlarmError
            If it has no reason, an end that is past, or nothing that it is about.
        """
        from modelwright.store.schema import silence

        made = Silence(ident("silence"), now(), until, by, reason.strip(), incident, promise, column)
        if not made.reason:
            raise AlarmError("a silence needs a reason, for whoever wonders later why nobody was told")
        if until <= made.at:
            raise AlarmError(f"a silence must end in the future, but {until:%Y-%m-%d %H:%M} UTC is past")
        if incident is None and promise is None and column is None:
            raise AlarmError("a silence needs something to be silent about: an incident, a promise, a column")
        self._add(silence, asdict(made))
        return made

    def end_silence(self, silence_id: str) -> Silence:
        """End a silence now.

        Raises
        ------
        AlarmError
            If it is unknown.
        """
        from dataclasses import replace

        from modelwright.store.schema import silence

        with self._writing() as connection:
            row = connection.execute(silence.select().where(silence.c.id == silence_id)).mappings().first()
            if row is None:
                raise AlarmError(
                    f"there is no silence {silence_id}; `modelwright alarms silences` lists them"
                )
            ended = replace(Silence(**row), until=min(row["until"], now()))
            change = silence.update().where(silence.c.id == silence_id).values(until=ended.until)
            connection.execute(change)
        return ended

    def silences(self, at: datetime | None = None) -> list[Silence]:
        """List silences, oldest first, where asked only those in force at an instant."""
        from modelwright.store.schema import silence

        statement = silence.select()
        if at is not None:
            statement = statement.where((silence.c.at <= at) & (silence.c.until > at))
        return [Silence(**row) for row in self._all(statement, silence)]
