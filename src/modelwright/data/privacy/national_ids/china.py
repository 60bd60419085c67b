"""Resident identity numbers of China: region, date of birth, and a check character (ISO 7064, MOD 11-2)."""

from __future__ import annotations

from modelwright.data.privacy.check_digits import weighted
from modelwright.data.privacy.detector import Detector

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _is_valid(text: str) -> bool:
    return "10X98765432"[weighted([int(each) for each in text[:17]], _WEIGHTS) % 11] == text[17].upper()


DETECTOR = Detector(
    kind="national_id",
    title="Chinese resident identity numbers",
    pattern=r"^[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]$",
    valid=_is_valid,
    words="身份证 身份证号 resident_id shenfenzheng id_card",
    strength=0.99,
)
