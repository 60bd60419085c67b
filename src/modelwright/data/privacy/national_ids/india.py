"""Aadhaar numbers of India: twelve digits, the last by Verhoeff's scheme."""

from __future__ import annotations

from modelwright.data.privacy.check_digits import digits_of, verhoeff
from modelwright.data.privacy.detector import Detector


def _is_valid(text: str) -> bool:
    return verhoeff(digits_of(text))


DETECTOR = Detector(
    kind="national_id",
    title="Indian Aadhaar numbers",
    pattern=r"^[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}$",
    valid=_is_valid,
    words="aadhaar aadhar uidai",
    strength=0.95,
)
