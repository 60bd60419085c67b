"""A webhook that takes Slack's JSON (also Mattermost's, Rocket.Chat's and Discord's under ``/slack``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from modelwright.monitoring.alarms.channels.posting import post
from modelwright.monitoring.alarms.message import Message

_MOST = 3000  # characters that Slack takes in one block


@dataclass(frozen=True)
class Webhook:
    """A webhook; whoever posts the same twice is read twice."""

    url: str
    name: str = "webhook"
    repeatable: bool = False

    def send(self, message: Message) -> None:
        """Post a message; the header ``Idempotency-Key`` names it."""
        post(self.url, _slack(message), to="the webhook", headers={"Idempotency-Key": message.id})


def _slack(message: Message) -> dict[str, Any]:
    """Lay a message out as Slack's blocks; ``text`` is what notifications show."""
    body = _escaped(message.body)
    body = body if len(body) <= _MOST else body[: _MOST - 1] + "…"
    context = f"{message.report.id} · {message.at:%Y-%m-%d %H:%M} UTC"
    return {
        "text": _escaped(message.head),
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": message.head[:150]}},
            {"type": "section", "text": {"type": "mrkdwn", "text": body}},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": context}]},
        ],
    }


def _escaped(text: str) -> str:
    """Escape Slack's three control characters, so that no value in a message can mention anyone."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
