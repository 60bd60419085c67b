"""Personal data: what it is, how it is found, and what is done with it before anything is kept.

In: raw tables and records, and the contract. Out: detections with their evidence, and treated tables and
records.
"""

from modelwright.data.privacy.catalogue import DETECTORS
from modelwright.data.privacy.detecting import Detection, find_personal_data
from modelwright.data.privacy.proposing import infer_treated, protect, retreat
from modelwright.data.privacy.telling import seems_personal, treated_personal, untreated_personal
from modelwright.data.privacy.treating import Treatments, treat, with_key

__all__ = [
    "DETECTORS",
    "Detection",
    "Treatments",
    "find_personal_data",
    "infer_treated",
    "protect",
    "retreat",
    "seems_personal",
    "treat",
    "treated_personal",
    "untreated_personal",
    "with_key",
]
