"""From a prediction back to the request, through what each stage kept."""

from __future__ import annotations

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

    return monitoring.trace(operations, prediction, origin)
