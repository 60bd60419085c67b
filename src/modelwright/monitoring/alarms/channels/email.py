"""E-mail over SMTP."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from modelwright.monitoring.alarms.channels.channel import MaybeSentError, NotSentError
from modelwright.monitoring.alarms.message import Message

_SECONDS = 10
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Email:
    """Mail to some addresses; whoever gets it twice reads it twice."""

    server: str
    sender: str
    recipients: tuple[str, ...]
    password: str = field(default="", repr=False)
    name: str = "email"
    repeatable: bool = False

    def send(self, message: Message) -> None:
        """Hand a message to the server; its Message-ID names it."""
        letter = EmailMessage()
        letter["Subject"] = " ".join(message.head.split())
        letter["From"], letter["To"] = self.sender, ", ".join(self.recipients)
        letter["Date"] = message.at
        letter["Message-ID"] = f"<{message.id}@modelwright>"
        letter["References"] = f"<{message.report.id}@modelwright>"
        letter.set_content(message.body)
        try:
            server = self._open()
        except (OSError, smtplib.SMTPException) as error:
            raise NotSentError(f"the mail server cannot be used: {_said(error)}") from error
        try:
            self._hand_over(server, letter)
        finally:
            server.close()

    def _open(self) -> smtplib.SMTP:
        parts = urlsplit(self.server)
        host, is_local = parts.hostname or "", parts.hostname in _LOCAL
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if parts.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, parts.port or 587, timeout=_SECONDS)
        server.ehlo()
        is_secret = parts.scheme == "smtps"
        if not is_secret and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
            is_secret = True
        if parts.username and self.password:
            if not (is_secret or is_local):
                raise smtplib.SMTPException("it offers no TLS, so the password was not sent")
            server.login(unquote(parts.username), self.password)
        return server

    def _hand_over(self, server: smtplib.SMTP, letter: EmailMessage) -> None:
        try:
            _accept(server.mail(self.sender))
            for recipient in self.recipients:
                _accept(server.rcpt(recipient))
        except (OSError, smtplib.SMTPException) as error:
            raise NotSentError(f"the mail server refused it: {_said(error)}") from error
        try:
            code, said = server.data(letter.as_bytes())
        except smtplib.SMTPDataError as error:
            raise NotSentError(f"the mail server refused it: {_said(error)}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise MaybeSentError(f"the mail server did not confirm it: {_said(error)}") from error
        if code != 250:
            raise NotSentError(f"the mail server refused it: {said.decode(errors='replace')}")


def _accept(answer: tuple[int, bytes]) -> None:
    code, said = answer
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, said)


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        return f"{error.smtp_code} {text}"
    return str(error) or type(error).__name__
