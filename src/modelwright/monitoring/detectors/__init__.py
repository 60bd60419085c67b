"""Detectors: sequential tests whose false alarms are bounded over the model's whole life.

In: codes of bins, losses or breaches with their times, and each stream's share of the false-alarm budget.
Out: frozen states whose `Evidence` says which streams have changed, since when and how surely. A new kind of
detector is one file here that follows `Detector`.
"""

from modelwright.monitoring.detectors.bounded_mean import BoundedMeanDetector
from modelwright.monitoring.detectors.budget import Budget
from modelwright.monitoring.detectors.detector import Detector
from modelwright.monitoring.detectors.evidence import Evidence
from modelwright.monitoring.detectors.histogram import Cycle, HistogramDetector
from modelwright.monitoring.detectors.projection import nearest

__all__ = [
    "BoundedMeanDetector",
    "Budget",
    "Cycle",
    "Detector",
    "Evidence",
    "HistogramDetector",
    "nearest",
]
