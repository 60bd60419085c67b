"""Who may ask the server of a project, and who changed what: the part of `Project` that is not a stage."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from modelwright.project_alarms import ProjectAlarms
from modelwright.store import ApiKey, LogEntry, Scope, Verified


class ProjectAccess(ProjectAlarms):
    """Keys and the log."""

    def add_key(self, name: str, *scopes: Scope, days: float | None = None) -> tuple[ApiKey, str]:
        """Make an API key; from the first one on, the server asks for one. The text is kept nowhere."""
        expires = None if days is None else datetime.now(UTC) + timedelta(days=days)
        return self._operations.add_key(name, scopes or ("predict", "feedback"), expires)

    def keys(self) -> list[ApiKey]:
        """List the API keys that ever were."""
        return self._operations.list_keys()

    def revoke_key(self, key: str) -> None:
        """Let an API key open nothing from now on; a running server notices within a second."""
        self._operations.revoke_key(key)

    def log(self) -> list[LogEntry]:
        """List who changed what is in production, or who may ask it."""
        return self._operations.log_entries()

    def verify_log(self, expected: str | None = None) -> Verified:
        """Say whether the log is as it was written, and holds an entry whose hash was noted elsewhere."""
        return self._operations.verify_log(expected)
