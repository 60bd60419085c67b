"""A file of JSON lines, one for each message."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from modelwright.monitoring.alarms.channels.channel import NotSentError
from modelwright.monitoring.alarms.message import Message


@dataclass(frozen=True)
class File:
    """A file that says which messages it has, so that none is written twice."""

    path: Path
    name: str = "file"
    repeatable: bool = True

    def send(self, message: Message) -> None:
        """Append a line, unless the message has one."""
        try:
            with _alone(self.path) as file:
                content = file.read()
                if message.id in _messages(content):
                    return
                torn = bool(content) and not content.endswith(b"\n")
                line = json.dumps(message.to_dict(), ensure_ascii=False).encode()
                file.write((b"\n" if torn else b"") + line + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise NotSentError(f"{self.path} cannot be written: {error.strerror}") from error


@contextmanager
def _alone(path: Path) -> Iterator[BinaryIO]:
    """Open a file for one process at a time."""
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        yield file


def _messages(content: bytes) -> set[str]:
    """List the messages that a file has in full; a line that a kill has torn is none."""
    found = set()
    for line in content.splitlines():
        try:
            found.add(str(json.loads(line)["message"]))
        except (ValueError, KeyError, TypeError):
            continue
    return found
