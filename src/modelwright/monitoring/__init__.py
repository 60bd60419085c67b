"""Watching a released model: whether what was promised still holds.

In: the reference of the package, observations and labels of the operations database. Out: `Monitoring` (what
holds, what doesn't, since when and what to do), the `Decision` on retraining, and the `Trace` of a prediction
back to the request.
"""

from modelwright.monitoring.bins import LevelBins, NumberBins
from modelwright.monitoring.breach import Breach
from modelwright.monitoring.feedback import Feedback, feedback
from modelwright.monitoring.loss import LossPromise
from modelwright.monitoring.monitor import monitor
from modelwright.monitoring.reference import Reference, Unwatched
from modelwright.monitoring.result import Labels, Monitoring, RaisedAlarm, Watched
from modelwright.monitoring.retraining import Decision, decide_retrain
from modelwright.monitoring.stream import Stream
from modelwright.monitoring.trace import Origin, Trace, trace

__all__ = [
    "Breach",
    "Decision",
    "Feedback",
    "Labels",
    "LevelBins",
    "LossPromise",
    "Monitoring",
    "NumberBins",
    "Origin",
    "RaisedAlarm",
    "Reference",
    "Stream",
    "Trace",
    "Unwatched",
    "Watched",
    "decide_retrain",
    "feedback",
    "monitor",
    "trace",
]
