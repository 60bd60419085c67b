"""Who was told of what: a row is written before a message is sent, so that none is sent twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from modelwright.errors import AlarmError
from modelwright.store.database import now
from modelwright.store.incident_records import TOLD, Delivery, DeliveryStatus, IncidentEvent
from modelwright.store.incidents import IncidentRecords

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

LEASE = timedelta(minutes=5)
"""How long a message may be under way before its sender counts as killed."""


class DeliveryRecords(IncidentRecords):
    """Messages to channels, each reserved before it is sent."""

    def notices(self, since: datetime) -> list[IncidentEvent]:
        """List the acts that people are told of, from an instant on, oldest first."""
        from modelwright.store.schema import incident_event

        told = incident_event.c.act.in_(TOLD) & (incident_event.c.at >= since)
        return [
            IncidentEvent(**row) for row in self._all(incident_event.select().where(told), incident_event)
        ]

    def reserve_delivery(self, notice: str, channel: str, *, repeatable: bool) -> Delivery | None:
        """Reserve the sending of one message for this process; None where it is not to be sent now.

        Parameters
        ----------
        notice : str
            The act that it tells of.
        channel : str
        repeatable : bool
            Whether the channel takes the same message twice as one. A message whose sender was killed is
            then sent again; otherwise it is marked ``uncertain``, because it may have arrived.
        """
        from modelwright.store.schema import delivery

        at = now()
        with self._alarming() as connection:
            this = _this(notice, channel)
            row = connection.execute(delivery.select().where(this)).mappings().first()
            if row is None:
                made = Delivery(notice, channel, at, "sending", 1)
                connection.execute(delivery.insert(), asdict(made))
                return made
            known = Delivery(**row)
            if known.status == "sending" and known.at + LEASE <= at and not repeatable:
                error = "its sender was stopped while it was under way"
                connection.execute(delivery.update().where(this).values(status="uncertain", error=error))
            if not _is_due(known, at, repeatable=repeatable):
                return None
            made = Delivery(notice, channel, at, "sending", known.attempts + 1)
            connection.execute(delivery.update().where(this).values(**asdict(made)))
            return made

    def settle_delivery(
        self,
        reserved: Delivery,
        status: DeliveryStatus,
        *,
        error: str = "",
        due: datetime | None = None,
    ) -> Delivery:
        """Write down what became of a message that this process reserved."""
        from dataclasses import replace

        from modelwright.store.schema import delivery

        settled = replace(reserved, status=status, error=error, due=due)
        mine = _this(reserved.notice, reserved.channel) & (delivery.c.attempts == reserved.attempts)
        with self._writing() as connection:
            connection.execute(delivery.update().where(mine).values(**asdict(settled)))
        return settled

    def resend_delivery(self, notice: str, channel: str) -> Delivery:
        """Let a message that may or may not have arrived be sent once more, because a person asks for it.

        Raises
        ------
        AlarmError
            If it is unknown, was sent, or is under way.
        """
        from modelwright.store.schema import delivery

        this = _this(notice, channel)
        with self._alarming() as connection:
            row = connection.execute(delivery.select().where(this)).mappings().first()
            if row is None:
                raise AlarmError(f"nothing was ever sent of {notice} to channel '{channel}'")
            known = Delivery(**row)
            if known.status not in ("uncertain", "given up"):
                raise AlarmError(f"{notice} to channel '{channel}' is {known.status}; it is not sent again")
            made = Delivery(notice, channel, known.at, "failed", known.attempts, now(), "asked for again")
            connection.execute(delivery.update().where(this).values(**asdict(made)))
        return made

    def deliveries(self, notices: Sequence[str] | None = None) -> list[Delivery]:
        """List messages, oldest first, where asked only those of some acts."""
        from modelwright.store.schema import delivery

        statement = delivery.select().order_by(delivery.c.at, delivery.c.notice, delivery.c.channel)
        if notices is not None:
            statement = statement.where(delivery.c.notice.in_(notices))
        with self._reading() as connection:
            return [Delivery(**row) for row in connection.execute(statement).mappings()]


def _is_due(known: Delivery, at: datetime, *, repeatable: bool) -> bool:
    if known.status == "failed":
        return known.due is not None and known.due <= at
    return known.status == "sending" and repeatable and known.at + LEASE <= at


def _this(notice: str, channel: str) -> ColumnElement[bool]:
    from modelwright.store.schema import delivery

    found: Any = (delivery.c.notice == notice) & (delivery.c.channel == channel)
    return found  # type: ignore[no-any-return]
