"""The part of `Project` that is about alarms: incidents, silences, and who is told."""

from __future__ import annotations

from modelwright import monitoring
from modelwright.monitoring import IncidentReport, Told
from modelwright.project_data import ProjectData
from modelwright.store import Silence


class ProjectAlarms(ProjectData):
    """What is done about the alarms of a project."""

    def incidents(self, status: str | None = None) -> tuple[IncidentReport, ...]:
        """List incidents (alarms that belong together), oldest first, where asked only of one status."""
        found = [each for each in self._operations.incidents() if status in (None, each.status)]
        return tuple(monitoring.report_incident(self._operations, each) for each in found)

    def incident(self, incident: str) -> IncidentReport:
        """Say everything of one incident, by its id or the end of it."""
        return monitoring.report_incident(self._operations, self._operations.incident(incident))

    def acknowledge(self, incident: str, *, by: str, reason: str = "") -> IncidentReport:
        """Say that somebody works on an incident."""
        return self.incident(self._operations.acknowledge_incident(incident, by, reason).id)

    def close_incident(self, incident: str, *, by: str, reason: str) -> IncidentReport:
        """Mark an incident as dealt with; what is broken still, or again, reopens it."""
        return self.incident(self._operations.close_incident(incident, by, reason).id)

    def reopen_incident(self, incident: str, *, by: str, reason: str = "") -> IncidentReport:
        """Open a closed incident again."""
        return self.incident(self._operations.reopen_incident(incident, by, reason).id)

    def silence(
        self,
        *,
        by: str,
        reason: str,
        lasting: str,
        incident: str | None = None,
        promise: str | None = None,
        column: str | None = None,
    ) -> Silence:
        """Tell nobody of some alarms for a while, such as ``4h`` or ``7d``; all that is given must match."""
        about = None if incident is None else self._operations.incident(incident).id
        return monitoring.silence(self._operations, by, reason, lasting, (about, promise, column))

    def silences(self) -> list[Silence]:
        """List all silences, oldest first."""
        return self._operations.silences()

    def end_silence(self, silence: str) -> Silence:
        """End a silence now."""
        return self._operations.end_silence(silence)

    def notify(self) -> tuple[Told, ...]:
        """Tell the channels of the brief what is due; `monitor` does so by itself."""
        return monitoring.deliver(self._operations, self.brief, self.folder.root)

    def resend(self, incident: str, channel: str) -> tuple[Told, ...]:
        """Send once more what may not have arrived on a channel about an incident."""
        monitoring.resend(self._operations, self._operations.incident(incident).id, channel)
        return self.notify()
