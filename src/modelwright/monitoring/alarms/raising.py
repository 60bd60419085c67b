"""Broken promises become alarms, once for each release, explained and grouped."""

from __future__ import annotations

from modelwright.monitoring.alarms.explaining import Explainer
from modelwright.monitoring.alarms.grouping import close_superseded, group
from modelwright.monitoring.result import RaisedAlarm, Watched
from modelwright.store import Alarm, Operations


def raise_alarms(
    operations: Operations, release: str, found: tuple[Watched, ...], explainer: Explainer
) -> tuple[RaisedAlarm, ...]:
    """Raise an alarm for each broken promise, or reopen it where it was closed; and group them.

    Parameters
    ----------
    operations : Operations
    release : str
    found : tuple of Watched
        Every promise that is watched.
    explainer : Explainer
        Says what drives a new alarm and what it costs.

    Returns
    -------
    tuple of RaisedAlarm
        Every alarm of the release, oldest first.
    """
    known = {(alarm.promise, alarm.column): alarm for alarm in operations.alarms(release=release)}
    fresh = set()
    for each in found:
        earlier = known.get((each.promise, each.column))
        if each.holds or (earlier is not None and earlier.status == "open"):
            continue
        evidence = each.model_dump(mode="json", exclude={"promise", "column", "since", "holds"})
        evidence |= explainer.explain(each.promise, each.column, each.since)
        if earlier is not None:
            alarm = operations.reopen_alarm(earlier.id, each.since, evidence)
        else:
            alarm = operations.add_alarm(
                release=release, promise=each.promise, column=each.column, since=each.since, evidence=evidence
            )
        fresh.add(alarm.id)
    close_superseded(operations, release)
    group(operations, release)
    return tuple(_raised(alarm, new=alarm.id in fresh) for alarm in operations.alarms(release=release))


def _raised(alarm: Alarm, *, new: bool) -> RaisedAlarm:
    return RaisedAlarm(
        id=alarm.id,
        code=alarm.evidence["code"],
        promise=alarm.promise,
        column=alarm.column,
        at=alarm.at,
        since=alarm.since,
        status=alarm.status,
        new=new,
        words=alarm.evidence["words"],
        advice=alarm.evidence["advice"],
        incident=alarm.incident,
    )
