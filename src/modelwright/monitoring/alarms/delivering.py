"""Telling people: each message once to each channel, with a row written before it is sent.

A message is reserved in the database, sent, and settled. Whoever is killed between the last two leaves a
message of which nobody knows whether it arrived. A channel that takes the same message twice as one (file,
Alertmanager) then gets it again; any other does not, and the message is shown as ``uncertain`` until a person
sends it again. So nobody is told twice, and what may not have arrived is seen.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from modelwright.errors import AlarmError
from modelwright.monitoring.alarms.channels import Channel, MaybeSentError, NotSentError, channels_of
from modelwright.monitoring.alarms.message import Message
from modelwright.monitoring.alarms.reporting import report_incident
from modelwright.monitoring.alarms.told import Told
from modelwright.problem import Brief
from modelwright.store import Delivery, IncidentEvent, Operations

ATTEMPTS = 8
_WAIT = timedelta(minutes=1)  # before the second attempt; four times as long before each one after
_LONGEST = timedelta(hours=12)
_KEPT = timedelta(days=7)  # what is older is no news


def deliver(operations: Operations, brief: Brief, folder: Path) -> tuple[Told, ...]:
    """Send what is due: incidents that were opened, got worse, were reopened or closed, and are not silenced.

    An attempt that surely failed is repeated after 1, 4, 16, ... minutes, at most 12 hours, until eight have
    failed. A channel hears that an incident is closed only if it has heard of the incident.

    Parameters
    ----------
    operations : Operations
    brief : Brief
        Its ``[alerts]`` names the channels.
    folder : Path
        The project's.

    Raises
    ------
    AlarmError
        If a secret is not in the environment.
    """
    channels = channels_of(brief.alerts, folder)
    notices = operations.notices(datetime.now(UTC) - _KEPT) if channels else []
    known = {(each.notice, each.channel): each for each in operations.deliveries([n.id for n in notices])}
    heard = {
        (notice.incident, channel)
        for notice in notices
        for channel in {each.name for each in channels}
        if (notice.id, channel) in known and known[notice.id, channel].status in ("sent", "uncertain")
    }
    told = []
    for notice in notices:
        due = [each for each in channels if _may_be_due(known.get((notice.id, each.name)))]
        for each in due:
            said = _tell(operations, brief, notice, each, (notice.incident, each.name) in heard)
            if said is not None:
                told.append(said)
                heard |= {(notice.incident, each.name)} if said.status in ("sent", "uncertain") else set()
    return tuple(told)


def resend(operations: Operations, incident: str, channel: str) -> None:
    """Let the messages about an incident that may not have arrived on a channel be sent once more.

    Raises
    ------
    AlarmError
        If there is none.
    """
    events = [event.id for event in operations.incident_history(incident)]
    doubtful = [
        each.notice
        for each in operations.deliveries(events)
        if each.channel == channel and each.status in ("uncertain", "given up")
    ]
    if not doubtful:
        raise AlarmError(f"no message about {incident} is uncertain or given up on channel '{channel}'")
    for notice in doubtful:
        operations.resend_delivery(notice, channel)


def _may_be_due(known: Delivery | None) -> bool:
    return known is None or known.status in ("failed", "sending")


def _tell(
    operations: Operations, brief: Brief, notice: IncidentEvent, channel: Channel, has_heard: bool
) -> Told | None:
    incident = operations.incident(notice.incident)
    report = report_incident(operations, incident)
    is_over = incident.status == "closed"
    if report.silenced or (is_over and not (has_heard and notice.act == "closed")):
        return None
    reserved = operations.reserve_delivery(notice.id, channel.name, repeatable=channel.repeatable)
    if reserved is None:
        return None
    message = Message.of(notice, brief.problem.name, report)
    settled = _send(operations, channel, message, reserved)
    return Told(
        message=notice.id,
        channel=channel.name,
        status=settled.status,
        head=message.head,
        attempts=settled.attempts,
        error=settled.error,
    )


def _send(operations: Operations, channel: Channel, message: Message, reserved: Delivery) -> Delivery:
    try:
        channel.send(message)
    except NotSentError as error:
        if reserved.attempts >= ATTEMPTS:
            return operations.settle_delivery(reserved, "given up", error=str(error))
        return operations.settle_delivery(
            reserved, "failed", error=str(error), due=datetime.now(UTC) + wait(reserved.attempts)
        )
    except MaybeSentError as error:
        if channel.repeatable and reserved.attempts < ATTEMPTS:
            due = datetime.now(UTC) + wait(reserved.attempts)
            return operations.settle_delivery(reserved, "failed", error=str(error), due=due)
        return operations.settle_delivery(reserved, "uncertain", error=str(error))
    return operations.settle_delivery(reserved, "sent")


def wait(attempts: int) -> timedelta:
    """Return how long after so many attempts the next one is made."""
    minutes: int = 4 ** (attempts - 1)
    return min(_WAIT * minutes, _LONGEST)
