"""Where data lies, as text: with variables put in for reading, and with passwords masked for showing."""

from __future__ import annotations

import os
import re
from pathlib import Path

from modelwright.errors import SourceError

MASK = "***"
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_USER = re.compile(r"(?<=://)([^/@:\s]*):([^@\s]*)(?=@)")
_PARAMETER = re.compile(
    r"(?i)(?<=[?&;])([^=&;#]*(?:password|passwd|pwd|secret|token|signature|credential|api[-_]?key|access[-_]?key"
    r"|(?<![a-z])sig|(?<![a-z])key))=([^&;#\s]*)"
)
_LOCAL = re.compile(r"\A(sqlite|duckdb):///(.*)\Z", re.DOTALL)


def is_url(text: str) -> bool:
    """Whether a source's text is a URL rather than a path."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text) is not None


def masked(text: str) -> str:
    """Return a source's text as it may be shown: passwords and keys in it are replaced by ``***``.

    Examples
    --------
    >>> masked("postgresql://ada:secret@host/db#people")
    'postgresql://ada:***@host/db#people'
    """
    if not is_url(text):
        return text
    text = _USER.sub(lambda found: f"{found[1]}:{_hidden(found[2])}", text)
    return _PARAMETER.sub(lambda found: f"{found[1]}={_hidden(found[2])}", text)


def literal_secrets(text: str) -> list[str]:
    """Return the passwords and keys that stand in a URL; those put as ``${NAME}`` are none."""
    if not is_url(text):
        return []
    found = [match[2] for pattern in (_USER, _PARAMETER) for match in pattern.finditer(text)]
    return [secret for secret in found if secret and not _VARIABLE.fullmatch(secret) and secret != MASK]


def expanded(text: str) -> str:
    """Put the values of environment variables into a URL that names them as ``${NAME}``.

    Raises
    ------
    SourceError
        If a variable is not set.
    """
    if not is_url(text):
        return text

    def value(found: re.Match[str]) -> str:
        if found[1] not in os.environ:
            raise SourceError(
                f"{masked(text)} needs the environment variable {found[1]}, which is not set; export it first"
            )
        return os.environ[found[1]]

    return _VARIABLE.sub(value, text)


def variables(text: str) -> list[str]:
    """Return the values of the environment variables that a URL names; none of them may be shown."""
    if not is_url(text):
        return []
    return [os.environ[name] for name in _VARIABLE.findall(text) if os.environ.get(name)]


def anchored(text: str, folder: Path) -> str:
    """Return a source's text with a relative path made absolute, as meant from a folder."""
    if local := _LOCAL.match(text):
        return f"{local[1]}:///{folder / local[2]}"
    return text if is_url(text) else str(folder / Path(text).expanduser())


def _hidden(secret: str) -> str:
    return secret if not secret or _VARIABLE.fullmatch(secret) else MASK
