"""Watching a released model: whether what was promised still holds.

In: the reference of the package, observations and labels of the operations database. Out: `Monitoring` (what
holds, what doesn't, since when and what to do), the `Decision` on retraining, and the `Trace` of a prediction
back to the request.
"""

from modelwright.monitoring.alarms import IncidentReport, Told, deliver, report_incident, resend, silence
from modelwright.monitoring.estimating import Estimate
from modelwright.monitoring.freshness import Freshness, row_losses
from modelwright.monitoring.labels import Feedback, feedback
from modelwright.monitoring.lineage import Origin, Trace, trace
from modelwright.monitoring.reference import FILE as REFERENCE
from modelwright.monitoring.reference import Reference
from modelwright.monitoring.result import Labels, Monitoring, RaisedAlarm, Watched
from modelwright.monitoring.retraining import CURABLE, Decision, Situation, decide_retrain, span
from modelwright.monitoring.visit import monitor, reference_of
from modelwright.monitoring.watch import Watch, predictions, truth
from modelwright.monitoring.window import ColumnShift, Drift, compare_with_reference
from modelwright.monitoring.wording import watched

__all__ = [
    "CURABLE",
    "REFERENCE",
    "ColumnShift",
    "Decision",
    "Drift",
    "Estimate",
    "Feedback",
    "Freshness",
    "IncidentReport",
    "Labels",
    "Monitoring",
    "Origin",
    "RaisedAlarm",
    "Reference",
    "Situation",
    "Told",
    "Trace",
    "Watch",
    "Watched",
    "compare_with_reference",
    "decide_retrain",
    "deliver",
    "feedback",
    "monitor",
    "predictions",
    "reference_of",
    "report_incident",
    "resend",
    "row_losses",
    "silence",
    "span",
    "trace",
    "truth",
    "watched",
]
