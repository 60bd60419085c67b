"""Tax identifiers of Germany: one digit occurs twice or thrice among ten, and a check digit (ISO 7064)."""

from __future__ import annotations

from collections import Counter

from modelwright.data.privacy.check_digits import digits_of, iso7064_mod_11_10
from modelwright.data.privacy.detector import Detector


def _is_valid(text: str) -> bool:
    digits = digits_of(text)
    repeated = sorted(count for count in Counter(digits[:10]).values() if count > 1)
    return repeated in ([2], [3]) and iso7064_mod_11_10(digits)


DETECTOR = Detector(
    kind="national_id",
    title="German tax identifiers",
    pattern=r"^[1-9]\d ?\d{3} ?\d{3} ?\d{3}$",
    valid=_is_valid,
    words="steuer_id steueridentifikationsnummer steuernummer idnr tax_id",
    strength=0.97,
)
