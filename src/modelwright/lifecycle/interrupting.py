"""Ctrl-C during a build: once to finish with the best so far, twice to stop at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Self

from modelwright.training import Deadline


class Interruption:
    """While it is entered, the first SIGINT asks for an early finish; a second one is a `KeyboardInterrupt`.

    It leaves alone what is not its own: outside of the main thread, and where the program that builds handles
    SIGINT itself or ignores it, nothing changes.

    Parameters
    ----------
    tell : callable
        Called once, when the first interrupt comes.

    Attributes
    ----------
    came : bool
        Whether it was interrupted.
    """

    def __init__(self, tell: Callable[[], None]) -> None:
        self.came = False
        self._tell = tell
        self._deadline: Deadline | None = None
        self._handles = False

    def watch(self, deadline: Deadline) -> None:
        """Cut a deadline when the interrupt comes, or now where it has come."""
        self._deadline = deadline
        if self.came:
            deadline.cut("interrupted")

    def __enter__(self) -> Self:
        """Begin to handle SIGINT."""
        is_ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if is_ours and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, self._handle)
            self._handles = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let SIGINT mean what it meant before."""
        if self._handles:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self._handles = False

    def _handle(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - what a handler is given
        if self.came:
            raise KeyboardInterrupt
        self.came = True
        if self._deadline is not None:
            self._deadline.cut("interrupted")
        # A handler may run in the middle of a write to the very stream that it tells through.
        with suppress(RuntimeError):
            self._tell()
