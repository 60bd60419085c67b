"""Incidents as they are kept, read as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from modelwright.monitoring.alarms.report import RANKS, Act, AlarmReport, IncidentReport
from modelwright.store import Alarm, Incident, Operations, Silence


def report_incident(operations: Operations, incident: Incident) -> IncidentReport:
    """Say everything that is known of an incident."""
    alarms = sorted(operations.alarms(incident=incident.id), key=lambda each: (rank(each), each.at))
    silence = silenced(operations.silences(at=datetime.now(UTC)), incident, alarms)
    return IncidentReport(
        id=incident.id,
        release=incident.release,
        title=incident.title,
        status=incident.status,
        owner=incident.owner,
        since=incident.since,
        at=incident.at,
        severity="critical" if any(rank(alarm) == 0 for alarm in alarms) else "warning",
        alarms=tuple(map(_alarm, alarms)),
        silenced="" if silence is None else _silence_words(silence),
        history=_history(operations, incident),
    )


def silenced(silences: Sequence[Silence], incident: Incident, alarms: Sequence[Alarm]) -> Silence | None:
    """Return the silence that ends last, of those that cover the incident or all of its open alarms."""
    ordered = sorted(silences, key=lambda each: each.until, reverse=True)
    for silence in ordered:
        if silence.incident == incident.id and silence.promise is None and silence.column is None:
            return silence
    current = [alarm for alarm in alarms if alarm.status == "open"] or list(alarms)
    covering = [next((each for each in ordered if _covers(each, alarm)), None) for alarm in current]
    if not covering or None in covering:
        return None
    return min((each for each in covering if each is not None), key=lambda each: each.until)


def rank(alarm: Alarm) -> int:
    """Say how bad an alarm is; 0 is the worst."""
    return RANKS.get(alarm.promise, 2)


def _covers(silence: Silence, alarm: Alarm) -> bool:
    return all(
        given is None or given == found
        for given, found in (
            (silence.incident, alarm.incident),
            (silence.promise, alarm.promise),
            (silence.column, alarm.column),
        )
    )


def _silence_words(silence: Silence) -> str:
    return f"until {silence.until:%Y-%m-%d %H:%M} UTC by {silence.by}: {silence.reason}"


def _alarm(alarm: Alarm) -> AlarmReport:
    known = {
        name: value
        for name, value in alarm.evidence.items()
        if name in ("code", "words", "advice", "evidence", "threshold", "drivers", "effects")
    }
    stated = {"code": "", "words": alarm.promise, "evidence": 0.0, "threshold": 0.0} | known
    kept = {"promise": alarm.promise, "column": alarm.column, "since": alarm.since, "at": alarm.at}
    return AlarmReport.model_validate({"id": alarm.id, "status": alarm.status, **kept, **stated})


def _history(operations: Operations, incident: Incident) -> tuple[Act, ...]:
    events = operations.incident_history(incident.id)
    told: dict[str, list[str]] = {event.id: [] for event in events}
    for each in operations.deliveries([event.id for event in events]):
        told[each.notice].append(
            f"{each.channel}: {each.status}" + (f" ({each.error})" if each.error else "")
        )
    return tuple(
        Act(at=event.at, act=event.act, by=event.by, reason=event.reason, told=tuple(told[event.id]))
        for event in events
    )
