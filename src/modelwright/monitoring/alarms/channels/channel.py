"""What a channel is."""

from __future__ import annotations

from typing import Protocol

from modelwright.errors import AlarmError
from modelwright.monitoring.alarms.message import Message


class NotSentError(AlarmError):
    """A message surely did not arrive, so that it is sent again later."""


class MaybeSentError(AlarmError):
    """A message may have arrived, so that it is not sent again by itself."""


class Channel(Protocol):
    """A way to tell people.

    Attributes
    ----------
    name : str
        Its key in the brief.
    repeatable : bool
        Whether the same message twice is taken as one, so that it may be repeated in doubt.
    """

    @property
    def name(self) -> str:
        """Its key in the brief."""

    @property
    def repeatable(self) -> bool:
        """Whether the same message twice is taken as one."""

    def send(self, message: Message) -> None:
        """Send a message and return when the other side has taken it.

        Raises
        ------
        NotSentError
            If it surely did not arrive.
        MaybeSentError
            If it may have arrived.
        """
