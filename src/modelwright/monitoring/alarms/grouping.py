"""Which alarms belong together: those that began together, and those that share a cause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from modelwright.monitoring.alarms.reporting import rank
from modelwright.store import Alarm, Incident, Operations

_TOGETHER = timedelta(hours=1)  # a beginning is known no better than that
_FOLLOWS = timedelta(days=7)  # so long after a column changed, what happens to the score is put down to it


def group(operations: Operations, release: str) -> None:
    """Put the alarms of a release that belong to no incident yet into an incident each.

    An alarm joins an incident that is not closed, where they share a column; where they began together
    (within an hour, or within half the time that it took to notice); or where the incident is about columns,
    the alarm about the model's answers (score, label, performance), and it began within seven days after.
    Whoever is killed in between leaves alarms without an incident, which the next visit groups.
    """
    loose = [alarm for alarm in operations.alarms(release=release) if alarm.incident is None]
    if not loose:
        return
    going = [each for each in operations.incidents(release=release) if each.status != "closed"]
    known = [(each, operations.alarms(incident=each.id)) for each in reversed(going)]
    clusters: list[list[Alarm]] = []
    joining: dict[str, list[Alarm]] = {}
    for alarm in sorted(loose, key=lambda each: (_began(each), rank(each))):
        home = next((each for each, alarms in known if _belongs(alarm, alarms)), None)
        if home is not None:
            joining.setdefault(home.id, []).append(alarm)
            continue
        cluster = next((each for each in clusters if _belongs(alarm, each)), None)
        if cluster is None:
            clusters.append([alarm])
        else:
            cluster.append(alarm)
    for incident, alarms in known:
        _join(operations, incident, alarms, joining.get(incident.id, []))
    for cluster in clusters:
        _open(operations, release, cluster)


def close_superseded(operations: Operations, release: str) -> None:
    """Close the incidents of earlier releases: their model answers nobody any more."""
    for incident in operations.incidents():
        if incident.release != release and incident.status != "closed":
            reason = f"{release} has taken the place of {incident.release}"
            operations.close_incident(incident.id, by="modelwright", reason=reason)


def title(alarms: Sequence[Alarm]) -> str:
    """Say in one line what is wrong: the worst alarm, and how many more."""
    worst = min(alarms, key=rank)
    words = str(worst.evidence.get("words", worst.promise))
    more = len(alarms) - 1
    return words if not more else f"{words} (and {more} more alarm{'s' if more > 1 else ''})"


def _open(operations: Operations, release: str, alarms: Sequence[Alarm]) -> None:
    operations.open_incident(
        release=release,
        title=title(alarms),
        since=min(map(_began, alarms)),
        alarms=[alarm.id for alarm in alarms],
    )


def _join(operations: Operations, incident: Incident, known: Sequence[Alarm], new: Sequence[Alarm]) -> None:
    if not new:
        return
    is_worse = min(map(rank, new)) < min(map(rank, known), default=99)
    headline = title([*known, *new]) if is_worse else None
    operations.join_incident(incident.id, [alarm.id for alarm in new], title=headline)


def _belongs(alarm: Alarm, others: Sequence[Alarm]) -> bool:
    if not others:
        return False
    if alarm.column is not None and alarm.column in {each.column for each in others}:
        return True
    began, first = _began(alarm), min(map(_began, others))
    noticed = max((alarm.at - began) / 2, _TOGETHER)
    if abs(began - first) <= min(noticed, _FOLLOWS):
        return True
    is_effect = alarm.column is None and any(each.column is not None for each in others)
    return is_effect and timedelta(0) <= began - first <= _FOLLOWS


def _began(alarm: Alarm) -> datetime:
    return alarm.since or alarm.at
