"""Which channels a brief asks for, with their secrets from the environment."""

from __future__ import annotations

import os
import re
from pathlib import Path

from modelwright.errors import AlarmError
from modelwright.monitoring.alarms.channels.alertmanager import Alertmanager
from modelwright.monitoring.alarms.channels.channel import Channel
from modelwright.monitoring.alarms.channels.email import Email
from modelwright.monitoring.alarms.channels.file import File
from modelwright.monitoring.alarms.channels.webhook import Webhook
from modelwright.problem import AlertsSection

PASSWORD = "MODELWRIGHT_SMTP_PASSWORD"  # noqa: S105 - the variable's name
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def channels_of(alerts: AlertsSection, folder: Path) -> tuple[Channel, ...]:
    """Make ready the channels that a brief asks for.

    Parameters
    ----------
    alerts : AlertsSection
    folder : Path
        The project's, from which a relative path is meant.

    Raises
    ------
    AlarmError
        If a secret is not in the environment.
    """
    channels: list[Channel] = []
    if alerts.webhook:
        channels.append(Webhook(_with_variables(alerts.webhook, "webhook")))
    if alerts.smtp:
        password = os.environ.get(PASSWORD, "")
        if "@" in alerts.smtp and not password:
            raise AlarmError(f"alerts.smtp names a user, but {PASSWORD} is not set; export it first")
        channels.append(Email(alerts.smtp, alerts.email_from, alerts.email_to, password))
    if alerts.alertmanager:
        channels.append(Alertmanager(_with_variables(alerts.alertmanager, "alertmanager")))
    if alerts.file:
        channels.append(File(folder / Path(alerts.file).expanduser()))
    return tuple(channels)


def _with_variables(text: str, key: str) -> str:
    def value(found: re.Match[str]) -> str:
        if found[1] not in os.environ:
            raise AlarmError(f"alerts.{key} needs the environment variable {found[1]}; export it first")
        return os.environ[found[1]]

    return _VARIABLE.sub(value, text)
