"""Where things are kept: files, the operations database, and MLflow's runs and registry.

In: content, records and URLs. Out: the same, whole and durable, whatever was killed in between.
"""

from modelwright.store.files import (
    atomic_file,
    atomic_folder,
    read_json,
    sha256_file,
    write_atomic,
    write_json,
)
from modelwright.store.identity import ident
from modelwright.store.operations import Operations
from modelwright.store.records import (
    Alarm,
    AlarmStatus,
    Decision,
    Event,
    Label,
    Look,
    Observation,
    Release,
    ReleaseKind,
)
from modelwright.store.tracking import RunRecord, RunStatus, Tracking

__all__ = [
    "Alarm",
    "AlarmStatus",
    "Decision",
    "Event",
    "Label",
    "Look",
    "Observation",
    "Operations",
    "Release",
    "ReleaseKind",
    "RunRecord",
    "RunStatus",
    "Tracking",
    "atomic_file",
    "atomic_folder",
    "ident",
    "read_json",
    "sha256_file",
    "write_atomic",
    "write_json",
]
