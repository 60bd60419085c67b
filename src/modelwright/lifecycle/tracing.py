"""From a prediction back to the request, through what each stage kept."""

from __future__ import annotations

from datetime import UTC, datetime

from modelwright import monitoring
from modelwright.data import Contract, open_snapshot
from modelwright.lifecycle.folder import Folder
from modelwright.monitoring import Origin, Trace
from modelwright.store import Operations, read_json


def trace(folder: Folder, operations: Operations, prediction: str) -> Trace:
    """Walk from a prediction back to the release, the run, the data and the request."""

    def origin(run: str) -> Origin:
        start = read_json(folder.run(run) / "start.json")
        asked = start["brief"]["problem"]
        return Origin(
            run_name=start["name"],
            snapshot=start["snapshot"],
            source=open_snapshot(folder.snapshots, start["snapshot"]).source,
            contract=Contract.from_dict(start["contract"]).hash,
            request=asked["request"],
            stakeholder=asked["stakeholder"],
        )

    found = monitoring.trace(operations, prediction, origin)
    return found.model_copy(update={"fed": _fed(folder, operations, found)})


def _fed(folder: Folder, operations: Operations, found: Trace) -> tuple[str, ...]:
    """Say which retrainings had its label: those whose build began after it came."""
    if found.labelled_at is None:
        return ()
    fed: dict[str, str] = {}
    for decided in operations.decisions():
        start = None if decided.run is None else folder.run(decided.run) / "start.json"
        if start is None or decided.decision == "reverted" or not start.exists():
            continue
        if datetime.fromtimestamp(start.stat().st_mtime, UTC) >= found.labelled_at:
            fed[str(decided.run)] = f"run {str(decided.run)[:8]} ({decided.decision})"
    return tuple(fed.values())
