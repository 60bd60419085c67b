"""National insurance numbers of the United Kingdom: two letters of those in use, six digits, A to D."""

from __future__ import annotations

from modelwright.data.privacy.detector import Detector

_NEVER = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}


def _is_possible(text: str) -> bool:
    return text[:2].upper() not in _NEVER


DETECTOR = Detector(
    kind="national_id",
    title="UK national insurance numbers",
    pattern=r"(?i)^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]$",
    valid=_is_possible,
    words="nino national_insurance national_insurance_number ni_number",
    strength=0.93,
)
