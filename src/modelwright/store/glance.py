"""A quick look at one project's databases: what changed since a time, without the client libraries.

Opening MLflow's client takes seconds, and SQLAlchemy tenths of one. Whoever looks at twenty projects in
the morning has neither, so that SQLite files are read by Python's own driver; the statements are the same
for every database. The names of MLflow's tables are those that its own migrations have kept since version 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from modelwright.store.querying import Query, bring_up_to_date, exists, opened
from modelwright.store.records import IN_FULL, Alarm, Decision, Event, Request, Todo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class GlancedRun:
    """A run, without its figures.

    Attributes
    ----------
    id, name, status : str
        Status as MLflow has it: ``RUNNING``, ``FINISHED``, ``FAILED`` or ``KILLED``.
    started : datetime
    ended : datetime or None
    by : str
        Who started it; empty where nobody noted it.
    score : float or None
        The metric that decides, where it was evaluated.
    """

    id: str
    name: str
    status: str
    started: datetime
    ended: datetime | None
    by: str
    score: float | None = None


@dataclass(frozen=True)
class GlancedRelease:
    """A release, without its verdict.

    Attributes
    ----------
    id : str
    at : datetime
    run : str
    kind : {"deploy", "rollback", "promote", "shadow", "canary"}
    """

    id: str
    at: datetime
    run: str
    kind: str


@dataclass(frozen=True)
class Glance:
    """What a project's databases say.

    Attributes
    ----------
    n_runs : int
        How many runs there are.
    runs : tuple of GlancedRun
        Those that are running, or began or ended since then, newest first.
    newest : GlancedRun or None
        The newest that finished, whenever that was.
    figures, newest_figures : dict of str to float
        The metrics of the run in production, and of the newest.
    releases : tuple of GlancedRelease
        Those since then, oldest first.
    current : GlancedRelease or None
        What is in production.
    alarms : tuple of Alarm
        Those of the current release that are open, oldest first.
    decisions : tuple of Decision
        Those since then, oldest first.
    events : tuple of Event
        Those since then, and the newest of each kind, oldest first.
    labels : int
        How many came since then.
    predictions_a_day : float
        Of the current release, over the last week.
    promises : tuple of dict
        What the last visit of monitoring found for each promise.
    todos : tuple of Todo
        Those not done.
    requests : tuple of Request
        Those not answered.
    snoozes : dict of str to datetime
    keys : dict of str to datetime
        When the last of the keys of each name expires, of those in force that ever do.
    """

    n_runs: int = 0
    runs: tuple[GlancedRun, ...] = ()
    newest: GlancedRun | None = None
    figures: dict[str, float] = field(default_factory=dict)
    newest_figures: dict[str, float] = field(default_factory=dict)
    releases: tuple[GlancedRelease, ...] = ()
    current: GlancedRelease | None = None
    alarms: tuple[Alarm, ...] = ()
    decisions: tuple[Decision, ...] = ()
    events: tuple[Event, ...] = ()
    labels: int = 0
    predictions_a_day: float = 0.0
    promises: tuple[dict[str, Any], ...] = ()
    todos: tuple[Todo, ...] = ()
    requests: tuple[Request, ...] = ()
    snoozes: dict[str, datetime] = field(default_factory=dict)
    keys: dict[str, datetime] = field(default_factory=dict)


def glance_at(
    database: str, tracking: str, experiment: str, since: datetime, now: datetime | None = None
) -> Glance:
    """Look at a project's operations database and runs.

    Parameters
    ----------
    database : str
        SQLAlchemy URL of the operations database. A database of an earlier Modelwright is brought up to date.
    tracking : str
        MLflow tracking URI; a server is asked by MLflow's client, which takes seconds.
    experiment : str
        Name of the project's experiment.
    since : datetime
        What happened before is left out, unless it is still open.
    now : datetime, optional

    Raises
    ------
    StoreError
        If one of the two can't be read.
    """
    now = now or datetime.now(UTC)
    found: dict[str, Any] = {}
    if exists(database):
        bring_up_to_date(database)
        with opened(database, "operations database") as query:
            found |= _operations(query, since, now)
    current = found.get("current")
    if tracking.startswith("http"):
        return Glance(**found, **_by_client(tracking, experiment, since, current))
    if exists(tracking):
        with opened(tracking, "tracking store") as query:
            found |= _tracking(query, experiment, since, current)
    return Glance(**found)


# ---- what is asked


def _operations(query: Query, since: datetime, now: datetime) -> dict[str, Any]:
    after = {"since": _number(since)}
    releases = [
        GlancedRelease(row["id"], _time(row["at"]), row["run"], row["kind"])
        for row in query("SELECT id, at, run, kind FROM release ORDER BY at, id")
    ]
    in_full = [each for each in releases if each.kind in IN_FULL]
    current = in_full[-1] if in_full else None
    decisions = query("SELECT * FROM decision WHERE at >= :since ORDER BY at, id", **after)
    events = query(
        "SELECT * FROM event WHERE at >= :since OR id IN (SELECT max(e.id) FROM event e GROUP BY e.kind)"
        " ORDER BY at, id",
        **after,
    )
    labels = query("SELECT count(*) AS n FROM label WHERE at >= :since", **after)
    return {
        "releases": tuple(each for each in releases if each.at >= since),
        "current": current,
        "decisions": tuple(Decision(**_row(row, "evidence")) for row in decisions),
        "events": tuple(Event(**_row(row, "body")) for row in events),
        "labels": labels[0]["n"],
        "todos": tuple(
            Todo(**_row(row)) for row in query("SELECT * FROM todo WHERE done IS NULL ORDER BY at, id")
        ),
        "requests": tuple(
            Request(**_row(row, "answer"))
            for row in query("SELECT * FROM request WHERE answered IS NULL ORDER BY at, id")
        ),
        "snoozes": {row["key"]: _time(row["until"]) for row in query("SELECT * FROM snooze")},
        "keys": {
            row["name"]: _time(row["expires"])
            for row in query(
                "SELECT name, max(expires) AS expires FROM api_key WHERE revoked IS NULL GROUP BY name"
                " HAVING count(expires) = count(*) AND max(expires) > :now",
                now=_number(now),
            )
        },
        **(_in_production(query, current, now) if current is not None else {}),
    }


def _in_production(query: Query, current: GlancedRelease, now: datetime) -> dict[str, Any]:
    of = {"release": current.id}
    alarms = query("SELECT * FROM alarm WHERE release = :release AND status = 'open' ORDER BY at, id", **of)
    from_then = max(now - _WEEK, current.at)
    asked = query(
        "SELECT count(*) AS n FROM observation WHERE release = :release AND at >= :since",
        **of,
        since=_number(from_then),
    )
    days = max((now - from_then) / timedelta(days=1), 1.0)
    state = query("SELECT state FROM watch WHERE release = :release", **of)
    promises = _json(state[0]["state"]).get("promises", []) if state else []
    return {
        "alarms": tuple(Alarm(**_row(row, "evidence")) for row in alarms),
        "predictions_a_day": asked[0]["n"] / days,
        "promises": tuple(promises),
    }


_RUNS = """
SELECT r.run_uuid AS id, r.name AS name, r.status AS status, r.start_time AS started, r.end_time AS ended,
       u.value AS user_name, s.value AS score
FROM runs r
JOIN experiments e ON e.experiment_id = r.experiment_id
LEFT JOIN tags u ON u.run_uuid = r.run_uuid AND u.key = 'mlflow.user'
LEFT JOIN latest_metrics s ON s.run_uuid = r.run_uuid AND s.key = 'score'
WHERE e.name = :experiment AND r.lifecycle_stage = 'active'
"""


def _tracking(
    query: Query, experiment: str, since: datetime, current: GlancedRelease | None
) -> dict[str, Any]:
    of, after = {"experiment": experiment}, int(since.timestamp() * 1000)
    recent = " AND (r.start_time >= :since OR r.end_time >= :since OR r.status = 'RUNNING')"
    runs = query(f"{_RUNS}{recent} ORDER BY r.start_time DESC", **of, since=after)
    newest = query(f"{_RUNS} AND r.status = 'FINISHED' ORDER BY r.start_time DESC LIMIT 1", **of)
    counted = query(
        "SELECT count(*) AS n FROM runs r JOIN experiments e ON e.experiment_id = r.experiment_id"
        " WHERE e.name = :experiment AND r.lifecycle_stage = 'active'",
        **of,
    )
    return {
        "n_runs": counted[0]["n"],
        "runs": tuple(map(_run, runs)),
        "newest": _run(newest[0]) if newest else None,
        "figures": _figures(query, current.run) if current else {},
        "newest_figures": _figures(query, newest[0]["id"]) if newest else {},
    }


def _figures(query: Query, run: str) -> dict[str, float]:
    rows = query(
        "SELECT m.key AS name, m.value AS value FROM latest_metrics m WHERE m.run_uuid = :run", run=run
    )
    return {row["name"]: row["value"] for row in rows}


def _run(row: dict[str, Any]) -> GlancedRun:
    started, ended = (
        None if row[key] is None else datetime.fromtimestamp(row[key] / 1000, UTC)
        for key in ("started", "ended")
    )
    ended = None if row["status"] == "RUNNING" else ended
    return GlancedRun(
        row["id"],
        row["name"] or "",
        row["status"],
        started or _EPOCH,
        ended,
        row["user_name"] or "",
        row["score"],
    )


def _by_client(uri: str, experiment: str, since: datetime, current: GlancedRelease | None) -> dict[str, Any]:
    from modelwright.store.tracking import Tracking

    records = Tracking(uri, Path(), experiment).runs()
    runs = [
        GlancedRun(
            each.id,
            each.name,
            each.status,
            each.started,
            None if each.seconds is None else each.started + timedelta(seconds=each.seconds),
            each.by,
            each.metrics.get("score"),
        )
        for each in records
    ]
    figures = {each.id: each.metrics for each in records}
    newest = next((each for each in runs if each.status == "FINISHED"), None)
    return {
        "n_runs": len(runs),
        "runs": tuple(
            each
            for each in runs
            if each.status == "RUNNING" or each.started >= since or (each.ended or since) > since
        ),
        "newest": newest,
        "figures": figures.get(current.run, {}) if current else {},
        "newest_figures": figures[newest.id] if newest else {},
    }


# ---- how values are kept


def _row(row: dict[str, Any], *documents: str) -> dict[str, Any]:
    times = ("at", "since", "accepted", "answered", "done")
    read = {key: _time(value) if key in times and value is not None else value for key, value in row.items()}
    if row.get("due") is not None:
        read["due"] = date.fromisoformat(row["due"])
    return read | {key: _json(row[key]) for key in documents}


def _json(value: Any) -> Any:
    return msgspec.json.decode(value) if isinstance(value, str | bytes) else value


def _number(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _time(value: int) -> datetime:
    return _EPOCH + value * _MICROSECOND
