"""Prometheus Alertmanager, by its API version 2."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from modelwright.monitoring.alarms.channels.posting import post
from modelwright.monitoring.alarms.message import Message

# Alertmanager takes an alert without an end for resolved after minutes, unless someone repeats it.
_FIRING = timedelta(days=30)


@dataclass(frozen=True)
class Alertmanager:
    """Alertmanager knows an alert by its labels, so that the same one twice is one."""

    url: str
    name: str = "alertmanager"
    repeatable: bool = True

    def send(self, message: Message) -> None:
        """Post an alert, which ends when its incident is closed."""
        post(f"{self.url.rstrip('/')}/api/v2/alerts", [_alert(message)], to="Alertmanager")


def _alert(message: Message) -> dict[str, Any]:
    report = message.report
    is_closed = message.act == "closed"
    return {
        "labels": {
            "alertname": "ModelwrightIncident",
            "incident": report.id,
            "model": message.model,
            "release": report.release,
        },
        "annotations": {
            "summary": report.title,
            "description": message.body,
            "severity": report.severity,
            "codes": ", ".join(sorted({alarm.code for alarm in report.alarms})),
        },
        "startsAt": report.at.isoformat(),
        "endsAt": (message.at if is_closed else message.at + _FIRING).isoformat(),
    }
