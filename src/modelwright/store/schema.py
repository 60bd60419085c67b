"""The tables of the operations database, as they are at the newest migration."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

# This module is imported only by code that has opened a database.
from sqlalchemy import (  # noqa: TID253
    JSON,
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator  # noqa: TID253

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """Microseconds since 1970-01-01 UTC: the same on every database, and sorts as it should."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:  # noqa: ARG002
        """Store an aware datetime as microseconds."""
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        """Give microseconds back as a datetime in UTC."""
        return None if value is None else _EPOCH + value * _MICROSECOND


METADATA = MetaData()

look = Table(
    "look",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("snapshot", Text, nullable=False, index=True),
    Column("run", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

release = Table(
    "release",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("run", Text, nullable=False),
    Column("package", Text, nullable=False),
    Column("version", Integer),
    Column("verdict", JSON, nullable=False),
    Column("replaced", Text, ForeignKey("release.id")),
    Column("kind", Text, nullable=False),
)

# One row per trial; its release is of kind `shadow` or `canary`.
rollout = Table(
    "rollout",
    METADATA,
    Column("release", Text, ForeignKey("release.id"), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("champion", Text, ForeignKey("release.id"), nullable=False),
    Column("share", Double, nullable=False),
    Column("key", Text, nullable=False),
    Column("status", Text, nullable=False, index=True),
    Column("ended", Instant),
    Column("reason", Text, nullable=False),
    Column("state", JSON, nullable=False),
)

# What a challenger in the shadow would have answered; written after the answer, so it may lack some.
shadow_score = Table(
    "shadow_score",
    METADATA,
    Column("prediction_id", Text, primary_key=True),
    Column("release", Text, primary_key=True),
    Column("prediction", Text),
    Column("value", Double),
    Column("probabilities", JSON(none_as_null=True)),
    Column("latency_ms", Double, nullable=False),
)

# A label or a value: `prediction` holds the one, `value` the other. Observations do not refer to the table of
# releases, because a package can be served without one.
observation = Table(
    "observation",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("release", Text, nullable=False),
    Column("row", JSON, nullable=False),
    Column("prediction", Text),
    Column("value", Double),
    Column("probabilities", JSON(none_as_null=True)),
    Column("latency_ms", Double, nullable=False),
    Index("ix_observation_release_at", "release", "at"),
)

label = Table(
    "label",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("prediction_id", Text, ForeignKey("observation.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False, index=True),
    Column("label", Text),
    Column("value", Double),
)

alarm = Table(
    "alarm",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("release", Text, nullable=False, index=True),
    Column("promise", Text, nullable=False),
    Column("column", Text),
    Column("since", Instant),
    Column("status", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("incident", Text, index=True),
)

incident = Table(
    "incident",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("release", Text, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("since", Instant),
    Column("status", Text, nullable=False, index=True),
    Column("owner", Text, nullable=False),
)

incident_event = Table(
    "incident_event",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("incident", Text, ForeignKey("incident.id"), nullable=False, index=True),
    Column("act", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("alarms", JSON, nullable=False),
)

silence = Table(
    "silence",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("incident", Text),
    Column("promise", Text),
    Column("column", Text),
)

# A row is written before the message is sent, so that a message is never sent twice.
delivery = Table(
    "delivery",
    METADATA,
    Column("notice", Text, ForeignKey("incident_event.id"), primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("status", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", Instant),
    Column("error", Text, nullable=False),
)

decision = Table(
    "decision",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("decision", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("run", Text),
    Column("release", Text),
    Column("evidence", JSON, nullable=False),
)

event = Table(
    "event",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False, index=True),
    Column("body", JSON, nullable=False),
)

# What monitoring remembers of each release: a summary of fixed size, replaced at each visit.
watch = Table(
    "watch",
    METADATA,
    Column("release", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("state", JSON, nullable=False),
)

# The working day. A date is kept as ISO text; `link` names a run, alarm, request or release.
todo = Table(
    "todo",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("due", Text),
    Column("link", Text, nullable=False),
    Column("done", Instant),
)

request = Table(
    "request",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("due", Text),
    Column("accepted", Instant),
    Column("diff", Text, nullable=False),
    Column("answered", Instant),
    Column("answer", JSON, nullable=False),
)

# What is put off: the key of an item, a person's or one that the state raises.
snooze = Table(
    "snooze",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("by", Text, nullable=False),
)

api_key = Table(
    "api_key",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("name", Text, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("hash", Text, nullable=False),
    Column("expires", Instant),
    Column("revoked", Instant),
)

# Each entry holds the hash of the one before it.
log_entry = Table(
    "log_entry",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("who", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("body", JSON, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
