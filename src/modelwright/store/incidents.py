"""Incidents: alarms that belong together, and everything that was done about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from modelwright.errors import AlarmError
from modelwright.store.alarm_records import AlarmRecords
from modelwright.store.database import now
from modelwright.store.identity import ident
from modelwright.store.incident_records import Incident, IncidentAct, IncidentEvent, IncidentStatus
from modelwright.store.records import Alarm

if TYPE_CHECKING:
    from sqlalchemy import Connection

ITSELF = "modelwright"  # who acts where no person does
_AGAIN = "a promise that was broken is broken again"


class IncidentRecords(AlarmRecords):
    """Incidents and their history. Each act and its line in the history are one transaction."""

    def open_incident(
        self,
        *,
        release: str,
        title: str,
        since: datetime | None = None,
        alarms: Sequence[str] = (),
        by: str = ITSELF,
        reason: str = "",
    ) -> Incident:
        """Open an incident for alarms that belong to none yet.

        Parameters
        ----------
        release : str
        title : str
            What is wrong, in one line.
        since : datetime, optional
            When the trouble began, as estimated.
        alarms : sequence of str
            Identifiers of its alarms; none where a person opens it.
        by : str, default "modelwright"
            Who opens it.
        reason : str, optional
        """
        from modelwright.store.schema import incident

        made = Incident(ident("incident"), now(), release, title, since)
        with self._alarming() as connection:
            connection.execute(incident.insert(), asdict(made))
            joined = _join(connection, made.id, alarms)
            _note(connection, made.id, "opened", by, reason, joined)
        return made

    def join_incident(self, incident_id: str, alarms: Sequence[str], *, title: str | None = None) -> None:
        """Add alarms to an incident; those that belong to one already stay where they are.

        Parameters
        ----------
        incident_id : str
        alarms : sequence of str
        title : str, optional
            The incident's new title, where the new alarms make it worse.
        """
        from modelwright.store.schema import incident

        with self._alarming() as connection:
            _find(connection, incident_id)
            joined = _join(connection, incident_id, alarms)
            if not joined:
                return
            if title is not None:
                change = incident.update().where(incident.c.id == incident_id).values(title=title)
                connection.execute(change)
            _note(connection, incident_id, "joined" if title is None else "worsened", ITSELF, "", joined)

    def reopen_alarm(self, alarm_id: str, since: datetime | None, evidence: dict[str, Any]) -> Alarm:
        """Raise a closed alarm again, because its promise is broken again; its incident is reopened too."""
        from modelwright.store.schema import alarm, incident

        this = alarm.c.id == alarm_id
        with self._alarming() as connection:
            change = {"status": "open", "since": since, "at": now(), "evidence": evidence}
            connection.execute(alarm.update().where(this, alarm.c.status == "closed").values(**change))
            found = Alarm(**connection.execute(alarm.select().where(this)).mappings().one())
            closed = (incident.c.id == found.incident) & (incident.c.status == "closed")
            again = {"status": "open", "owner": "", "since": since}
            if (
                found.incident
                and connection.execute(incident.update().where(closed).values(**again)).rowcount
            ):
                _note(connection, found.incident, "reopened", ITSELF, _AGAIN, [alarm_id])
        return found

    def incident(self, incident_id: str) -> Incident:
        """Return one incident, by its identifier or the end of it that is unique.

        Raises
        ------
        AlarmError
            If none or several are meant.
        """
        with self._reading() as connection:
            return _find(connection, incident_id)

    def incidents(self, release: str | None = None, status: IncidentStatus | None = None) -> list[Incident]:
        """List incidents, oldest first, where asked only of one release or status."""
        from modelwright.store.schema import incident

        statement = incident.select()
        if release is not None:
            statement = statement.where(incident.c.release == release)
        if status is not None:
            statement = statement.where(incident.c.status == status)
        return [Incident(**row) for row in self._all(statement, incident)]

    def incident_history(self, incident_id: str) -> list[IncidentEvent]:
        """List everything that happened to an incident, oldest first."""
        from modelwright.store.schema import incident_event

        this = incident_event.select().where(incident_event.c.incident == incident_id)
        return [IncidentEvent(**row) for row in self._all(this, incident_event)]

    def acknowledge_incident(self, incident_id: str, by: str, reason: str = "") -> Incident:
        """Say that somebody works on an open incident.

        Raises
        ------
        AlarmError
            If it is unknown or closed.
        """
        return self._act(incident_id, "acknowledged", by, reason)

    def close_incident(self, incident_id: str, by: str, reason: str = "") -> Incident:
        """Mark an incident and its alarms as dealt with. Where a promise is broken again, it is reopened.

        Raises
        ------
        AlarmError
            If it is unknown or closed already.
        """
        return self._act(incident_id, "closed", by, reason)

    def reopen_incident(
        self, incident_id: str, by: str = ITSELF, reason: str = "", alarms: Sequence[str] | None = None
    ) -> Incident:
        """Open a closed incident again.

        Parameters
        ----------
        incident_id : str
        by : str, default "modelwright"
        reason : str, optional
        alarms : sequence of str, optional
            Which of its alarms are open again; by default all.

        Raises
        ------
        AlarmError
            If it is unknown or not closed.
        """
        return self._act(incident_id, "reopened", by, reason, alarms)

    def note_incident(self, incident_id: str, by: str, reason: str) -> Incident:
        """Write a remark into the history of an incident."""
        return self._act(incident_id, "noted", by, reason)

    def _act(
        self, incident_id: str, act: IncidentAct, by: str, reason: str, alarms: Sequence[str] | None = None
    ) -> Incident:
        from modelwright.store.schema import alarm, incident

        with self._alarming() as connection:
            found = _find(connection, incident_id)
            if (found.status == "closed") == (act in ("acknowledged", "closed")) and act != "noted":
                raise AlarmError(f"{found.id} is {found.status}, so it cannot be {act}")
            mine = alarm.c.incident == found.id
            if alarms is not None:
                mine &= alarm.c.id.in_(alarms)
            if act in ("closed", "reopened"):
                status = "closed" if act == "closed" else "open"
                connection.execute(alarm.update().where(mine).values(status=status))
            change = _changes(act, by)
            if change:
                connection.execute(incident.update().where(incident.c.id == found.id).values(**change))
            _note(connection, found.id, act, by, reason, list(alarms or ()))
            return _find(connection, found.id)


def _changes(act: IncidentAct, by: str) -> dict[str, Any]:
    """Return what an act changes of its incident."""
    changes: dict[IncidentAct, dict[str, Any]] = {
        "acknowledged": {"status": "acknowledged", "owner": by},
        "closed": {"status": "closed"},
        "reopened": {"status": "open", "owner": ""},
    }
    return changes.get(act, {})


def _find(connection: Connection, incident_id: str) -> Incident:
    from modelwright.store.schema import incident

    named = incident.c.id.endswith(incident_id, autoescape=True)
    rows = connection.execute(incident.select().where(named).limit(2)).mappings().all()
    if not rows or not incident_id:
        raise AlarmError(f"there is no incident '{incident_id}'; `modelwright alarms` lists them")
    if len(rows) > 1:
        raise AlarmError(f"several incidents end in '{incident_id}'; give more of the identifier")
    return Incident(**rows[0])


def _join(connection: Connection, incident_id: str, alarms: Sequence[str]) -> list[str]:
    from modelwright.store.schema import alarm

    free = alarm.c.id.in_(alarms) & alarm.c.incident.is_(None)
    joined = list(connection.execute(alarm.select().with_only_columns(alarm.c.id).where(free)).scalars())
    connection.execute(alarm.update().where(alarm.c.id.in_(joined)).values(incident=incident_id))
    return joined


def _note(
    connection: Connection, incident_id: str, act: IncidentAct, by: str, reason: str, alarms: list[str]
) -> None:
    from modelwright.store.schema import incident_event

    made = IncidentEvent(ident("act"), now(), incident_id, act, by, reason.strip(), alarms)
    connection.execute(incident_event.insert(), asdict(made))
