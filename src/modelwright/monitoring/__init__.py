"""Watching a released model: whether what was promised still holds.

In: the reference of the package, observations and labels of the operations database. Out: `Monitoring` (what
holds, what doesn't, since when and what to do), the `Decision` on retraining, and the `Trace` of a prediction
back to the request.
"""

from modelwright.monitoring.alarms import IncidentReport, Told, deliver, report_incident, resend, silence
from modelwright.monitoring.labels import Feedback, feedback
from modelwright.monitoring.lineage import Origin, Trace, trace
from modelwright.monitoring.reference import FILE as REFERENCE
from modelwright.monitoring.reference import Reference
from modelwright.monitoring.result import Labels, Monitoring, RaisedAlarm, Watched
from modelwright.monitoring.retraining import Decision, decide_retrain
from modelwright.monitoring.visit import monitor

__all__ = [
    "REFERENCE",
    "Decision",
    "Feedback",
    "IncidentReport",
    "Labels",
    "Monitoring",
    "Origin",
    "RaisedAlarm",
    "Reference",
    "Told",
    "Trace",
    "Watched",
    "decide_retrain",
    "deliver",
    "feedback",
    "monitor",
    "report_incident",
    "resend",
    "silence",
    "trace",
]
