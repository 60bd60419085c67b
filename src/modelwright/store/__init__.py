"""Where things are kept: files, the operations database, and MLflow's runs and registry.

In: content, records and URLs. Out: the same, whole and durable, whatever was killed in between.
"""

from modelwright.store.access import key_hash, key_identity
from modelwright.store.access_records import ApiKey, LogEntry, Scope, Verified
from modelwright.store.encryption import (
    EncryptedFile,
    encrypted_file,
    has_newest_key,
    is_encrypted,
    read_encrypted,
)
from modelwright.store.files import (
    atomic_file,
    atomic_folder,
    make_private,
    make_private_file,
    make_private_folder,
    read_json,
    sha256_file,
    write_atomic,
    write_json,
)
from modelwright.store.glance import Glance, GlancedRelease, GlancedRun, glance_at
from modelwright.store.identity import current_user, ident
from modelwright.store.incident_records import (
    Delivery,
    DeliveryStatus,
    Incident,
    IncidentAct,
    IncidentEvent,
    IncidentStatus,
    Silence,
)
from modelwright.store.operations import Operations
from modelwright.store.records import (
    IN_FULL,
    Alarm,
    AlarmStatus,
    Decision,
    Event,
    Label,
    Look,
    Observation,
    Release,
    ReleaseKind,
    Request,
    Rollout,
    RolloutStatus,
    ShadowScore,
    Todo,
)
from modelwright.store.tracking import RunRecord, RunStatus, Tracking

__all__ = [
    "IN_FULL",
    "Alarm",
    "AlarmStatus",
    "ApiKey",
    "Decision",
    "Delivery",
    "DeliveryStatus",
    "EncryptedFile",
    "Event",
    "Glance",
    "GlancedRelease",
    "GlancedRun",
    "Incident",
    "IncidentAct",
    "IncidentEvent",
    "IncidentStatus",
    "Label",
    "LogEntry",
    "Look",
    "Observation",
    "Operations",
    "Release",
    "ReleaseKind",
    "Request",
    "Rollout",
    "RolloutStatus",
    "RunRecord",
    "RunStatus",
    "Scope",
    "ShadowScore",
    "Silence",
    "Todo",
    "Tracking",
    "Verified",
    "atomic_file",
    "atomic_folder",
    "current_user",
    "encrypted_file",
    "glance_at",
    "has_newest_key",
    "ident",
    "is_encrypted",
    "key_hash",
    "key_identity",
    "make_private",
    "make_private_file",
    "make_private_folder",
    "read_encrypted",
    "read_json",
    "sha256_file",
    "write_atomic",
    "write_json",
]
