"""The loop that runs by itself: one process looks at a project again and again, and retrains by policy."""

from __future__ import annotations

import fcntl
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from modelwright.errors import ModelwrightError, ProjectError
from modelwright.lifecycle.results import Retrained
from modelwright.monitoring import Monitoring
from modelwright.problem import Gap
from modelwright.store import make_private_file

LOCK = "watch.lock"


@dataclass(frozen=True)
class Visited:
    """One visit.

    Attributes
    ----------
    at : datetime
    monitoring : Monitoring or None
        None where the visit failed.
    retrained : Retrained or None
        None where nobody asked whether to retrain, or the visit failed.
    failure : str
        Why the visit failed; empty where it did not. The next one tries again.
    """

    at: datetime
    monitoring: Monitoring | None = None
    retrained: Retrained | None = None
    failure: str = ""

    @property
    def words(self) -> str:
        """What was found and done, in a line."""
        if self.monitoring is None:
            return f"failed: {self.failure}"
        alarms = self.monitoring.open_alarms
        new = sum(alarm.new for alarm in alarms)
        held = f"{len(alarms)} open alarms, {new} new" if alarms else "every promise holds"
        done = "" if self.retrained is None else f"; {self.retrained.decision}: {self.retrained.reason}"
        return f"{self.monitoring.new:,} new predictions; {held}{done}{self.failure and f'; {self.failure}'}"


def seconds_of(every: float | str) -> float:
    """Return a span such as ``10m`` in seconds.

    Raises
    ------
    ProjectError
        If it is none, or not above zero.
    """
    try:
        gap = Gap.parse(str(every))
    except ValueError as error:
        raise ProjectError(f"--every: {error}") from error
    if gap.amount <= 0 or gap.unit == "rows":
        raise ProjectError(f"--every: must be a time above zero such as '10m', but got '{every}'")
    return gap.amount


def keep_watch(
    state: Path,
    every: float,
    look: Callable[[], Monitoring],
    retrain: Callable[[], Retrained] | None,
    on_visit: Callable[[Visited], None],
    visits: int | None = None,
) -> int:
    """Visit a project again and again until asked to stop; what is under way is finished first.

    Everything that a visit learns is in the operations database, so that a process that is killed and begun
    again goes on where it was.

    Parameters
    ----------
    state : Path
        The project's folder of state; one process at a time watches it.
    every : float
        Seconds between the beginnings of two visits.
    look : callable
        Monitors.
    retrain : callable or None
        Retrains where the policy calls for it.
    on_visit : callable
        Called after each visit.
    visits : int, optional
        How many; without it until SIGTERM or SIGINT.

    Returns
    -------
    int
        How many visits there were.

    Raises
    ------
    ProjectError
        If another process watches.
    """
    done = 0
    with _alone(state), _until_asked() as stop:
        while not stop.is_set() and (visits is None or done < visits):
            began = datetime.now(UTC)
            on_visit(_visit(began, look, retrain))
            done += 1
            if visits is None or done < visits:
                stop.wait(max(every - (datetime.now(UTC) - began).total_seconds(), 0.0))
    return done


def _visit(
    began: datetime, look: Callable[[], Monitoring], retrain: Callable[[], Retrained] | None
) -> Visited:
    """Look, then retrain where it is called for; a failure is told, and does not end the watch."""
    try:
        monitoring = look()
    except (ModelwrightError, OSError) as error:
        return Visited(began, failure=str(error))
    if retrain is None:
        return Visited(began, monitoring)
    try:
        return Visited(began, monitoring, retrain())
    except (ModelwrightError, OSError) as error:
        return Visited(began, monitoring, failure=f"retraining failed: {error}")


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Hold the project for this process; the operating system lets go of it, however the process ends."""
    make_private_file(state / LOCK)
    with (state / LOCK).open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = file.read().strip() or "another process"
            raise ProjectError(
                f"{state.parent} is watched already, by {holder}; one process at a time watches a project"
            ) from error
        file.truncate()
        file.write(f"process {os.getpid()} of {os.uname().nodename}")
        file.flush()
        yield


@contextmanager
def _until_asked() -> Iterator[threading.Event]:
    """Give an event that is set once SIGTERM or SIGINT comes; the handlers from before are put back."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def asked(*_: Any) -> None:
        stop.set()

    before = {which: signal.signal(which, asked) for which in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)
