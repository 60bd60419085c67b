"""Posting JSON over HTTP, and whether it arrived."""

from __future__ import annotations

import http.client
import json
import ssl
from typing import Any
from urllib.parse import urlsplit

from modelwright.monitoring.alarms.channels.channel import MaybeSentError, NotSentError

_SECONDS = 10
_IN_BETWEEN = frozenset({502, 504})  # a gateway that doesn't know whether the server behind it took it


def post(url: str, document: Any, *, to: str, headers: dict[str, str] | None = None) -> None:
    """Post one JSON document and wait for the answer.

    No redirection is followed, and the address is never shown: it may be a secret.

    Parameters
    ----------
    url : str
    document : dict or list
    to : str
        What the other side is called in messages.
    headers : dict of str to str, optional

    Raises
    ------
    NotSentError, MaybeSentError
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotSentError(f"{to} has no http or https URL; correct the brief's [alerts] or its variable")
    connection = _connection(parts.scheme, parts.hostname, parts.port)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    content = json.dumps(document, ensure_ascii=False).encode()
    try:
        try:
            connection.connect()
        except OSError as error:
            raise NotSentError(f"{to} cannot be reached: {_said(error)}") from error
        try:
            told = {"Content-Type": "application/json", "User-Agent": "modelwright", **(headers or {})}
            connection.request("POST", path, content, told)
            answer = connection.getresponse()
            status = answer.status
        except (OSError, http.client.HTTPException) as error:
            raise MaybeSentError(f"{to} did not answer: {_said(error)}") from error
    finally:
        connection.close()
    if status in _IN_BETWEEN:
        raise MaybeSentError(f"a gateway before {to} answered with status {status}")
    if not 200 <= status < 300:
        raise NotSentError(f"{to} refused it with status {status}")


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=context)
    return http.client.HTTPConnection(host, port, timeout=_SECONDS)


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
