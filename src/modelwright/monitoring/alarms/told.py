"""What became of a message."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Told(BaseModel):
    """What became of one message.

    Attributes
    ----------
    message : str
    channel : str
    status : {"sent", "failed", "uncertain", "given up"}
        ``failed`` is tried again by itself.
    head : str
        What it says, in one line.
    attempts : int
    error : str
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    message: str
    channel: str
    status: str
    head: str
    attempts: int
    error: str = ""

    @property
    def words(self) -> str:
        """The same for people."""
        error = f": {self.error}" if self.error else ""
        return f"{self.channel}: {self.status}{error} ({self.head})"
