"""PESEL numbers of Poland: date of birth, serial, and a check digit by weights 1, 3, 7 and 9."""

from __future__ import annotations

from modelwright.data.privacy.check_digits import digits_of, weighted
from modelwright.data.privacy.detector import Detector


def _is_valid(text: str) -> bool:
    digits = digits_of(text)
    month, day = digits[2] * 10 + digits[3], digits[4] * 10 + digits[5]
    born = 1 <= month % 20 <= 12 and 1 <= day <= 31
    return born and weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


DETECTOR = Detector(
    kind="national_id",
    title="Polish PESEL numbers",
    pattern=r"^\d{11}$",
    valid=_is_valid,
    words="pesel",
    strength=0.97,
)
