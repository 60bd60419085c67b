"""Who is told of alarms, and how, as the brief states it."""

from __future__ import annotations

import re
from typing import Self
from urllib.parse import urlsplit

from pydantic import field_validator, model_validator

from modelwright.problem.location import literal_secrets, masked
from modelwright.problem.section import Section

_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")


class AlertsSection(Section):
    """Who is told of incidents. What is empty is not used.

    Attributes
    ----------
    webhook : str
        URL that takes Slack's JSON. It is a secret, so it is given as ``${NAME}``, the name of an environment
        variable; only one of this machine may stand here.
    smtp : str
        ``smtp://USER@HOST:PORT`` (with STARTTLS where the server offers it) or ``smtps://...``; the password
        is in the environment variable ``MODELWRIGHT_SMTP_PASSWORD``.
    email_from : str
    email_to : tuple of str
    alertmanager : str
        URL of Prometheus Alertmanager, without ``/api/v2``.
    file : str
        Path of a file of JSON lines; a relative one is meant from the project's folder.
    """

    webhook: str = ""
    smtp: str = ""
    email_from: str = ""
    email_to: tuple[str, ...] = ()
    alertmanager: str = ""
    file: str = ""

    @field_validator("webhook")
    @classmethod
    def _webhook_is_secret(cls, value: str) -> str:
        if value and not _VARIABLE.fullmatch(value) and urlsplit(value).hostname not in _LOCAL:
            raise ValueError(
                "the URL of a webhook lets anyone post, so it does not belong in a file; put it into an "
                "environment variable and write ${NAME} in its place"
            )
        return value

    @field_validator("smtp", "alertmanager")
    @classmethod
    def _no_secret_in_a_file(cls, value: str) -> str:
        if literal_secrets(value):
            raise ValueError(
                f"{masked(value)} holds a password, which does not belong in a file; for smtp it is read "
                "from MODELWRIGHT_SMTP_PASSWORD, and a URL may name a variable as ${NAME}"
            )
        return value

    @field_validator("smtp")
    @classmethod
    def _is_a_mail_server(cls, value: str) -> str:
        return _of_scheme(value, ("smtp", "smtps"), "smtp://USER@HOST:587")

    @field_validator("alertmanager")
    @classmethod
    def _is_a_web_server(cls, value: str) -> str:
        return (
            value if _VARIABLE.fullmatch(value) else _of_scheme(value, ("http", "https"), "http://HOST:9093")
        )

    @field_validator("email_from", "email_to")
    @classmethod
    def _are_addresses(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for each in [value] if isinstance(value, str) else value:
            if each and not re.fullmatch(r"[^@\s,<>]+@[^@\s,<>]+", each):
                raise ValueError(f"must be a plain address such as ada@example.org, but got '{each}'")
        return value

    @model_validator(mode="after")
    def _mail_is_complete(self) -> Self:
        given = {"smtp": self.smtp, "email_from": self.email_from, "email_to": self.email_to}
        lacking = [name for name, value in given.items() if not value]
        if lacking and len(lacking) < len(given):
            raise ValueError(f"alerts.{lacking[0]}: e-mail needs smtp, email_from and email_to")
        return self


def _of_scheme(value: str, schemes: tuple[str, ...], example: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in schemes or not parts.hostname):
        raise ValueError(f"must be a URL such as {example}, but got '{masked(value)}'")
    return value
