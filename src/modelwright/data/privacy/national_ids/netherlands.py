"""Citizen service numbers (BSN) of the Netherlands: nine digits that hold to the eleven test."""

from __future__ import annotations

from modelwright.data.privacy.check_digits import digits_of, weighted
from modelwright.data.privacy.detector import Detector


def _is_valid(text: str) -> bool:
    digits = digits_of(text)
    return any(digits) and weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


DETECTOR = Detector(
    kind="national_id",
    title="Dutch citizen service numbers (BSN)",
    pattern=r"^\d{9}$",
    valid=_is_valid,
    words="bsn burgerservicenummer sofinummer",
    strength=0.93,
)
