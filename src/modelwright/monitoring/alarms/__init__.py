"""Alarms: explained, grouped into incidents, and told to people, never twice.

In: alarms as a visit raises them. Out: `IncidentReport`, which says what broke, since when, how strongly,
what drives it, what it costs and what to do; and messages to the channels of the brief.
"""

from modelwright.monitoring.alarms.delivering import deliver, resend
from modelwright.monitoring.alarms.explaining import Explainer
from modelwright.monitoring.alarms.raising import raise_alarms
from modelwright.monitoring.alarms.report import IncidentReport
from modelwright.monitoring.alarms.reporting import report_incident
from modelwright.monitoring.alarms.silencing import silence
from modelwright.monitoring.alarms.told import Told

__all__ = [
    "Explainer",
    "IncidentReport",
    "Told",
    "deliver",
    "raise_alarms",
    "report_incident",
    "resend",
    "silence",
]
