"""One screen over all projects of a person: where work stopped, what happened since, what is due."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from modelwright.errors import WorkdayError
from modelwright.workday.item import Item, Urgency
from modelwright.workday.looking import Looked, look
from modelwright.workday.raising import Raised
from modelwright.workday.registry import Known, Registry

_A_DAY = timedelta(days=1)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True)
class Today:
    """What there is to deal with, the dearest first.

    Attributes
    ----------
    at : datetime
        When it was looked at, in UTC.
    since : dict of str to datetime
        Of each project, since when news are told.
    projects : tuple of str
        Names of the projects looked at.
    n_runs : int
        Runs of all projects.
    first : tuple of str
        What was to come first today, as the last `wrap` of each project said.
    items : tuple of Item
        To deal with, in order.
    news : tuple of Item
        To know, newest first.
    put_off : int
        Items that are put off until later.
    seconds : float
        How long looking took.
    """

    at: datetime
    since: dict[str, datetime]
    projects: tuple[str, ...]
    n_runs: int
    first: tuple[str, ...]
    items: tuple[Item, ...]
    news: tuple[Item, ...]
    put_off: int
    seconds: float

    @property
    def words(self) -> str:
        """The same in one sentence."""
        n = len(self.items)
        if not self.projects:
            return "No project is known yet: run a command in one, or `modelwright projects add FOLDER`."
        many = "1 project" if len(self.projects) == 1 else f"{len(self.projects)} projects"
        things = {0: "nothing", 1: "1 thing"}.get(n, f"{n} things")
        return f"{many}, {self.n_runs:,} runs: {things} to deal with."

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON, each item with its short name."""
        return {
            "at": self.at,
            "since": self.since,
            "projects": self.projects,
            "n_runs": self.n_runs,
            "first": self.first,
            "items": [each.as_dict() for each in self.items],
            "news": [each.as_dict() for each in self.news],
            "put_off": self.put_off,
            "seconds": self.seconds,
            "words": self.words,
        }


def today(
    *,
    registry: Registry | None = None,
    since: str | None = None,
    only: str | None = None,
    now: datetime | None = None,
    here: Path | None = None,
) -> Today:
    """Look at all projects of a person.

    Parameters
    ----------
    registry : Registry, optional
        This person's by default.
    since : str, optional
        Such as ``2d``, ``12h`` or ``2026-11-20``; by default the last `wrap` of each project, else a day.
    only : str, optional
        A project's folder or URL: nothing else is looked at.
    now : datetime, optional
    here : Path, optional
        The current folder: commands for the project there need not name it.
    """
    began, registry = datetime.now(UTC), registry or Registry()
    now = now or began
    known = registry.projects() if only is None else [registry.find(only) or Known(str(Path(only).resolve()))]
    starts = {each.root: _start(each, since, now) for each in known}
    with ThreadPoolExecutor(8) as pool:
        looked = list(pool.map(lambda each: look(each, starts[each.root], now), known))
    return _told(looked, starts, now, here, began)


def _told(
    looked: Sequence[Looked], starts: dict[str, datetime], now: datetime, here: Path | None, began: datetime
) -> Today:
    items: list[Item] = []
    put_off = 0
    for each in looked:
        raised = list(Raised(each, now, starts[each.known.root], here).items())
        awake = [item for item in raised if each.glance.snoozes.get(item.key, now) <= now]
        put_off += len(raised) - len(awake)
        items += awake
    news = [item for item in items if item.urgency is Urgency.NEWS]
    return Today(
        at=now,
        since={each.name: starts[each.known.root] for each in looked},
        projects=tuple(each.name for each in looked),
        n_runs=sum(each.glance.n_runs for each in looked),
        first=tuple(f"{each.name}: {each.known.first}" for each in looked if each.known.first),
        items=tuple(sorted((i for i in items if i.urgency is not Urgency.NEWS), key=Item.rank)),
        news=tuple(sorted(news, key=lambda item: item.at or now, reverse=True)),
        put_off=put_off,
        seconds=(datetime.now(UTC) - began).total_seconds(),
    )


def _start(known: Known, since: str | None, now: datetime) -> datetime:
    if since is not None:
        return moment(since, now)
    return known.wrapped or now - _A_DAY


def moment(text: str, now: datetime) -> datetime:
    """Read a time before now: ``2d``, ``12h``, ``30m``, ``1w``, or a date and time in ISO 8601.

    Raises
    ------
    WorkdayError
        If it is none of these.
    """
    unit = _UNITS.get(text[-1:])
    if unit and text[:-1].isdigit():
        return now - timedelta(**{unit: int(text[:-1])})
    try:
        said = datetime.fromisoformat(text)
    except ValueError as error:
        raise WorkdayError(f"'{text}' is no time; write such as 2d, 12h or 2026-11-20") from error
    return said.astimezone(UTC)
